"""What is mailed, when, and whether it may still leave."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.debates import commands as debates
from dialog.debates import editing
from dialog.debates.models import Post, Thread
from dialog.mail import delivery
from dialog.mail.commands import DELAY
from dialog.mail.letters import Words
from dialog.mail.models import MailState
from dialog.mail.standing import About
from dialog.moderation import commands as moderation
from dialog.notifications import announcing, commands, following, queries, wishes
from dialog.notifications.models import Topic, When
from dialog.people.models import User
from dialog.permissions import Actor
from tests import make
from tests.make import NOW
from tests.notifications.post_office import (
    done,
    html_of,
    outbox,
    send_due,
    settings_of,
    store_of,
    text_of,
    thread_of,
)

LATER = NOW + DELAY


@pytest.fixture
def thread(app: Flask) -> Thread:
    return thread_of(app)


@pytest.fixture
def own(app: Flask, thread: Thread) -> Post:
    """What Karen wrote."""
    return done(app, lambda db: make.make_post(db, thread))


def reply(
    app: Flask, own: Post, body: str = "Det kender jeg godt.", now: datetime = NOW, name: str = ""
) -> Post:
    """What Bent, or somebody else, answers Karen."""

    def write(db: Session) -> Post:
        who = make.make_citizen(db, name) if name else make.make_other_citizen(db)
        thread = db.get_one(Thread, own.thread_id)
        return make.make_post(db, thread, who, under=own, body=body, now=now)

    return done(app, write)


def tell_karen(
    app: Flask, kind: str = "reply", now: datetime = NOW, link: str = "/inbox", **more: str
) -> None:
    def tell(db: Session) -> None:
        karen = make.make_citizen(db).id or 0
        params = {"name": "Bent Juhl", "meeting": "Borgermødet", **more}
        commands.tell(db, karen, kind, params=params, link=link, excerpt="Hej", now=now)

    done(app, tell)


def test_a_mail_waits_ten_minutes_and_leads_to_the_post(app: Flask, own: Post) -> None:
    answer = reply(app, own)
    assert send_due(app, LATER - timedelta(seconds=1)) == []
    (mail,) = send_due(app, LATER)
    assert mail["To"] == "karen.moellegaard@eksempel.dk"
    assert mail["Subject"] == "Bent Juhl har svaret dig"
    for body in (text_of(mail), html_of(mail)):
        assert "Det kender jeg godt." in body
        assert f"http://localhost/posts/{answer.id}" in body


def test_a_hidden_post_never_leaves(app: Flask, own: Post) -> None:
    answer = reply(app, own)
    done(
        app,
        lambda db: moderation.hide_post(
            db,
            make.make_moderator(db),
            post_id=answer.id,
            reason="Nævner et barn",
            now=NOW,
        ),
    )
    assert send_due(app, LATER) == []
    assert send_due(app, LATER + timedelta(days=30)) == []
    assert outbox(app)[-1].state is MailState.DROPPED


def test_a_withdrawn_post_never_leaves(app: Flask, own: Post) -> None:
    answer = reply(app, own)
    done(
        app,
        lambda db: debates.withdraw_post(
            db, make.make_other_citizen(db), post_id=answer.id, now=NOW
        ),
    )
    assert send_due(app, LATER) == []


def test_a_post_hidden_while_the_server_is_away_never_leaves(app: Flask, own: Post) -> None:
    """It was taken once, the server was away, and it is looked at again before the next try."""
    answer = reply(app, own)
    away = replace(settings_of(app), smtp_url="smtp://127.0.0.1:1")
    with app.app_context():
        assert delivery.deliver_waiting(store_of(app), away, LATER) == 0
    done(
        app,
        lambda db: moderation.hide_post(
            db,
            make.make_moderator(db),
            post_id=answer.id,
            reason="Nævner et barn",
            now=NOW,
        ),
    )
    assert send_due(app, LATER + timedelta(hours=1)) == []


def test_what_was_hidden_and_came_back_in_time_leaves(app: Flask, own: Post) -> None:
    answer = reply(app, own)
    for decide in (moderation.hide_post, moderation.restore_post):

        def decided(db: Session, decide: Callable[..., object] = decide) -> None:
            reason = "Det var en fejl, beklager"
            decide(db, make.make_moderator(db), post_id=answer.id, reason=reason, now=NOW)

        done(app, decided)
    (mail,) = send_due(app, LATER)
    assert f"/posts/{answer.id}" in text_of(mail)
    assert "Det kender jeg godt." in text_of(mail)


def test_nothing_leaves_of_a_dialogue_that_is_no_longer_public(app: Flask, own: Post) -> None:
    reply(app, own)
    done(app, lambda db: db.execute(update(Consultation).values(state=State.DRAFT)))
    assert send_due(app, LATER) == []


def test_a_text_mended_in_the_ten_minutes_is_mailed_as_it_now_stands(app: Flask, own: Post) -> None:
    answer = reply(app, own, "Ring til Per på 22 33 44 55.")
    done(
        app,
        lambda db: editing.edit_post(
            db,
            make.make_other_citizen(db),
            post_id=answer.id,
            body="Ring til Per.",
            edition=1,
            now=NOW,
        ),
    )
    (mail,) = send_due(app, LATER)
    assert "Ring til Per." in text_of(mail)
    assert "22 33" not in str(mail)


def test_several_replies_within_ten_minutes_are_one_mail(app: Flask, own: Post) -> None:
    first = reply(app, own, "Den første.")
    second = reply(app, own, "Den anden.", NOW + timedelta(minutes=9), "Signe Lund")
    (mail,) = send_due(app, LATER)
    assert mail["Subject"] == "Bent Juhl har svaret dig – og 1 mere"
    assert f"/posts/{first.id}" in text_of(mail)
    assert f"/posts/{second.id}" in text_of(mail)
    assert send_due(app, LATER + DELAY) == []


def test_of_several_replies_only_those_that_stand_are_told(app: Flask, own: Post) -> None:
    first = reply(app, own, "Den første.")
    reply(app, own, "Den anden.", NOW + timedelta(minutes=9), "Signe Lund")
    done(
        app,
        lambda db: debates.withdraw_post(
            db, make.make_other_citizen(db), post_id=first.id, now=NOW
        ),
    )
    (mail,) = send_due(app, LATER)
    assert mail["Subject"] == "Signe Lund har svaret dig"
    assert "Den første" not in str(mail)


def test_what_comes_after_the_mail_has_left_is_a_mail_of_its_own(app: Flask, own: Post) -> None:
    reply(app, own, "Den første.")
    assert len(send_due(app, LATER)) == 1
    reply(app, own, "Den anden.", LATER, "Signe Lund")
    (mail,) = send_due(app, LATER + DELAY)
    assert "Den første" not in text_of(mail)


def test_a_sign_in_mail_leaves_at_once_and_before_all_others(app: Flask, own: Post) -> None:
    reply(app, own)
    done(
        app,
        lambda db: commands.post_mail(
            db, "ny@eksempel.dk", subject="Bekræft", body="Hej", dedupe_key="x", now=NOW
        ),
    )
    assert [mail["Subject"] for mail in send_due(app, NOW)] == ["Bekræft"]


def test_at_once_is_for_replies_answers_meetings_and_duties_alone(app: Flask) -> None:
    for kind in ("reply", "answer", "meeting_changed", "followed_answer"):
        tell_karen(app, kind, link=f"/inbox?{kind}")
    tell_karen(app, "duty", due=LATER.isoformat(), link="/inbox?duty")
    tell_karen(app, "hidden", thread="Skolen")
    assert len(outbox(app)) == 5


@pytest.mark.parametrize("wish", [When.DAILY, When.NEVER])
def test_who_wants_no_mail_at_once_gets_none(app: Flask, own: Post, wish: When) -> None:
    def choose(db: Session) -> None:
        wishes.choose(db, make.make_citizen(db), {Topic.OWN: wish}, now=NOW)

    done(app, choose)
    reply(app, own)
    assert send_due(app, LATER) == []
    with make.committed(app) as db:
        (line,) = queries.inbox_lines(db, own.author_id or 0)[0]
        assert line.is_for_digest == (wish is When.DAILY)


def test_a_muted_thread_is_silent_but_for_what_one_owes(app: Flask, thread: Thread) -> None:
    def mute_and_tell(db: Session) -> None:
        karen, about = make.make_citizen(db), About("thread", thread.id)
        following.mute_thread(db, karen, thread_id=thread.id, now=NOW)
        for kind in ("reply", "answer", "duty"):
            commands.tell(
                db,
                karen.id or 0,
                kind,
                params={"name": "Bent Juhl", "due": LATER.isoformat()},
                link="/inbox",
                excerpt="",
                now=NOW,
                about=about,
                thread_id=thread.id,
            )

    done(app, mute_and_tell)
    (mail,) = send_due(app, LATER)
    assert mail["Subject"].startswith("Du har fået et spørgsmål fra Bent Juhl")


def test_muting_stops_also_what_waits(app: Flask, own: Post) -> None:
    reply(app, own)
    done(
        app,
        lambda db: following.mute_thread(
            db, make.make_citizen(db), thread_id=own.thread_id, now=NOW
        ),
    )
    assert send_due(app, LATER) == []


def test_after_ten_mails_a_day_the_rest_comes_in_the_daily_one(app: Flask) -> None:
    for number in range(commands.MOST_AT_ONCE + 3):
        tell_karen(app, "meeting_changed", link=f"/inbox?{number}")
    assert len(send_due(app, LATER)) == commands.MOST_AT_ONCE
    for number in range(3):  # these always come
        tell_karen(app, "reply", link=f"/inbox?r{number}")
    assert len(send_due(app, LATER)) == 3
    tomorrow = NOW + timedelta(days=1)
    tell_karen(app, "meeting_changed", now=tomorrow, link="/inbox?tomorrow")
    assert len(send_due(app, tomorrow + DELAY)) == 1


def test_whoever_lost_his_confirmed_address_meanwhile_gets_nothing(app: Flask, own: Post) -> None:
    reply(app, own)
    done(app, lambda db: db.execute(update(User).values(confirmed_at=None)))
    assert send_due(app, LATER) == []


def test_a_mail_speaks_its_receiver_s_language(app: Flask, own: Post) -> None:
    done(app, lambda db: db.execute(update(User).values(locale="en")))
    reply(app, own)
    (mail,) = send_due(app, LATER)
    assert mail["Content-Language"] == "en"
    assert 'lang="en"' in html_of(mail)


def test_a_mail_fetches_nothing_and_holds_no_script(app: Flask, own: Post) -> None:
    reply(app, own, "<img src=https://ond.example/x.png><script>alert(1)</script>")
    (mail,) = send_due(app, LATER)
    html = html_of(mail)
    for word in ("<img", "<script", 'src="', "url(", "@import", "<link"):
        assert word not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_unknown_kind_is_refused(app: Flask) -> None:
    with pytest.raises(KeyError):
        tell_karen(app, "no such kind")


ADDRESS = "Ida@eksempel.dk"


def tell_ida(app: Flask, meeting_id: int, key: str = "k") -> object:
    return done(
        app,
        lambda db: commands.tell_address(
            db,
            ADDRESS,
            "meeting_changed",
            params={"meeting": "Borgermødet i Havnsø"},
            link=f"/meetings/{meeting_id}",
            excerpt="Mødet er flyttet til Hallen.",
            about=About("meeting", meeting_id),
            dedupe_key=key,
            now=NOW,
        ),
    )


def test_an_address_without_an_account_is_told_of_its_meeting(app: Flask, thread: Thread) -> None:
    tell_ida(app, thread.meeting_id)
    assert send_due(app, NOW) == []
    (mail,) = send_due(app, LATER)
    assert mail["To"] == ADDRESS
    assert mail["Subject"] == "Borgermødet i Havnsø er ændret"
    assert f"http://localhost/meetings/{thread.meeting_id}" in text_of(mail)
    assert "/mail/stop/" in mail["List-Unsubscribe"]
    assert "Mødet er flyttet til Hallen." in html_of(mail)


def test_an_address_is_told_once_a_key(app: Flask, thread: Thread) -> None:
    for _twice in range(2):
        tell_ida(app, thread.meeting_id)
    assert len(send_due(app, LATER)) == 1


def test_an_address_hears_nothing_of_a_dialogue_that_is_no_longer_public(
    app: Flask, thread: Thread
) -> None:
    tell_ida(app, thread.meeting_id)
    done(app, lambda db: db.execute(update(Consultation).values(state=State.DRAFT)))
    assert send_due(app, LATER) == []


def move_meeting(app: Flask, thread: Thread, user_id: int | None = None) -> None:
    """A mail in a room's own words, to Ida or to a person with an account."""

    def mail(db: Session) -> None:
        commands.mail_words(
            db,
            commands.Receiver(ADDRESS, "da", user_id),
            Words("Mødet er flyttet", "Hej\n\nMødet er nu i Hallen.\n"),
            topic=Topic.MEETINGS,
            about=About("meeting", thread.meeting_id),
            dedupe_key="moved",
            now=NOW,
        )

    done(app, mail)


@pytest.mark.parametrize("has_account", [True, False])
def test_a_room_s_own_words_wait_and_can_be_ended_by_one_click(
    app: Flask, thread: Thread, has_account: bool
) -> None:
    karen = done(app, make.make_citizen).id if has_account else None
    move_meeting(app, thread, karen)
    assert send_due(app, NOW) == []
    (mail,) = send_due(app, LATER)
    assert mail["List-Unsubscribe"].startswith("<http://localhost/mail/stop/")
    for body in (text_of(mail), html_of(mail)):
        assert "Mødet er nu i Hallen." in body
        assert mail["List-Unsubscribe"].strip("<>") in body


def test_a_room_s_own_words_are_not_mailed_to_who_wants_none(app: Flask, thread: Thread) -> None:
    karen = done(app, make.make_citizen)
    done(app, lambda db: wishes.choose(db, karen, {Topic.MEETINGS: When.NEVER}, now=NOW))
    move_meeting(app, thread, karen.id)
    assert outbox(app) == []


def test_inboxes_take_back_what_they_quoted(app: Flask, own: Post) -> None:
    answer = reply(app, own)
    done(
        app,
        lambda db: debates.withdraw_post(
            db, make.make_other_citizen(db), post_id=answer.id, now=NOW
        ),
    )
    with make.committed(app) as db:
        (line,) = queries.inbox_lines(db, own.author_id or 0)[0]
    assert line.excerpt == ""


def test_those_who_follow_a_question_hear_of_its_answer(app: Flask, thread: Thread) -> None:
    question = done(app, lambda db: make.make_question(db, thread))

    def follow_and_answer(db: Session) -> None:
        for name in ("Signe Lund", "Per Holm"):
            person = make.make_citizen(db, name)
            following.follow_question(db, person, question_id=question.id, now=NOW)
        anders: Actor = make.make_politician(db)
        make.make_post(db, thread, anders, under=question, body="Det gør plejen.", now=NOW)

    done(app, follow_and_answer)
    announced(app)
    mails = {mail["To"]: mail["Subject"] for mail in send_due(app, LATER)}
    assert mails.pop("karen.moellegaard@eksempel.dk").startswith("Anders Toft")
    followed = "Anders Toft har svaret på et spørgsmål, du følger"
    told = {"signe.lund@eksempel.dk": followed, "per.holm@eksempel.dk": followed}
    assert told.items() <= mails.items()


def test_news_for_many_is_told_to_each_once_however_often_the_worker_looks(
    app: Flask, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 2)
    names = ["Ole Bo", "Ib Friis", "Eva Dam", "Ane Lund", "Kaj Bro"]

    def prepare(db: Session) -> None:
        for name in names:
            following.follow_thread(db, make.make_citizen(db, name), thread_id=thread.id, now=NOW)
        announcing.announce(
            db,
            ("thread", thread.id),
            "reply",
            params={"name": "Bent"},
            link="/inbox",
            excerpt="",
            now=NOW,
            but=(make.make_citizen(db, "Eva Dam").id,),
        )

    done(app, prepare)
    for _again in range(3):
        announced(app)
    assert len(outbox(app)) == len(names) - 1


def test_news_of_what_was_hidden_before_it_was_told_reaches_nobody(
    app: Flask, thread: Thread
) -> None:
    question = done(app, lambda db: make.make_question(db, thread))

    def answer_and_withdraw(db: Session) -> None:
        person, anders = make.make_citizen(db, "Signe Lund"), make.make_politician(db)
        following.follow_question(db, person, question_id=question.id, now=NOW)
        made = make.make_post(db, thread, anders, under=question, body="Hemmeligt", now=NOW)
        debates.withdraw_post(db, anders, post_id=made.id, now=NOW)

    done(app, answer_and_withdraw)
    announced(app)
    assert [mail["To"] for mail in send_due(app, LATER)] == ["anders.toft@eksempel.dk"]  # his duty
    with make.committed(app) as db:
        signe = make.make_citizen(db, "Signe Lund").id or 0
        assert queries.inbox_lines(db, signe)[0] == []


def announced(app: Flask) -> None:
    """The job that tells many, once."""
    with app.app_context():
        announcing.tell_waiting(NOW)
