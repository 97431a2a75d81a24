"""One click in a mail ends its like (RFC 8058)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import Session

from dialog.debates.models import Thread
from dialog.mail.commands import DELAY
from dialog.mail.standing import About
from dialog.notifications import commands, digest, following, queries, stopping, wishes
from dialog.notifications.models import FollowState, Topic, When
from dialog.notifications.stopping import Stop
from dialog.permissions import Actor
from tests import make
from tests.make import NOW
from tests.notifications.post_office import done, send_due, thread_of
from tests.people.browser import send

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def thread(app: Flask) -> Thread:
    return thread_of(app)


@pytest.fixture
def karen(app: Flask) -> Actor:
    return done(app, make.make_citizen)


def link(app: Flask, who: int | str, what: str, which: int | str = 0) -> str:
    """The path of the link."""
    with app.app_context():
        return stopping.link_to(Stop(who, what, which)).removeprefix("http://localhost")


def wish(app: Flask, actor: Actor, topic: Topic) -> When:
    with make.committed(app) as db:
        return wishes.wish_for(db, actor.id or 0, topic)


def state(app: Flask, actor: Actor, thread: Thread) -> FollowState:
    with make.committed(app) as db:
        return queries.stand_on(db, actor.id, thread.id)


def test_the_header_of_a_reply_s_mail_mutes_its_thread_at_one_click(
    app: Flask, client: FlaskClient, thread: Thread, karen: Actor
) -> None:
    def talk(db: Session) -> None:
        own = make.make_post(db, thread, karen)
        make.make_post(db, thread, make.make_other_citizen(db), under=own, body="Enig.")

    done(app, talk)
    (mail,) = [one for one in send_due(app, NOW + DELAY) if one["To"].startswith("karen")]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    answer = client.post(address, data=ONE_CLICK)
    assert answer.status_code == 200
    assert state(app, karen, thread) is FollowState.MUTED


def test_no_session_no_token_and_no_cookie_is_needed(
    app: Flask, karen: Actor, thread: Thread
) -> None:
    browser = app.test_client(use_cookies=False)
    path = link(app, karen.id or 0, "thread", thread.id)
    assert browser.post(path, data=ONE_CLICK).status_code == 200
    assert state(app, karen, thread) is FollowState.MUTED


def test_looking_changes_nothing(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    """Mail scanners follow every link."""
    path = link(app, karen.id or 0, "thread", thread.id)
    for look in (client.get, client.head, client.options):
        look(path)
    assert "Stop dem" in client.get(path).text
    assert thread.title in client.get(path).text
    assert state(app, karen, thread) is FollowState.LEFT


def test_it_can_be_undone_on_the_same_page(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    path = link(app, karen.id or 0, "thread", thread.id)
    assert "Fortryd" in client.post(path, data=ONE_CLICK).text
    client.post(path, data={"undo": "1"})
    assert state(app, karen, thread) is FollowState.FOLLOWING


def test_twice_is_once(app: Flask, client: FlaskClient, karen: Actor, thread: Thread) -> None:
    path = link(app, karen.id or 0, "thread", thread.id)
    for _twice in range(2):
        assert client.post(path, data=ONE_CLICK).status_code == 200


@pytest.mark.parametrize("forge", ["cut", "flipped", "empty", "other key", "other salt"])
def test_a_link_that_we_did_not_make_ends_nothing(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, forge: str
) -> None:
    path = link(app, karen.id or 0, "thread", thread.id)
    key, payload = "a secret that is only good for tests", [karen.id, "thread", thread.id]
    forged = {
        "cut": path[:-1],
        "flipped": path[:-1] + ("A" if path[-1] != "A" else "B"),
        "empty": "/mail/stop/x",
        "other key": f"/mail/stop/{URLSafeSerializer('k', salt='mail-stop').dumps(payload)}",
        "other salt": f"/mail/stop/{URLSafeSerializer(key, salt='x').dumps(payload)}",
    }[forge]
    assert client.post(forged, data=ONE_CLICK).status_code == 404
    assert client.get(forged).status_code == 404
    assert state(app, karen, thread) is FollowState.LEFT


def test_a_link_ends_its_own_person_s_mails_alone(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    bent = done(app, make.make_other_citizen)
    make.sign_in(app, client, bent)
    client.post(link(app, karen.id or 0, "thread", thread.id), data=ONE_CLICK)
    assert state(app, karen, thread) is FollowState.MUTED
    assert state(app, bent, thread) is FollowState.LEFT


def test_a_form_from_a_foreign_page_is_still_refused(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    path = link(app, karen.id or 0, "thread", thread.id)
    foreign = {"Origin": "https://ond.example"}
    assert client.post(path, data=ONE_CLICK, headers=foreign).status_code == 404


def test_ending_the_daily_mail_ends_all_that_comes_in_it_and_undo_brings_it_back(
    app: Flask, client: FlaskClient, karen: Actor
) -> None:
    done(app, lambda db: wishes.choose(db, karen, {Topic.ANSWERS: When.DAILY}, now=NOW))
    path = link(app, karen.id or 0, "digest")
    page = client.post(path, data=ONE_CLICK).text
    for topic in (Topic.THREADS, Topic.DIALOGUES, Topic.ANSWERS):
        assert wish(app, karen, topic) is When.NEVER
        assert f'value="{topic}"' in page
    assert wish(app, karen, Topic.OWN) is When.AT_ONCE
    client.post(path, data={"undo": "1", "topic": ["threads", "dialogues", "answers"]})
    assert wish(app, karen, Topic.ANSWERS) is When.DAILY


def test_a_duty_can_be_put_off_to_the_daily_mail_but_never_silenced(
    app: Flask, client: FlaskClient
) -> None:
    anders = done(app, make.make_politician)
    page = client.post(link(app, anders.id or 0, "topic", "duties"), data=ONE_CLICK).text
    assert "daglige mail" in page
    assert wish(app, anders, Topic.DUTIES) is When.DAILY
    client.post(link(app, anders.id or 0, "digest"), data=ONE_CLICK)
    assert wish(app, anders, Topic.DUTIES) is When.DAILY


def test_an_address_without_an_account_ends_its_own_and_nothing_of_it_is_kept(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    about = About("meeting", thread.meeting_id)

    def told(key: str) -> bool:
        def tell(db: Session) -> bool:
            return bool(
                commands.tell_address(
                    db,
                    "ida@eksempel.dk",
                    "meeting_changed",
                    params={"meeting": "Mødet"},
                    link="/meetings/1",
                    excerpt="",
                    about=about,
                    dedupe_key=key,
                    now=NOW,
                )
            )

        return done(app, tell)

    assert told("a")
    (mail,) = send_due(app, NOW + DELAY)
    address = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert "ida" not in address
    client.post(address, data=ONE_CLICK)
    assert not told("b")
    client.post(address, data={"undo": "1"})
    assert told("c")


def test_the_page_of_one_s_mails_keeps_what_is_chosen(
    app: Flask, client: FlaskClient, karen: Actor
) -> None:
    make.sign_in(app, client, karen)
    assert "Vælg, hvad du vil have mail om" in client.get("/me").text
    chosen = {"own": "daily", "answers": "never", "meetings": "at_once", "threads": "never",
              "dialogues": "daily"}  # fmt: skip
    assert send(client, "/me/mails", **chosen).status_code == 303
    assert wish(app, karen, Topic.OWN) is When.DAILY
    assert wish(app, karen, Topic.THREADS) is When.NEVER


@pytest.mark.parametrize("field", ["threads", "duties"])
def test_what_cannot_be_chosen_is_refused(app: Flask, client: FlaskClient, field: str) -> None:
    anders = done(app, make.make_politician)
    make.sign_in(app, client, anders)
    chosen = {"own": "daily", "answers": "never", "meetings": "at_once", "duties": "daily",
              "threads": "never", "dialogues": "daily"}  # fmt: skip
    bad = {"threads": "at_once", "duties": "never"}[field]
    assert send(client, "/me/mails", **chosen | {field: bad}).status_code == 422
    assert wish(app, anders, Topic.DUTIES) is When.AT_ONCE


def test_a_stopped_digest_that_waits_does_not_leave(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    morning = NOW + timedelta(days=1)
    with app.app_context():
        digest.write_digests(NOW)

    def talk(db: Session) -> None:
        following.follow_thread(db, karen, thread_id=thread.id, now=NOW)
        make.make_post(db, thread, make.make_other_citizen(db), now=NOW + timedelta(hours=1))

    done(app, talk)
    with app.app_context():
        digest.write_digests(morning)
    client.post(link(app, karen.id or 0, "digest"), data=ONE_CLICK)
    assert send_due(app, morning) == []
