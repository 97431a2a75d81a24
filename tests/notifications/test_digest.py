"""The one daily mail."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation
from dialog.debates import commands as debates
from dialog.debates.models import Post, Thread
from dialog.meetings.models import Meeting
from dialog.moderation import commands as moderation
from dialog.notifications import digest, following, queries, wishes
from dialog.notifications.models import DigestRound, Topic, When
from tests import make
from tests.notifications.post_office import (
    done,
    html_of,
    outbox,
    send_due,
    store_of,
    text_of,
    thread_of,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DAY_1 = datetime(2028, 9, 13, 7, 0, tzinfo=COPENHAGEN)
DAY_2 = DAY_1 + timedelta(days=1)
BETWEEN = DAY_1 + timedelta(hours=5)


@pytest.fixture
def thread(app: Flask) -> Thread:
    """A thread that Karen follows, after the installation's first round."""
    found = thread_of(app)
    write(app, DAY_1)

    def follow(db: Session) -> None:
        karen = make.make_citizen(db)
        following.follow_thread(db, karen, thread_id=found.id, now=DAY_1)

    done(app, follow)
    return found


def write(app: Flask, now: datetime) -> None:
    """The job, once."""
    with app.app_context():
        digest.write_digests(now.astimezone(UTC))


def bent_writes(
    app: Flask, thread: Thread, body: str = "Det koster nattesøvnen.", now: datetime = BETWEEN
) -> Post:
    return done(
        app,
        lambda db: make.make_post(db, thread, make.make_other_citizen(db), body=body, now=now),
    )


def digests(app: Flask, now: datetime = DAY_2) -> list[str]:
    """The texts of the daily mails that leave now."""
    write(app, now)
    return [
        text_of(mail) for mail in send_due(app, now) if mail["Subject"].startswith("Nyt i debatten")
    ]


def test_what_is_new_in_a_followed_thread_comes_the_next_morning(
    app: Flask, thread: Thread
) -> None:
    post = bent_writes(app, thread)
    assert digests(app, DAY_2 - timedelta(seconds=1)) == []
    (text,) = digests(app)
    assert thread.title.upper() in text
    assert "Bent Juhl skriver" in text
    assert "Det koster nattesøvnen." in text
    assert f"http://localhost/posts/{post.id}" in text


def test_the_newest_stands_first_and_the_rest_is_counted(app: Flask, thread: Thread) -> None:
    for number in range(7):
        bent_writes(app, thread, f"Indlæg nummer {number}.", BETWEEN + timedelta(minutes=number))
    (text,) = digests(app)
    places = [text.index(f"nummer {number}.") for number in (6, 5, 4, 3, 2)]
    assert places == sorted(places)
    assert "nummer 1." not in text
    assert "Og 2 mere i tråden" in text


def test_a_day_s_mail_comes_once_however_often_the_worker_looks(app: Flask, thread: Thread) -> None:
    bent_writes(app, thread)
    assert len(digests(app)) == 1
    for minutes in (1, 30, 600):
        assert digests(app, DAY_2 + timedelta(minutes=minutes)) == []
    assert digests(app, DAY_2 + timedelta(days=1)) == []


def test_without_news_there_is_no_mail(app: Flask, thread: Thread) -> None:
    assert digests(app) == []
    assert outbox(app) == []


def test_what_one_wrote_oneself_is_no_news(app: Flask, thread: Thread) -> None:
    done(app, lambda db: make.make_post(db, thread, now=BETWEEN))
    assert digests(app) == []


def test_a_reply_that_was_mailed_is_not_told_again(app: Flask, thread: Thread) -> None:
    own = done(app, lambda db: make.make_post(db, thread, now=DAY_1))
    done(
        app,
        lambda db: make.make_post(
            db, thread, make.make_other_citizen(db), under=own, body="Enig.", now=BETWEEN
        ),
    )
    assert len(send_due(app, BETWEEN + timedelta(minutes=10))) == 1
    assert digests(app) == []


def test_a_reply_of_one_who_wants_them_daily_stands_in_it_once(app: Flask, thread: Thread) -> None:
    own = done(app, lambda db: make.make_post(db, thread, now=DAY_1))

    def choose_and_reply(db: Session) -> None:
        wishes.choose(db, make.make_citizen(db), {Topic.OWN: When.DAILY}, now=DAY_1)
        bent = make.make_other_citizen(db)
        make.make_post(db, thread, bent, under=own, body="Helt enig.", now=BETWEEN)

    done(app, choose_and_reply)
    (text,) = digests(app)
    assert text.count("Helt enig.") == 1
    assert "Bent Juhl har svaret dig" in text


@pytest.mark.parametrize("kind", ["hidden", "withdrawn", "draft"])
def test_what_can_not_be_read_any_more_never_leaves(app: Flask, thread: Thread, kind: str) -> None:
    """Also when the mail was written before and waits for its server."""
    post = bent_writes(app, thread)
    write(app, DAY_2)

    def take_away(db: Session) -> None:
        if kind == "hidden":
            mette = make.make_moderator(db)
            moderation.hide_post(db, mette, post_id=post.id, reason="Nævner et barn", now=DAY_2)
        elif kind == "withdrawn":
            debates.withdraw_post(db, make.make_other_citizen(db), post_id=post.id, now=DAY_2)
        else:
            db.execute(update(Consultation).values(state="draft"))

    done(app, take_away)
    for later in (DAY_2, DAY_2 + timedelta(days=9)):
        assert "nattesøvnen" not in "".join(map(str, send_due(app, later)))


def test_a_muted_thread_and_a_left_one_are_silent(app: Flask, thread: Thread) -> None:
    bent_writes(app, thread)
    for silence in (following.mute_thread, following.leave_thread):

        def quiet(db: Session, silence: object = silence) -> None:
            assert callable(silence)
            silence(db, make.make_citizen(db), thread_id=thread.id, now=BETWEEN)

        done(app, quiet)
    assert digests(app) == []


def test_who_wants_no_daily_mail_gets_none(app: Flask, thread: Thread) -> None:
    def choose(db: Session) -> None:
        never = dict.fromkeys((Topic.THREADS, Topic.DIALOGUES), When.NEVER)
        wishes.choose(db, make.make_citizen(db), never, now=BETWEEN)

    done(app, choose)
    bent_writes(app, thread)
    assert digests(app) == []


def test_minutes_and_questions_and_answers_are_news_of_the_thread(
    app: Flask, thread: Thread
) -> None:
    def happen(db: Session) -> None:
        bent, anders = make.make_other_citizen(db), make.make_politician(db)
        question = make.make_question(db, thread, bent, now=BETWEEN)
        make.make_post(db, thread, anders, under=question, body="Plejen gør.", now=BETWEEN)
        meeting = db.get_one(Meeting, thread.meeting_id)
        meeting.minutes_published_at = BETWEEN

    done(app, happen)
    (mail,) = [text for text in digests(app) if "Karen" in text]
    assert "Bent Juhl spørger" in mail
    assert "Anders Toft har svaret på et spørgsmål" in mail
    assert "Referatet fra borgermødet er lagt ud" in mail


def test_a_dialogue_that_opens_and_one_that_is_decided_are_news(app: Flask, thread: Thread) -> None:
    def happen(db: Session) -> None:
        consultation = db.get_one(Consultation, thread.consultation_id)
        consultation.opened_at, consultation.decided_at = BETWEEN, BETWEEN + timedelta(hours=1)
        consultation.decision_summary = "Forslaget er trukket."

    done(app, happen)
    texts = digests(app)
    assert len(texts) > 1  # everybody hears it
    for text in texts:
        assert "Dialogen er åbnet" in text
        assert "Forslaget er trukket." in text


def test_a_post_just_before_the_hour_waits_its_ten_minutes(app: Flask, thread: Thread) -> None:
    bent_writes(app, thread, now=DAY_2 - timedelta(minutes=5))
    assert digests(app) == []
    assert len(digests(app, DAY_2 + timedelta(days=1))) == 1


def test_two_rounds_meet_without_a_gap(app: Flask, thread: Thread) -> None:
    moments = [DAY_2 - timedelta(minutes=10), DAY_2 - timedelta(minutes=10, microseconds=-1)]
    for number, at in enumerate(moments):
        bent_writes(app, thread, f"Indlæg nummer {number}.", at)
    (first,), (second,) = digests(app), digests(app, DAY_2 + timedelta(days=1))
    assert "nummer 0." in first
    assert "nummer 1." not in first
    assert "nummer 1." in second
    assert "nummer 0." not in second


def test_an_installation_s_first_morning_tells_of_nothing(app: Flask) -> None:
    thread = thread_of(app)
    done(
        app,
        lambda db: following.follow_thread(
            db, make.make_citizen(db), thread_id=thread.id, now=DAY_1 - timedelta(days=9)
        ),
    )
    bent_writes(app, thread, now=DAY_1 - timedelta(days=1))
    assert digests(app, DAY_1) == []


def test_a_worker_that_was_away_tells_later_the_same_day(app: Flask, thread: Thread) -> None:
    bent_writes(app, thread)
    assert len(digests(app, DAY_2 + timedelta(hours=9))) == 1


def test_a_round_that_stood_still_overnight_is_ended_and_nobody_gets_two(
    app: Flask, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "BATCH", 1)

    def others_follow(db: Session) -> None:
        for name in ("Ole Bo", "Ib Friis"):
            person = make.make_citizen(db, name)
            following.follow_thread(db, person, thread_id=thread.id, now=DAY_1)

    done(app, others_follow)
    bent_writes(app, thread)
    with app.app_context():
        digest._begin(store_of(app), date(2028, 9, 14), DAY_2.astimezone(UTC))
        for _person in range(3):
            digest._write_some(store_of(app), date(2028, 9, 14), DAY_2.astimezone(UTC))
    before = len([mail for mail in outbox(app) if mail.writer == digest.WRITER])
    write(app, DAY_2 + timedelta(days=1))
    told = [mail.user_id for mail in outbox(app) if mail.writer == digest.WRITER]
    assert before < len(told)
    assert len(told) == len(set(told)) == 3
    write(app, DAY_2 + timedelta(days=1, hours=1))
    assert len([mail for mail in outbox(app) if mail.writer == digest.WRITER]) == 3


def test_lines_and_mail_are_one_change(app: Flask, thread: Thread) -> None:
    """A line belongs to one daily mail for ever, so no two tell it."""
    own = done(app, lambda db: make.make_post(db, thread, now=DAY_1))

    def choose_and_reply(db: Session) -> None:
        wishes.choose(db, make.make_citizen(db), {Topic.OWN: When.DAILY}, now=DAY_1)
        make.make_post(db, thread, make.make_other_citizen(db), under=own, body="A.", now=BETWEEN)

    done(app, choose_and_reply)
    write(app, DAY_2)
    with make.committed(app) as db:
        (line,) = queries.inbox_lines(db, own.author_id or 0)[0]
        assert line.mail_id == outbox(app)[-1].id


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        # The night to summer time: 02:00 becomes 03:00.
        (date(2028, 3, 25), time(7), datetime(2028, 3, 25, 6, 0, tzinfo=UTC)),
        (date(2028, 3, 26), time(7), datetime(2028, 3, 26, 5, 0, tzinfo=UTC)),
        (date(2028, 3, 26), time(2, 30), datetime(2028, 3, 26, 1, 30, tzinfo=UTC)),
        # The night to winter time: 03:00 becomes 02:00, and 02:30 comes twice.
        (date(2028, 10, 28), time(7), datetime(2028, 10, 28, 5, 0, tzinfo=UTC)),
        (date(2028, 10, 29), time(7), datetime(2028, 10, 29, 6, 0, tzinfo=UTC)),
        (date(2028, 10, 29), time(2, 30), datetime(2028, 10, 29, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_one_on_danish_walls(day: date, at: time, due: datetime) -> None:
    assert digest.moment_of(day, at) == due


@pytest.mark.parametrize("sunday", [date(2028, 3, 26), date(2028, 10, 29)])
def test_over_a_change_of_clocks_there_is_one_round_a_day(app: Flask, sunday: date) -> None:
    begin = datetime.combine(sunday - timedelta(days=1), time(), COPENHAGEN).astimezone(UTC)
    for minutes in range(0, 3 * 24 * 60, 20):
        write(app, begin + timedelta(minutes=minutes))
    with make.committed(app) as db:
        days = [one.day for one in db.query(DigestRound).order_by(DigestRound.day)]
    assert days == [sunday + timedelta(days=ahead) for ahead in (-1, 0, 1)]


def test_the_mail_is_a_page_of_places_with_links_into_the_debate(
    app: Flask, thread: Thread
) -> None:
    post = bent_writes(app, thread)
    write(app, DAY_2)
    (mail,) = send_due(app, DAY_2)
    html = html_of(mail)
    assert f'href="http://localhost/threads/{thread.id}"' in html
    assert f'href="http://localhost/posts/{post.id}"' in html
    assert "http://localhost/me/mails" in html
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
