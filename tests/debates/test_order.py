"""The orders of a thread, what is new in it, and the way from a post to its place."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.debates import commands
from dialog.debates.models import Post, PostKind, Thread
from tests import make
from tests.debates.reading import a_thread, chain, page_at, posts_on, written
from tests.debates.test_pages import big_thread, counted


def rev_of(app: Flask, thread: Thread) -> int:
    with make.committed(app) as db:
        return db.get_one(Thread, thread.id).rev


def at_first_level(app: Flask, thread: Thread) -> list[Post]:
    with make.committed(app) as db:
        return [post for post in make.posts_of(db, thread) if post.depth == 1]


def new_in(client: FlaskClient, thread: Thread, since: object) -> str:
    return page_at(client, f"/threads/{thread.id}?order=new&since={since}")


# --- New since last visit -------------------------------------------------------------------------


def test_only_branches_with_something_new_are_shown(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    first, second, _third = written(app, thread, "Et", "To", "Tre")
    since = rev_of(app, thread)
    with make.committed(app) as db:
        other = make.make_other_citizen(db)
        below = make.make_post(db, thread, other, under=second, body="Et nyt svar")
        root = make.make_post(db, thread, other, body="En ny gren")
    page = new_in(client, thread, since)
    assert posts_on(page) == [second.id, below.id, root.id]
    assert first.id not in posts_on(page)
    assert "2 nye indlæg" in page


def test_the_new_post_deep_in_a_branch_has_a_link(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    line = chain(app, thread, 8)
    since = rev_of(app, thread)
    with make.committed(app) as db:
        deep = make.make_post(db, thread, make.make_other_citizen(db), under=line[-1], body="Dybt")
    page = new_in(client, thread, since)
    assert f'<a href="/posts/{deep.id}"><bdi>Bent Juhl</bdi></a>' in page


def test_an_edited_or_answered_branch_is_not_new(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    mine = written(app, thread, "Et")[0]
    since = rev_of(app, thread)
    with make.committed(app) as db:
        commands.withdraw_post(db, make.make_citizen(db), post_id=mine.id, now=make.NOW)
    assert "Der er ikke noget nyt" in new_in(client, thread, since)


@pytest.mark.parametrize("since", ["-1", "9" * 15, "9" * 40, "x", "", "%00", "1.5", "٣"])
def test_a_forged_rev_gives_a_clear_empty_page(app: Flask, client: FlaskClient, since: str) -> None:
    thread = a_thread(app)
    written(app, thread, "Et")
    page = new_in(client, thread, since)
    assert "Der er ikke noget nyt" in page
    assert "Linket peger ikke på et tidligere besøg" in page
    assert posts_on(page) == []


def test_nothing_new_since_now_is_said_so(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, "Et")
    assert "var her også sidst" in new_in(client, thread, rev_of(app, thread))


def test_new_branches_come_twenty_a_page(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    since = rev_of(app, thread)
    mine = written(app, thread, *(f"Nr. {n}" for n in range(45)))
    path: str | None = f"/threads/{thread.id}?order=new&since={since}"
    seen: list[int] = []
    while path:
        page = page_at(client, path)
        seen += posts_on(page)
        following = re.search(r'href="([^"#]+)#traad" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == [post.id for post in mine]


def test_the_page_of_what_is_new_is_the_same_for_everyone(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, "Et")
    with make.committed(app) as db:
        karen = make.make_citizen(db)
    signed_in = app.test_client()
    make.sign_in(app, signed_in, karen)
    assert new_in(client, thread, 1) == new_in(signed_in, thread, 1)


# --- The orders -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [50, 70])
def test_every_order_shows_what_it_says(app: Flask, client: FlaskClient, size: int) -> None:
    thread = a_thread(app)
    written(app, thread, *(f"Nr. {n}" for n in range(size - 2)))
    with make.committed(app) as db:
        answered = make.make_question(db, thread, body="Besvaret?")
        make.make_post(db, thread, make.make_politician(db), under=answered, body="Ja")
        waits = make.make_question(db, thread, body="Venter?")
    by_age = [post.id for post in at_first_level(app, thread)]
    waiting_first = [waits.id, *(one for one in by_age if one != waits.id)]
    expected = {
        "waiting": waiting_first,
        "oldest": by_age,
        "newest": by_age[::-1],
        "answers": [answered.id],
    }
    assert {name: walked(client, thread, name) for name in expected} == expected


def walked(client: FlaskClient, thread: Thread, order: str) -> list[int]:
    """The branches on the pages of an order, first to last."""
    path: str | None = f"/threads/{thread.id}?order={order}"
    seen: list[int] = []
    while path:
        page = page_at(client, path)
        tree = page.split('<ol class="tree tree--root"')[1]
        seen += [int(one) for one in re.findall(r'id="p(\d+)-h"><span[^>]*>Niveau 1\b', tree)]
        following = re.search(r'href="([^"#]+)#traad" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    return seen


def test_the_order_is_explained_on_a_public_page(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, "Et")
    assert 'href="/how-we-talk#raekkefoelge"' in page_at(client, f"/threads/{thread.id}")
    assert 'id="raekkefoelge"' in page_at(client, "/how-we-talk")


# --- From a post to its place in the thread -------------------------------------------------------


def place_of(client: FlaskClient, post: Post) -> str:
    page = page_at(client, f"/posts/{post.id}")
    found = re.search(r'href="([^"]+)">Vis i hele tråden', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_in_a_small_thread_the_post_itself_is_shown(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    line = chain(app, thread, 5)
    assert place_of(client, line[4]) == f"/threads/{thread.id}#p{line[4].id}"


def test_too_deep_to_be_shown_its_nearest_ancestor_is(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    line = chain(app, thread, 9)
    assert place_of(client, line[8]) == f"/threads/{thread.id}#p{line[5].id}"


def test_in_a_big_thread_the_page_of_the_branch_is_shown(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, *(f"Nr. {n}" for n in range(70)))
    mine = at_first_level(app, thread)[47]
    place = place_of(client, mine)
    assert place == f"/threads/{thread.id}?order=oldest&start=40#p{mine.id}"
    assert mine.id in posts_on(page_at(client, place.split("#")[0]))


def test_every_place_of_a_big_thread_is_on_the_page_it_leads_to(
    app: Flask, client: FlaskClient
) -> None:
    thread = big_thread(app, 120)
    with make.committed(app) as db:
        posts = make.posts_of(db, thread)[1:]
    for post in posts[::7]:
        path, anchor = place_of(client, post).split("#")
        assert f'id="{anchor}"' in page_at(client, path)


def test_from_a_later_page_there_is_a_way_back(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, *(f"Nr. {n}" for n in range(70)), kind=PostKind.EXPERIENCE)
    page = page_at(client, f"/threads/{thread.id}?order=oldest&start=40")
    assert f'href="/threads/{thread.id}?order=oldest&amp;start=20#traad" rel="prev"' in page


@pytest.mark.parametrize(
    "path", ["", "?order=newest&start=40", "?order=new&since=1", "?show=answers"]
)
def test_every_order_keeps_within_eight_queries(app: Flask, client: FlaskClient, path: str) -> None:
    thread = big_thread(app, 300)
    page_at(client, f"/threads/{thread.id}")
    written(app, thread, "Noget nyt")
    with counted(app) as seen:
        page_at(client, f"/threads/{thread.id}{path}")
    behind_the_cache = [one for one in seen if "FROM threads t" not in one]
    assert len(behind_the_cache) <= 8, "\n".join(seen)
