"""What is sent by mistake or by malice: a clear answer, the text kept, nothing broken."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.debates import commands, tree
from dialog.debates.models import Post, Thread
from dialog.moderation import commands as moderation
from tests import make

TEXT = "Det her har jeg brugt en time på."
HUGE = "9" * 40


@pytest.fixture
def thread(app: Flask) -> Thread:
    with make.committed(app) as db:
        return make.make_thread(db)


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Bent's browser."""
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        actor = make.make_other_citizen(db)
    make.sign_in(app, client, actor)
    return client


def send(client: FlaskClient, thread: Thread, **data: str | int) -> tuple[int, str]:
    answer = client.post(f"/threads/{thread.id}/posts", data={"body": TEXT} | data)
    return answer.status_code, answer.get_data(as_text=True)


def newest(app: Flask, thread: Thread) -> Post:
    with make.committed(app) as db:
        return max(make.posts_of(db, thread), key=lambda post: post.id)


# --- Parents --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_a_parent_that_is_gone(app: Flask, thread: Thread, browser: FlaskClient, how: str) -> None:
    with make.committed(app) as db:
        parent = make.make_post(db, thread)
        if how == "withdrawn":
            karen = make.make_citizen(db)
            commands.withdraw_post(db, karen, post_id=parent.id, now=clock.now())
        else:
            moderation.hide_post(
                db,
                make.make_moderator(db),
                post_id=parent.id,
                reason="Personangreb mod en ansat.",
                now=clock.now(),
            )
    status, page = send(browser, thread, parent_id=parent.id)
    assert status == 409
    assert "ikke længere fremme" in page
    assert f"{TEXT}</textarea>" in page
    assert browser.post(f"/posts/{parent.id}/preview", data={"body": TEXT}).status_code == 200


def test_a_parent_on_the_deepest_level(app: Flask, thread: Thread, browser: FlaskClient) -> None:
    with make.committed(app) as db:
        post = make.make_post(db, thread)
        for level in range(2, tree.DEEPEST + 1):
            post = make.make_post(db, thread, under=post, body=f"Niveau {level}")
    status, page = send(browser, thread, parent_id=post.id)
    assert status == 409
    assert "niveau 50" in page
    assert f"{TEXT}</textarea>" in page


@pytest.mark.parametrize("parent", ["-1", "x", HUGE, "1e3", "٣", "2147483648"])
def test_a_parent_that_never_was(thread: Thread, browser: FlaskClient, parent: str) -> None:
    assert send(browser, thread, parent_id=parent)[0] == 404


def test_a_parent_in_another_thread(app: Flask, thread: Thread, browser: FlaskClient) -> None:
    with make.committed(app) as db:
        elsewhere = make.make_thread(db, make.make_consultation(db, "budget-2029"))
        parent = make.make_post(db, elsewhere)
    assert send(browser, thread, parent_id=parent.id)[0] == 404


# --- Texts ----------------------------------------------------------------------------------------


def test_5000_combining_marks_become_4(app: Flask, thread: Thread, browser: FlaskClient) -> None:
    assert send(browser, thread, body="x" + "\u0335" * 4_999)[0] == 303
    assert newest(app, thread).source == "x" + "\u0335" * 4


def test_bidi_controls_turn_no_line_round(app: Flask, thread: Thread, browser: FlaskClient) -> None:
    assert send(browser, thread, body="Ja\u202e!jen\u2066 tak")[0] == 303
    assert newest(app, thread).source == "Ja!jen tak"


def test_a_text_of_nothing_but_controls_is_no_text(thread: Thread, browser: FlaskClient) -> None:
    status, page = send(browser, thread, body="\u202e\u2066\u200b")
    assert status == 422
    assert "Skriv noget" in page


def test_a_300_deep_quote_is_shown_20_deep(
    app: Flask, thread: Thread, browser: FlaskClient
) -> None:
    assert send(browser, thread, body="> " * 300 + "Nederst")[0] == 303
    post = newest(app, thread)
    assert post.html.count("<blockquote>") <= 20
    assert post.html.count("<blockquote>") == post.html.count("</blockquote>")
    assert browser.get(f"/posts/{post.id}").status_code == 200
    assert browser.post(f"/posts/{post.id}/preview", data={"body": "> " * 300}).status_code == 200


def test_a_heading_of_10000_signs_keeps_heading_and_text(
    thread: Thread, browser: FlaskClient
) -> None:
    status, page = send(browser, thread, topic="o" * 10_000)
    assert status == 422
    assert "plads til 140 tegn" in page
    assert "o" * 10_000 in page
    assert f"{TEXT}</textarea>" in page


@pytest.mark.parametrize("address", ["/threads/{thread}/posts", "/posts/{post}/preview"])
def test_a_body_of_a_megabyte_is_not_even_read(
    app: Flask, thread: Thread, browser: FlaskClient, address: str
) -> None:
    post = newest(app, thread)
    path = address.format(thread=thread.id, post=post.id)
    answer = browser.post(path, data={"body": "x" * 1_000_000})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "din tekst der stadig" in page
    assert len(page) < 50_000


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rev", ["10000", "2147483648", "9" * 15, HUGE])
def test_a_rev_that_never_was_asks_the_page_to_load_anew(
    client: FlaskClient, thread: Thread, rev: str
) -> None:
    answer = client.get(f"/threads/{thread.id}/since/{rev}")
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["rev"], told["reload"], told["posts"]) == (thread.rev, True, [])


@pytest.mark.parametrize("rev", ["-1", "x", "1.5", "%00"])
def test_a_rev_that_is_no_number_is_not_found(
    client: FlaskClient, thread: Thread, rev: str
) -> None:
    assert client.get(f"/threads/{thread.id}/since/{rev}").status_code == 404


@pytest.mark.parametrize("start", ["-1", "x", "1000", "9" * 15, HUGE, "%00", "٣"])
def test_a_start_made_by_hand_begins_at_the_beginning(
    app: Flask, client: FlaskClient, thread: Thread, start: str
) -> None:
    with make.committed(app) as db:
        parent = make.make_post(db, thread, body=TEXT)
        make.make_post(db, thread, make.make_other_citizen(db), under=parent, body="Et svar")
    for order in ("", "&order=newest", "&order=nonsense"):
        page = client.get(f"/threads/{thread.id}?start={start}{order}")
        assert page.status_code == 200
        assert TEXT in page.get_data(as_text=True)
    page = client.get(f"/posts/{parent.id}?start={start}")
    assert "Et svar" in page.get_data(as_text=True)
    assert client.get(f"/posts/{parent.id}/replies?start={start}&level=99").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/posts/{}", "/posts/{}/versions", "/posts/{}/replies", "/posts/{}/reply", "/threads/{}",
     "/threads/{}/reader", "/posts/{}/edit"],
)  # fmt: skip
@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 15, "9" * 19, HUGE])
def test_a_number_that_nothing_has_is_not_found(
    browser: FlaskClient, path: str, number: str
) -> None:
    assert browser.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("edition", ["", "x", "-1", HUGE])
def test_an_edition_made_by_hand_overwrites_nothing(
    app: Flask, thread: Thread, browser: FlaskClient, edition: str
) -> None:
    with make.committed(app) as db:
        bent = make.make_other_citizen(db)
        post = make.make_post(db, thread, bent, body="Som det var", now=clock.now())
    answer = browser.post(f"/posts/{post.id}/edit", data={"body": TEXT, "edition": edition})
    assert answer.status_code == 409
    assert f"{TEXT}</textarea>" in answer.get_data(as_text=True)
    assert newest(app, thread).source == "Som det var"


@pytest.mark.parametrize("before", ["0", "-1", "x", HUGE])
def test_a_version_made_by_hand_shows_a_page(
    app: Flask, client: FlaskClient, thread: Thread, before: str
) -> None:
    with make.committed(app) as db:
        post = make.make_post(db, thread)
    assert client.get(f"/posts/{post.id}/versions?before={before}").status_code == 200


# --- Much ---------------------------------------------------------------------------------------


def test_10000_replies_to_one_post_come_a_page_at_a_time(
    app: Flask, thread: Thread, browser: FlaskClient
) -> None:
    with make.committed(app) as db:
        parent = make.make_post(db, thread, body="Alle svarer mig")
        crowd(db, parent, 10_000)
    assert send(browser, thread, parent_id=parent.id)[0] == 303
    post = newest(app, thread)
    assert (post.parent_id, post.ordinal, post.source) == (parent.id, 10_000, TEXT)
    page = browser.get(f"/threads/{thread.id}").get_data(as_text=True)
    assert page.count("<article") < 200
    assert "Vis 9998 svar mere" in page
    last = browser.get(f"/posts/{parent.id}?start=9990").get_data(as_text=True)
    assert TEXT in last
    assert last.count("<article") < 60


def crowd(db: Session, parent: Post, number: int) -> None:
    """So many replies to one post, counted as if they had been sent one by one."""
    rows = [
        {
            "thread_id": parent.thread_id, "parent_id": parent.id, "depth": parent.depth + 1,
            "ordinal": n, "path": tree.child_path(parent.path, n), "author_name": f"Borger {n}",
            "source": f"Svar {n}", "html": f"<p>Svar {n}</p>", "created_at": make.NOW, "rev": 1,
        }
        for n in range(number)
    ]  # fmt: skip
    db.execute(insert(Post), rows)
    above = update(Post).where(Post.thread_id == parent.thread_id, Post.depth <= parent.depth)
    db.execute(above.values(descendant_count=Post.descendant_count + number))
    db.execute(update(Post).where(Post.id == parent.id).values(child_count=number))
    more = Thread.post_count + number
    db.execute(update(Thread).where(Thread.id == parent.thread_id).values(post_count=more))


@pytest.mark.parametrize("cursor", ["0001", "zzzz" * 50, "'; --", "%00", "~" * 4, "9" * 400])
def test_a_cursor_made_by_hand_shows_a_page(
    app: Flask, client: FlaskClient, thread: Thread, cursor: str
) -> None:
    with make.committed(app) as db:
        make.make_question(db, thread)
    page = client.get(f"/threads/{thread.id}?show=question&after={cursor}")
    assert page.status_code == 200


@pytest.mark.parametrize("since", ["-1", "x", "99999", HUGE, "%00"])
def test_a_visit_made_by_hand_shows_nothing_new(
    client: FlaskClient, thread: Thread, since: str
) -> None:
    page = client.get(f"/threads/{thread.id}?order=new&since={since}")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("da", "ikke længere fremme"), ("en", "no longer")]
)
def test_a_refusal_is_in_the_readers_language(
    app: Flask, thread: Thread, browser: FlaskClient, language: str, words: str
) -> None:
    with make.committed(app) as db:
        parent = make.make_post(db, thread)
        commands.withdraw_post(db, make.make_citizen(db), post_id=parent.id, now=clock.now())
    browser.get(f"/language/{language}?next=/")
    status, page = send(browser, thread, parent_id=parent.id)
    assert status == 409
    assert words in page
    assert f"{TEXT}</textarea>" in page
