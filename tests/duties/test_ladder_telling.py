"""What each one reads when the time runs out: his own part in it, and no mail in the night."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.debates import answering, promising
from dialog.debates.models import Post, Thread
from dialog.duties import queries
from dialog.duties.models import PromiseKind
from dialog.duties.promising import Pledge
from dialog.notifications.models import Notification
from dialog.people.models import OfficeTitle
from dialog.permissions import Actor
from tests import make
from tests.duties.owed import elect, make_mayor, make_member, make_owned_thread, tick
from tests.make import NOW
from tests.notifications.post_office import done, send_due, text_of

TO_THE_MEETING = "Spørgsmålet kommer med på det næste borgermøde."
PROMISE = "Jeg spørger forvaltningen om tallene."


def read(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """The sentences in the person's inbox with where they lead, the oldest first."""
    wanted = select(Notification).where(Notification.user_id == actor.id)
    lines = db.scalars(wanted.order_by(Notification.id))
    return [(line.title.replace("\N{NO-BREAK SPACE}", " "), line.link) for line in lines]


def let_time_go(db: Session, days: int = 20) -> None:
    """Looks at the clock on each of these days."""
    for day in range(days):
        tick(db, NOW + timedelta(days=day))


@pytest.fixture
def thread(db: Session) -> Thread:
    return make_owned_thread(db)


def test_each_reads_his_own_part_of_a_question_that_waits(db: Session, thread: Thread) -> None:
    mayor, secretary = make_mayor(db), make.make_secretary(db)
    carl, chair = make_member(db), make.make_politician(db)
    question = make.make_question(db, thread, body="Hvornår?")
    answering.hand_on_question(
        db, make.make_moderator(db), question_id=question.id, to_id=carl.id or 0, now=NOW
    )
    let_time_go(db)
    desk, post, due = f"/desk/{question.id}", f"/posts/{question.id}", "onsdag 20. september"
    assert read(db, carl)[1:] == [
        (f"Husk, at Karen Møllegaard skal have svar senest {due} kl. 23.59.", desk)
    ]
    assert read(db, secretary) == [
        (f"Carl Winther skal svare Karen Møllegaard senest {due} kl. 23.59.", desk)
    ]
    assert read(db, chair)[1:] == [
        ("Carl Winther har ikke svaret Karen Møllegaard inden fristen.", post)
    ]
    waits = "Karen Møllegaard venter stadig på svar fra Carl Winther."
    assert read(db, mayor) == [(f"{waits} {TO_THE_MEETING}", post)]


def test_who_stands_above_himself_is_spoken_to_as_the_one_who_owes_it(
    db: Session, thread: Thread
) -> None:
    toft = make.make_politician(db)
    elect(db, toft, "Ældreudvalget", OfficeTitle.MAYOR)
    question = make.make_question(db, thread, body="Hvornår?")
    let_time_go(db)
    assert [title for title, _link in read(db, toft)][2:] == [
        "Fristen er gået. Karen Møllegaard venter på dit svar.",
        f"Karen Møllegaard venter stadig på dit svar. {TO_THE_MEETING}",
    ]
    assert {link for _title, link in read(db, toft)} == {f"/desk/{question.id}"}


def promised(db: Session, thread: Thread, by: Actor) -> Post:
    """An answer with a promise for the next Friday."""
    question = make.make_question(db, thread, body="Hvornår?")
    answer = make.make_post(db, thread, by, under=question, body="Det finder jeg ud af.")
    pledge = Pledge(kind=PromiseKind.INVESTIGATING, text=PROMISE, day=date(2028, 9, 22))
    promising.make_promise(db, by, answer_id=answer.id, pledge=pledge, now=NOW)
    return answer


def test_a_promise_is_spoken_of_as_one_and_goes_to_no_meeting(db: Session, thread: Thread) -> None:
    mayor, secretary = make_mayor(db), make.make_secretary(db)
    toft = make.make_politician(db)
    answer = promised(db, thread, toft)
    let_time_go(db)
    desk, post = f"/desk/{answer.id}", f"/posts/{answer.id}"
    assert read(db, toft)[1:] == [
        ("Husk dit løfte. Fortæl senest fredag 22. september kl. 23.59, hvad der blev af det.",
         desk),
        ("Fristen for dit løfte er gået. Fortæl, hvad der blev af det.", desk),
    ]  # fmt: skip
    assert read(db, secretary) == [
        ("Anders Toft skal følge op på sit løfte senest fredag 22. september kl. 23.59.", post)
    ]
    assert read(db, mayor) == [("Anders Toft har stadig ikke fulgt op på sit løfte.", post)]
    excerpts = db.scalars(select(Notification.excerpt).where(Notification.link == desk))
    assert set(excerpts) == {PROMISE}


def test_a_promise_that_follows_the_office_says_so(db: Session, thread: Thread) -> None:
    toft, carl = make.make_politician(db), make_member(db)
    answer = promised(db, thread, toft)
    duty = queries.duty_of(db, answer.id)
    assert duty is not None
    duty.by_office = True
    elect(db, toft, "Økonomiudvalget", OfficeTitle.MEMBER)
    elect(db, carl, "Ældreudvalget", OfficeTitle.CHAIR)
    tick(db, NOW)
    title = "Et løfte, Anders Toft gav, ligger nu hos dig. Følg op senest fredag 22. september"
    assert read(db, carl)[-1] == (f"{title} kl. 23.59.", f"/desk/{answer.id}")


def test_who_asks_for_facts_is_named_to_the_administration(db: Session, thread: Thread) -> None:
    chief = make.make_chief(db)
    question = make.make_question(db, thread, body="Hvor mange?")
    answering.ask_for_facts(
        db, make.make_politician(db), question_id=question.id, reason="Hvor mange er det i dag?",
        until=date(2028, 9, 18), now=NOW,
    )  # fmt: skip
    assert read(db, chief)[-1] == (
        "Anders Toft beder forvaltningen om tal til et spørgsmål fra Karen Møllegaard.",
        f"/desk/{question.id}",
    )


def at(day: int, hour: int, minute: int) -> datetime:
    """The time in Denmark on that day of September."""
    return datetime(2028, 9, day, hour, minute, tzinfo=clock.COPENHAGEN)


def test_what_the_clock_says_at_night_is_mailed_in_the_morning(app: Flask) -> None:
    thread = done(app, make_owned_thread)
    done(app, lambda db: make.make_question(db, thread, body="Hvornår?"))
    assert len(send_due(app, NOW + timedelta(minutes=11))) == 1
    done(app, lambda db: tick(db, at(19, 0, 20)))
    assert send_due(app, at(19, 6, 59)) == []
    (mail,) = send_due(app, at(19, 7, 0))
    assert "Husk, at Karen Møllegaard skal have svar" in text_of(mail)


def test_what_the_clock_says_by_day_is_mailed_ten_minutes_after(app: Flask) -> None:
    thread = done(app, make_owned_thread)
    done(app, lambda db: make.make_question(db, thread, body="Hvornår?"))
    send_due(app, NOW + timedelta(minutes=11))
    done(app, lambda db: tick(db, at(19, 12, 0)))
    assert send_due(app, at(19, 12, 9)) == []
    assert len(send_due(app, at(19, 12, 10))) == 1
