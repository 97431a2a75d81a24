"""The debate in a browser without JavaScript, and what its script asks for."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from dialog.consultations.models import Consultation, State
from dialog.debates import commands, importing
from dialog.debates.models import Post, Thread
from dialog.debates.thread_file import read_thread
from dialog.moderation import commands as moderation
from dialog.people.models import User
from dialog.permissions import SYSTEM, Actor
from tests import make
from tests.conftest import ON_POSTGRES
from tests.make import NOW

MOST_QUERIES = 8  # for any page of a tree, however large, with nothing kept yet
# The page cache asks for a thread's state, on SQLite by a road of its own that is not counted.
BY_THE_CACHE = 0 if ON_POSTGRES else 1
JSON = {"Accept": "application/json"}


@pytest.fixture
def thread(app: Flask) -> Thread:
    with make.committed(app) as db:
        return make.make_thread(db)


@pytest.fixture
def karen(app: Flask) -> Actor:
    with make.committed(app) as db:
        return make.make_citizen(db)


@contextmanager
def signed_in(app: Flask, actor: Actor) -> Iterator[FlaskClient]:
    """The actor's browser."""
    client = app.test_client()
    make.sign_in(app, client, actor)
    yield client


def post_by_karen(app: Flask, thread: Thread, **more: Any) -> Post:
    with make.committed(app) as db:
        return make.make_post(db, thread, **more)


def form_of(client: FlaskClient, parent: int, **more: str) -> dict[str, str]:
    """The fields of the form under a post, filled in."""
    page = client.get(f"/posts/{parent}/reply").get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {**dict(hidden), "body": "Et svar", **more}


def opening_id(app: Flask, thread: Thread) -> int:
    with make.committed(app) as db:
        return make.opening_of(db, thread).id


def posts_in(app: Flask, thread: Thread) -> list[Post]:
    with make.committed(app) as db:
        return make.posts_of(db, thread)[1:]


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


# --- Sending --------------------------------------------------------------------------------------


def test_a_post_is_sent_and_shown(app: Flask, thread: Thread, karen: Actor) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread), body="Min **egen** mening")
        sent = client.post(f"/threads/{thread.id}/posts", data=fields)
        made = posts_in(app, thread)[0]
        assert (sent.status_code, sent.location) == (303, f"/posts/{made.id}")
        shown = text_of(client.get(f"/threads/{thread.id}"))
    assert "Min <strong>egen</strong> mening" in shown


def test_sent_twice_it_is_there_once(app: Flask, thread: Thread, karen: Actor) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread))
        places = {
            client.post(f"/threads/{thread.id}/posts", data=fields).location for _ in range(2)
        }
    assert len(places) == len(posts_in(app, thread)) == 1


def test_without_a_token_nothing_is_sent_and_the_text_is_given_back(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    with signed_in(app, karen) as client:
        answer = client.post(f"/threads/{thread.id}/posts", data={"body": "Lang tekst om mor"})
    assert answer.status_code == 400
    assert "Lang tekst om mor" in text_of(answer)
    assert posts_in(app, thread) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_on_another_site_sends_nothing(
    app: Flask, thread: Thread, karen: Actor, headers: dict[str, str]
) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread))
        answer = client.post(f"/threads/{thread.id}/posts", data=fields, headers=headers)
    assert answer.status_code in (400, 404)
    assert posts_in(app, thread) == []


def test_above_the_form_stands_the_post_with_no_way_to_where_one_is(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    with make.committed(app) as db:
        post = make.make_post(db, thread, body="Hvem henter min søn?")
    with signed_in(app, karen) as client:
        page = text_of(client.get(f"/posts/{post.id}/reply"))
    assert "Hvem henter min søn?" in page
    assert f'href="/posts/{post.id}/reply"' not in page
    assert f'data-reply="{post.id}"' not in page


def test_a_refused_text_comes_back_with_the_reason(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    too_long = "Sætning. " * 600
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread), body=too_long)
        answer = client.post(f"/threads/{thread.id}/posts", data=fields)
    assert answer.status_code == 422
    assert "tegn for lang" in text_of(answer)
    assert "Ret det her, så er du videre" in text_of(answer)
    assert too_long.strip() in unescape(text_of(answer))


def test_a_text_that_comes_too_late_comes_back(app: Flask, thread: Thread, karen: Actor) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread), body="Jeg nåede det ikke")
        with make.committed(app) as db:
            db.get_one(Consultation, thread.consultation_id).state = State.CLOSED
        answer = client.post(f"/threads/{thread.id}/posts", data=fields)
    assert answer.status_code == 409
    assert "Jeg nåede det ikke" in text_of(answer)


def test_a_reply_in_the_wrong_thread_is_not_found(app: Flask, thread: Thread, karen: Actor) -> None:
    with make.committed(app) as db:
        other = make.make_thread(db, make.make_consultation(db, "skoler"))
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread))
        assert client.post(f"/threads/{other.id}/posts", data=fields).status_code == 404


@pytest.mark.parametrize("parent", ["x", "-1", "9" * 30, "١"])
def test_a_parent_that_is_no_number_is_not_found(
    app: Flask, thread: Thread, karen: Actor, parent: str
) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread), parent_id=parent)
        assert client.post(f"/threads/{thread.id}/posts", data=fields).status_code == 404


def test_the_script_gets_the_post_as_the_tree_shows_it(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread))
        answer = client.post(f"/threads/{thread.id}/posts", data=fields, headers=JSON)
    told = json.loads(text_of(answer))
    made = posts_in(app, thread)[0]
    assert answer.status_code == 201
    assert (told["id"], told["depth"], told["rev"], told["gone"]) == (made.id, 1, made.rev, False)
    assert f'data-post="{made.id}"' in told["html"]


def test_the_script_gets_a_refusal_by_field(app: Flask, thread: Thread, karen: Actor) -> None:
    with signed_in(app, karen) as client:
        fields = form_of(client, opening_id(app, thread), body=" ")
        answer = client.post(f"/threads/{thread.id}/posts", data=fields, headers=JSON)
    assert answer.status_code == 422
    assert json.loads(text_of(answer))["fields"] == {"body": "Skriv noget, før du sender."}


def test_names_and_texts_with_markup_are_shown_as_they_were_typed(
    app: Flask, thread: Thread
) -> None:
    with make.committed(app) as db:
        eve = make.make_citizen(db, area="<script>alert(2)</script>")
        db.get_one(User, eve.id).name = "Karen <b>Møl</b>"  # as an older account might be called
        db.flush()
        make.make_post(db, thread, eve, topic="<i>Hej</i>", body="<script>alert(1)</script>")
    shown = text_of(app.test_client().get(f"/threads/{thread.id}"))
    for hostile in ("<b>Møl", "<script>alert", "<i>Hej"):
        assert hostile not in shown
    for harmless in ("&lt;b&gt;Møl", "&lt;script&gt;alert(1)", "&lt;i&gt;Hej"):
        assert harmless in shown


# --- A visitor's text -----------------------------------------------------------------------------


def test_what_a_visitor_wrote_waits_behind_the_sign_in(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    visitor = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(visitor.get("/sign-in")))
    assert token
    sent = visitor.post(
        f"/threads/{thread.id}/posts",
        data={"csrf_token": token[1], "body": "Skrevet før jeg loggede ind", "kind": "question"},
    )
    assert sent.status_code == 303
    assert sent.location.startswith("/sign-in?next=")
    target = re.search(r"next=([^&]+)", sent.location)
    assert target
    make.sign_in(app, visitor, karen)
    form = text_of(visitor.get(unquote(target[1])))
    assert "Skrevet før jeg loggede ind" in form
    assert re.search(r'value="question"[^>]*checked', form)
    assert posts_in(app, thread) == []


def test_a_visitor_who_wants_to_write_is_shown_the_way_in(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    answer = client.get(f"/posts/{opening_id(app, thread)}/reply")
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


# --- Permalinks -----------------------------------------------------------------------------------


def test_a_permalink_opens_the_post_with_its_ancestors(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    words = ["Øverst i grenen", "Midt i grenen", "Nederst i grenen"]
    with make.committed(app) as db:
        post: Post | None = None
        for body in words:
            post = make.make_post(db, thread, under=post, body=body)
        make.make_post(db, thread, body="En helt anden gren")
    assert post
    shown = text_of(client.get(f"/posts/{post.id}"))
    assert [shown.index(body) for body in words] == sorted(shown.index(body) for body in words)
    assert "En helt anden gren" not in shown
    assert thread.title in shown


def test_the_opening_posts_permalink_is_its_thread(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    answer = client.get(f"/posts/{opening_id(app, thread)}")
    assert answer.location == f"/threads/{thread.id}"


def test_a_tombstone_shows_its_reason_and_not_its_text(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    post = post_by_karen(app, thread, body="HEMMELIGT ord")
    with make.committed(app) as db:
        moderation.hide_post(
            db, make.make_moderator(db), post_id=post.id, reason="Navngiver en nabo", now=NOW
        )
    for path in (f"/posts/{post.id}", f"/threads/{thread.id}", f"/threads/{thread.id}/since/0"):
        shown = text_of(client.get(path))
        assert "HEMMELIGT" not in shown
        assert "Navngiver en nabo" in shown


@pytest.mark.parametrize(
    "path",
    [
        "/threads/{thread}",
        "/threads/{thread}/since/0",
        "/threads/{thread}/reader",
        "/posts/{post}",
        "/posts/{post}/replies",
        "/posts/{post}/reply",
    ],
)
def test_a_draft_dialogues_debate_is_not_there(
    app: Flask, thread: Thread, karen: Actor, path: str
) -> None:
    post = post_by_karen(app, thread)
    with make.committed(app) as db:
        db.get_one(Consultation, thread.consultation_id).state = State.DRAFT
    address = path.format(thread=thread.id, post=post.id)
    with signed_in(app, karen) as client:
        assert client.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 404


# --- Healing --------------------------------------------------------------------------------------


def since(client: FlaskClient, thread: Thread, rev: int) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(text_of(client.get(f"/threads/{thread.id}/since/{rev}")))
    return answer


def test_an_open_page_learns_what_it_missed(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    first = post_by_karen(app, thread, body="Set")
    second = post_by_karen(app, thread, body="Misset")
    told = since(client, thread, first.rev)
    assert (told["rev"], told["reload"]) == (second.rev, False)
    assert [one["id"] for one in told["posts"] if one["depth"]] == [second.id]


def test_a_withdrawn_post_heals_too(app: Flask, client: FlaskClient, thread: Thread) -> None:
    post = post_by_karen(app, thread)
    with make.committed(app) as db:
        commands.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)
    told = since(client, thread, post.rev)
    assert [(one["id"], one["gone"]) for one in told["posts"]] == [(post.id, True)]


def test_an_up_to_date_page_is_told_nothing(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    post = post_by_karen(app, thread)
    assert since(client, thread, post.rev)["posts"] == []


def test_a_page_from_another_time_loads_anew(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    assert since(client, thread, 99)["reload"] is True


def test_a_page_that_missed_very_much_loads_anew(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    big = big_thread(app, 230)
    told = since(client, big, 0)
    assert (told["reload"], len(told["posts"])) == (True, 200)


# --- One page for everyone ------------------------------------------------------------------------


def test_a_thread_page_says_nothing_of_its_reader(app: Flask, thread: Thread, karen: Actor) -> None:
    with make.committed(app) as db:
        make.make_post(db, thread, make.make_other_citizen(db))
    visitor = text_of(app.test_client().get(f"/threads/{thread.id}"))
    with signed_in(app, karen) as client:
        reader = text_of(client.get(f"/threads/{thread.id}"))
    assert reader == visitor
    assert "csrf_token" not in visitor


def test_what_belongs_to_the_reader_comes_by_itself(
    app: Flask, thread: Thread, karen: Actor
) -> None:
    post = post_by_karen(app, thread)
    with signed_in(app, karen) as client:
        answer = client.get(f"/threads/{thread.id}/reader")
    told = json.loads(text_of(answer))
    assert (told["name"], told["own"]) == ("Karen Møllegaard", [post.id])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_has_not_changed_is_not_sent_again(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    tag = client.get(f"/threads/{thread.id}").headers["ETag"]
    again = client.get(f"/threads/{thread.id}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    post_by_karen(app, thread)
    assert client.get(f"/threads/{thread.id}", headers={"If-None-Match": tag}).status_code == 200


# --- What a page costs ----------------------------------------------------------------------------


def parent_of(n: int) -> str:
    """Ten branches; each grows downwards at first and then gets replies at its top."""
    if n <= 10:
        return "0"
    return str(n - 10) if n < 400 else str(n % 10 + 1)


def big_thread(app: Flask, size: int) -> Thread:
    """A thread of that many replies, ten branches of chains."""
    lines = [
        json.dumps(
            {
                "id": str(n),
                "parent_id": None if n == 0 else parent_of(n),
                "author": f"deltager-{n % 40}",
                "created_at": f"2028-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}+00:00",
                "text": f"Indlæg {n}",
                **({"title": "Stor"} if n == 0 else {}),
            }
        )
        for n in range(size + 1)
    ]
    with make.committed(app) as db:
        consultation = make.make_consultation(db, f"stor-{size}")
        make.make_politician(db)
        make.make_meeting(db, consultation)
        found = read_thread(lines)
        done = importing.import_thread(
            db, SYSTEM, consultation_id=consultation.id, thread_file=found, now=NOW
        )
        return db.get_one(Thread, done.thread_id)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Every statement that the app reads with, inside the block."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        if "PRAGMA" not in call[2]:
            seen.append(call[2])

    reader = app.extensions["database"].reader
    event.listen(reader, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(reader, "before_cursor_execute", note)


def busy_thread(app: Flask, size: int) -> Thread:
    """A big thread with everything that a page asks for beside the posts."""
    big = big_thread(app, size)
    with make.committed(app) as db:
        thread, karen, toft = (
            db.get_one(Thread, big.id),
            make.make_citizen(db),
            make.make_politician(db),
        )
        make.make_question(db, thread, karen)
        asked = make.make_question(db, thread, karen, body="Hvad koster det?")
        make.make_post(db, thread, toft, under=asked, body="To millioner.")
    return big


@pytest.mark.parametrize("size", [10, 60, 5_000])
def test_a_thread_page_costs_the_same_whatever_its_size(
    app: Flask, client: FlaskClient, size: int
) -> None:
    big = busy_thread(app, size)
    with counted(app) as seen:
        assert client.get(f"/threads/{big.id}").status_code == 200
    assert len(seen) + BY_THE_CACHE <= MOST_QUERIES, "\n".join(seen)


@pytest.mark.parametrize("size", [60, 5_000])
@pytest.mark.parametrize(
    "look",
    ["order=oldest", "order=newest", "order=answers", "show=question"],
)
def test_every_look_at_a_thread_costs_as_little(
    app: Flask, client: FlaskClient, look: str, size: int
) -> None:
    big = busy_thread(app, size)
    with counted(app) as seen:
        assert client.get(f"/threads/{big.id}?{look}").status_code == 200
    assert len(seen) + BY_THE_CACHE <= MOST_QUERIES, "\n".join(seen)


@pytest.mark.parametrize("size", [60, 5_000])
def test_a_look_at_what_is_new_asks_for_that_too(
    app: Flask, client: FlaskClient, size: int
) -> None:
    big = busy_thread(app, size)
    with counted(app) as seen:
        assert client.get(f"/threads/{big.id}?order=new&since=1").status_code == 200
    assert len(seen) + BY_THE_CACHE <= MOST_QUERIES + 1, "\n".join(seen)


@pytest.mark.parametrize("size", [60, 5_000])
def test_a_permalink_deep_in_a_thread_costs_as_little(
    app: Flask, client: FlaskClient, size: int
) -> None:
    big = busy_thread(app, size)
    deepest = max(posts_in(app, big), key=lambda post: post.depth)
    for path in (f"/posts/{deepest.id}", f"/posts/{deepest.id}/replies"):
        with counted(app) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= MOST_QUERIES, "\n".join(seen)


def test_an_outline_of_big_threads_costs_as_little(app: Flask, client: FlaskClient) -> None:
    busy_thread(app, 5_000)
    with counted(app) as seen:
        assert client.get("/consultations/stor-5000/outline").status_code == 200
    assert len(seen) <= MOST_QUERIES, "\n".join(seen)


def test_every_post_of_a_big_thread_can_be_reached_by_links(
    app: Flask, client: FlaskClient
) -> None:
    big = big_thread(app, 300)
    waiting, visited, found = [f"/threads/{big.id}"], set(), set()
    while waiting:
        path = waiting.pop()
        if path in visited:
            continue
        visited.add(path)
        page = text_of(client.get(path))
        found |= {int(one) for one in re.findall(r'<article[^>]* id="p(\d+)"', page)}
        links = re.findall(r'href="(/(?:threads|posts)/\d+(?:\?[^"#]*)?)["#]', page)
        more = [unescape(link) for link in links if "start=" in link or link.startswith("/posts/")]
        waiting += [link for link in more if link not in visited]
    assert found >= {post.id for post in posts_in(app, big)}
