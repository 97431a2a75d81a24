"""What people raise from several sides: derived from the debate, offered to the chair, on paper."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda import queries, side_queries
from dialog.core import clock
from dialog.debates.models import Post, PostKind, PostState, Thread
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.agenda.people import meeting_of, publish
from tests.agenda.test_pages import chief, post


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db, make.make_consultation(db))


def karen(db: Session) -> Actor:
    return make.make_citizen(db, area="Havnen")


def bent(db: Session) -> Actor:
    return make.make_citizen(db, "Bent Juhl", area="Lyngholm")


def topic(db: Session, thread: Thread, words: str, *who: Actor, **more: Any) -> Post:
    """A topic that the first of them began, and the rest answered."""
    first = make.make_post(db, thread, who[0], body=words, **more)
    for one in who[1:]:
        make.make_post(db, thread, one, body="Sådan er det også hos os.", under=first)
    return first


def sides(db: Session, thread: Thread) -> list[str]:
    found = side_queries.many_sided(db, meeting_of(db, thread))
    return [one.branch.source for one in found]


def test_a_topic_counts_when_people_from_two_parts_of_town_wrote_in_it(
    db: Session, thread: Thread
) -> None:
    topic(db, thread, "Bussen holder op.", karen(db), bent(db))
    topic(db, thread, "Gulvet er glat.", karen(db), karen(db))
    assert sides(db, thread) == ["Bussen holder op."]
    [one] = side_queries.many_sided(db, meeting_of(db, thread))
    assert (one.areas, one.is_for_and_against) == (["Havnen", "Lyngholm"], False)


def test_a_topic_counts_when_it_is_argued_for_and_against(db: Session, thread: Thread) -> None:
    anna, ole = make.make_citizen(db, "Anna Friis"), make.make_citizen(db, "Ole Lund")
    first = topic(db, thread, "Luk den lille skole.", anna, kind=PostKind.ARGUMENT_FOR)
    assert sides(db, thread) == []
    make.make_post(
        db, thread, ole, body="Vejen er farlig.", under=first, kind=PostKind.ARGUMENT_AGAINST
    )
    [one] = side_queries.many_sided(db, meeting_of(db, thread))
    assert (one.areas, one.is_for_and_against) == ([], True)


def test_one_person_is_not_several_sides(db: Session, thread: Thread) -> None:
    first = topic(db, thread, "Både og.", karen(db), kind=PostKind.ARGUMENT_FOR)
    make.make_post(
        db, thread, karen(db), body="Eller ej.", under=first, kind=PostKind.ARGUMENT_AGAINST
    )
    again = make.make_post(db, thread, karen(db), body="Jeg er flyttet.", under=first)
    again.author_area = "Lyngholm"
    db.flush()
    assert sides(db, thread) == []


def test_the_same_part_of_town_spelled_in_two_ways_is_one(db: Session, thread: Thread) -> None:
    other = make.make_citizen(db, "Bent Juhl", area="HAVNEN")
    topic(db, thread, "Bussen holder op.", karen(db), other)
    assert sides(db, thread) == []


def test_more_parts_of_town_come_first_and_more_posts_count_for_nothing(
    db: Session, thread: Thread
) -> None:
    ida = make.make_citizen(db, "Ida Krogh", area="Østerby")
    topic(db, thread, "Talt om af to.", karen(db), *[bent(db) for _n in range(9)])
    topic(db, thread, "Talt om af tre.", karen(db), bent(db), ida)
    assert sides(db, thread) == ["Talt om af tre.", "Talt om af to."]


def test_what_is_hidden_is_neither_a_topic_nor_a_side(db: Session, thread: Thread) -> None:
    topic(db, thread, "Skjult emne.", karen(db), bent(db)).state = PostState.HIDDEN
    first = topic(db, thread, "Skjult side.", karen(db))
    make.make_post(db, thread, bent(db), body="Væk.", under=first).state = PostState.WITHDRAWN
    db.flush()
    assert sides(db, thread) == []


def test_the_chair_puts_such_a_topic_on_with_one_press_and_paper_says_so(
    app: Flask, client: FlaskClient
) -> None:
    now = clock.now()
    with make.committed(app) as db:
        dialogue = make.make_consultation(db)
        meeting = make.make_meeting(db, dialogue, starts_at=now + timedelta(days=7))
        thread = make.make_thread(db, dialogue, meeting=meeting)
        raised = topic(db, thread, "Bussen holder op klokken otte.", karen(db), bent(db))
    chief(app, client)
    address = f"/meetings/{meeting.id}/agenda/plan"
    page = client.get(address).text
    assert "Det rejser folk fra flere sider" in page
    assert "Fra Havnen og Lyngholm." in page
    assert f'value="{raised.id}"' not in page, "nothing is chosen before the rule is published"
    with make.committed(app) as db:
        publish(db, db.get_one(Meeting, meeting.id), by_chair=1, now=now)
    assert f'name="question_id" value="{raised.id}"' in client.get(address).text
    answer = post(client, f"/meetings/{meeting.id}/agenda/questions", {"question_id": raised.id})
    assert answer.status_code == 303
    with make.committed(app) as db:
        [item] = queries.items(db, meeting.id)
    assert f'Står på dagsordenen som <a href="#{item.code}">' in client.get(address).text
    pack = client.get(f"/meetings/{meeting.id}/pack").text
    assert f"på dagsordenen som <b>{item.code}</b>" in pack


def test_minutes_that_people_talk_about_are_no_topic(db: Session, thread: Thread) -> None:
    told = make.make_post(db, thread, make.make_chief(db), body="Referatet er her.")
    for who in (karen(db), bent(db)):
        make.make_post(db, thread, who, body="Tak.", under=told)
    assert sides(db, thread) == []
