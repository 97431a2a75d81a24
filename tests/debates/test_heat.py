"""Two who answer each other again and again are slowed down; nobody else is."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.debates import commands, heat
from dialog.debates.heat import Said, between
from dialog.debates.models import Post, Thread
from dialog.permissions import Actor
from tests import make
from tests.make import NOW

KAREN, BENT, SIGNE = 1, 2, 3
MINUTE = timedelta(minutes=1)


def branch(*authors: int | None) -> list[Said]:
    """A branch with a post every minute; the last one came now."""
    return [Said(author, NOW - MINUTE * (len(authors) - 1 - n)) for n, author in enumerate(authors)]


# --- The rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authors", "turns"),
    [
        ((), 0),
        ((KAREN,), 0),
        ((BENT,), 0),
        ((KAREN, KAREN, KAREN), 0),
        ((BENT, KAREN), 1),
        ((KAREN, BENT, KAREN, BENT), 3),
        ((KAREN, BENT, KAREN, BENT, KAREN), 4),
        ((KAREN, BENT, BENT, KAREN, BENT), 3),
        ((KAREN, BENT, SIGNE, BENT, KAREN), 1),
        ((SIGNE, KAREN, BENT, KAREN, BENT), 3),
        ((KAREN, BENT, None, BENT, KAREN), 1),
    ],
)
def test_turns_are_counted_at_the_end_of_the_branch(
    authors: tuple[int | None, ...], turns: int
) -> None:
    assert between(branch(*authors), KAREN).turns == turns


def test_somebody_else_has_nothing_going_with_either() -> None:
    found = between(branch(KAREN, BENT, KAREN, BENT, KAREN), SIGNE)
    assert (found.turns, found.holds(NOW)) == (0, False)


@pytest.mark.parametrize(
    ("posts", "minutes"), [(4, None), (5, 2), (6, 5), (7, 15), (8, 60), (9, 60), (40, 60)]
)
def test_the_wait_grows_step_by_step(posts: int, minutes: int | None) -> None:
    found = between(branch(*[(KAREN, BENT)[n % 2] for n in range(posts)]), KAREN)
    assert found.open_at == (NOW + MINUTE * minutes if minutes else None)


def test_both_wait_and_only_until_the_time_is_over() -> None:
    for writer in (KAREN, BENT):
        found = between(branch(KAREN, BENT, KAREN, BENT, KAREN), writer)
        assert found.holds(NOW + MINUTE)
        assert not found.holds(NOW + MINUTE * 2)


def test_the_seconds_to_wait_are_rounded_up() -> None:
    found = between(branch(KAREN, BENT, KAREN, BENT, KAREN), KAREN)
    late = NOW + timedelta(seconds=59, milliseconds=500)
    assert heat.Heated(found, late).retry_after == 61
    assert heat.Heated(found, NOW + MINUTE * 2).retry_after == 1


# --- In the tree ----------------------------------------------------------------------------------


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def quarrel(
    db: Session, thread: Thread, posts: int, *, now: datetime = NOW, other: Actor | None = None
) -> Post:
    """Karen and another by turns; Karen begins. The last post came now, the rest hours apart."""
    pair = (make.make_citizen(db), other or make.make_other_citizen(db))
    last: Post | None = None
    for n in range(posts):
        at = now - timedelta(hours=2) * (posts - 1 - n)
        last = make.make_post(db, thread, pair[n % 2], under=last, body=f"Nummer {n}", now=at)
    assert last is not None
    return last


def test_the_sixth_in_a_row_has_to_wait(db: Session, thread: Thread) -> None:
    last = quarrel(db, thread, 5)
    with pytest.raises(heat.Heated) as refused:
        make.make_post(db, thread, make.make_other_citizen(db), under=last, body="Nej")
    assert refused.value.retry_after == 120


def test_after_the_wait_the_reply_is_taken(db: Session, thread: Thread) -> None:
    last = quarrel(db, thread, 5)
    reply = make.make_post(
        db, thread, make.make_other_citizen(db), under=last, body="Nej", now=NOW + 2 * MINUTE
    )
    assert reply.depth == 6


def test_a_third_person_never_waits(db: Session, thread: Thread) -> None:
    last = quarrel(db, thread, 8)
    assert make.make_post(db, thread, make.make_citizen(db, "Signe Lund"), under=last).depth == 9


def test_the_two_may_write_elsewhere_in_the_thread(db: Session, thread: Thread) -> None:
    quarrel(db, thread, 8)
    assert make.make_post(db, thread, body="Noget andet").depth == 1


def test_a_politician_who_owes_an_answer_never_waits(db: Session, thread: Thread) -> None:
    anders = make.make_politician(db)
    last = quarrel(db, thread, 6, other=anders, now=NOW - timedelta(hours=2))
    question = make.make_question(db, thread, make.make_citizen(db), under=last)
    answer = make.make_post(db, thread, anders, under=question, body="Det gør vi sådan her.")
    assert answer.is_answer


def test_the_same_post_sent_twice_is_not_refused_the_second_time(
    db: Session, thread: Thread
) -> None:
    last = quarrel(db, thread, 4)
    karen = make.make_citizen(db)
    first = make.make_post(db, thread, karen, under=last, body="Jo", idempotency_key="a")
    again = make.make_post(db, thread, karen, under=last, body="Jo", idempotency_key="a")
    assert again.id == first.id


def test_the_branch_is_asked_for_only_where_it_can_be_hot(db: Session, thread: Thread) -> None:
    assert heat.FROM_TURNS == 4
    assert quarrel(db, thread, 4).depth == 4


# --- In the browser -------------------------------------------------------------------------------


def hot_branch(app: Flask, **more: datetime) -> tuple[Thread, Post, Actor]:
    with make.committed(app) as db:
        now = more.get("now") or clock.now()
        consultation = make.make_consultation(db)
        starts_at = more.get("starts_at") or now + timedelta(days=7)
        meeting = make.make_meeting(db, consultation, starts_at=starts_at)
        thread = make.make_thread(db, consultation, meeting=meeting)
        return thread, quarrel(db, thread, 5, now=now), make.make_other_citizen(db)


def test_a_refused_reply_keeps_its_text_and_says_when(app: Flask) -> None:
    thread, last, bent = hot_branch(app)
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    make.sign_in(app, client, bent)
    answer = client.post(
        f"/threads/{thread.id}/posts", data={"parent_id": last.id, "body": "Min lange tekst"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert 100 < int(answer.headers["Retry-After"]) <= 120
    assert "Min lange tekst</textarea>" in page
    assert "I to har skrevet sammen 5 gange her. Vent til kl." in page
    assert f'<a href="/meetings/{thread.meeting_id}">Se mødet</a>' in page


def test_our_own_script_gets_the_sentence_and_the_seconds(app: Flask) -> None:
    thread, last, bent = hot_branch(app)
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    make.sign_in(app, client, bent)
    answer = client.post(
        f"/threads/{thread.id}/posts",
        data={"parent_id": last.id, "body": "Nej"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert "tag spørgsmålet med på borgermødet" in answer.get_json()["error"]


def test_the_writer_is_told_before_he_writes(app: Flask) -> None:
    _thread, last, bent = hot_branch(app)
    client = app.test_client()
    make.sign_in(app, client, bent)
    page = client.get(f"/posts/{last.id}/reply").get_data(as_text=True)
    assert "Vent til kl." in page


def test_without_a_meeting_to_come_none_is_offered(app: Flask) -> None:
    now = clock.now()
    _thread, last, bent = hot_branch(app, now=now, starts_at=now - timedelta(days=3))
    client = app.test_client()
    make.sign_in(app, client, bent)
    page = client.get(f"/posts/{last.id}/reply").get_data(as_text=True)
    assert "før du svarer." in page
    assert "Se mødet" not in page


def test_from_level_8_the_meeting_is_offered_to_all(app: Flask) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        starts_at = clock.now() + timedelta(days=7)
        meeting = make.make_meeting(db, consultation, starts_at=starts_at)
        thread = make.make_thread(db, consultation, meeting=meeting)
        post = make.make_post(db, thread)
        chain = [post]
        for level in range(2, 8):
            chain.append(make.make_post(db, thread, under=chain[-1], body=f"Niveau {level}"))
        signe = make.make_citizen(db, "Signe Lund")
    client = app.test_client()
    make.sign_in(app, client, signe)
    deep = "Samtalen er nået langt ned i tråden."
    assert deep in client.get(f"/posts/{chain[-1].id}/reply").get_data(as_text=True)
    assert deep not in client.get(f"/posts/{chain[-2].id}/reply").get_data(as_text=True)


def test_the_public_page_tells_the_steps(app: Flask) -> None:
    page = app.test_client().get("/limits").get_data(as_text=True)
    assert "først 2 minutter, så 5, så 15 og derefter 60 minutter" in page
    assert commands.LONGEST_POST == 5_000
