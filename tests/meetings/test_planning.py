"""What cannot be a meeting, and what those who come are told of a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.core.errors import InvalidInput, NotAllowed
from dialog.gate import calling_off
from dialog.gate import commands as gate
from dialog.mail.models import OutgoingMail
from dialog.meetings import commands, seats, staffing, words
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from dialog.notifications import queries as notifications
from dialog.people.models import User
from dialog.permissions import VISITOR
from tests import make
from tests.make import NOW

CONTENT = MeetingContent(
    title="Skoler og dagtilbud",
    place="Fjordbyhallen",
    room="Store Sal",
    address="Hallevej 2",
    starts_at=NOW + timedelta(days=7),
    ends_at=NOW + timedelta(days=7, hours=2),
)


@pytest.fixture
def dialogue(db: Session) -> Consultation:
    """A dialogue that is open, with another meeting far away."""
    found = make.make_consultation(db)
    make.make_meeting(db, found, starts_at=NOW + timedelta(days=20))
    return found


def schedule(db: Session, dialogue: Consultation, **changes: Any) -> Meeting:
    content = replace(CONTENT, **changes)
    chief = make.make_chief(db)
    return commands.schedule_meeting(
        db, chief, consultation_id=dialogue.id, content=content, now=NOW
    )


def edit(db: Session, meeting: Meeting, **changes: Any) -> Meeting:
    content = replace(CONTENT, **changes)
    chief = make.make_chief(db)
    return commands.edit_meeting(db, chief, meeting_id=meeting.id, content=content, now=NOW)


def refused(db: Session, dialogue: Consultation, **changes: Any) -> dict[str, str]:
    """What is said about a meeting like this."""
    with pytest.raises(InvalidInput) as error:
        schedule(db, dialogue, **changes)
    plain = {ord("\N{NO-BREAK SPACE}"): " "}
    return {name: sentence.translate(plain) for name, sentence in error.value.fields.items()}


def come(db: Session, meeting: Meeting, name: str = "Ulla Brix", locale: str = "da") -> None:
    """Somebody without an account signs up."""
    mail = f"{name.split()[0].lower()}@eksempel.dk"
    wish = seats.Wish(name=name, email=mail, seats=1, locale=locale)
    seats.sign_up(db, VISITOR, meeting_id=meeting.id, wish=wish, code=f"code {name}", now=NOW)


def mails(db: Session) -> list[OutgoingMail]:
    """Every mail but those with a code, the first first."""
    found = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [mail for mail in found if not mail.dedupe_key.startswith("seat:")]


def test_a_meeting_lies_ahead(db: Session, dialogue: Consultation) -> None:
    past = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}
    assert refused(db, dialogue, **past) == {"day": "Den dag er gået. Vælg en dag, der kommer."}


def test_a_meeting_comes_before_the_decision(db: Session, dialogue: Consultation) -> None:
    late = datetime(2028, 10, 11, 17, tzinfo=UTC)
    said = refused(db, dialogue, starts_at=late, ends_at=late + timedelta(hours=2))
    assert said["day"].startswith("Byrådet beslutter tirsdag 10. oktober.")
    meeting = schedule(db, dialogue)
    with pytest.raises(InvalidInput):
        edit(db, meeting, starts_at=late, ends_at=late + timedelta(hours=2))


def test_two_meetings_are_not_in_one_room_at_one_time(db: Session, dialogue: Consultation) -> None:
    schedule(db, dialogue)
    other = make.make_consultation(db, "skoler")
    later = {
        "starts_at": CONTENT.ends_at - timedelta(minutes=1),
        "ends_at": CONTENT.ends_at + timedelta(hours=1),
    }
    said = refused(db, other, place="fjordbyhallen", room=" store  sal", **later)
    assert said == {
        "place": "“Skoler og dagtilbud” er i samme lokale onsdag kl. 12–14. "
        "Vælg et andet lokale eller en anden tid."
    }
    assert schedule(db, other, room="Lille Sal", **later)
    after = {"starts_at": CONTENT.ends_at, "ends_at": CONTENT.ends_at + timedelta(hours=1)}
    assert schedule(db, other, **after)


def test_a_cancelled_meeting_leaves_its_room(db: Session, dialogue: Consultation) -> None:
    first = schedule(db, dialogue)
    commands.cancel_meeting(db, make.make_chief(db), meeting_id=first.id, reason="Vand", now=NOW)
    assert schedule(db, dialogue)


def test_a_meeting_is_not_in_its_own_way(db: Session, dialogue: Consultation) -> None:
    assert edit(db, schedule(db, dialogue), title="Skoler").title == "Skoler"


@pytest.mark.parametrize("capacity", [0, -5, 20_001])
def test_a_hall_has_a_sensible_number_of_seats(
    db: Session, dialogue: Consultation, capacity: int
) -> None:
    assert list(refused(db, dialogue, capacity=capacity)) == ["capacity"]


@pytest.mark.parametrize(
    "url", ["http://tv.example/1", "javascript:alert(1)", "https://", "tv.example", "https://[x"]
)
def test_a_stream_is_linked_safely_or_not_at_all(
    db: Session, dialogue: Consultation, url: str
) -> None:
    assert list(refused(db, dialogue, stream_url=url)) == ["stream_url"]
    assert schedule(db, dialogue, stream_url="https://tv.example/1").stream_url


def test_a_meeting_that_moves_keeps_where_it_was(db: Session, dialogue: Consultation) -> None:
    meeting = schedule(db, dialogue)
    before = meeting.version
    later = {name: getattr(CONTENT, name) + timedelta(days=1) for name in ("starts_at", "ends_at")}
    edit(db, meeting, **later, place="Rådhuset", room="")
    assert (meeting.moved_at, meeting.moved_from_at) == (NOW, CONTENT.starts_at)
    assert meeting.moved_from_place == "Fjordbyhallen, Store Sal"
    assert meeting.version == before + 1


def test_in_a_draft_nothing_was_announced_so_nothing_moves(db: Session) -> None:
    draft = make.make_consultation(db, state=State.DRAFT)
    meeting = schedule(db, draft)
    assert edit(db, meeting, place="Rådhuset").moved_at is None


def test_a_move_is_told_to_everyone_who_comes_once(db: Session, dialogue: Consultation) -> None:
    meeting = schedule(db, dialogue)
    come(db, meeting)
    come(db, meeting, "Tom Wood", locale="en")
    edit(db, meeting, place="Rådhuset", room="Byrådssalen")
    told = mails(db)
    assert [mail.recipient for mail in told] == ["tom@eksempel.dk", "ulla@eksempel.dk"]
    danish = told[1]
    assert danish.subject == "Flyttet: Skoler og dagtilbud"
    assert "Rådhuset, Byrådssalen, Hallevej 2" in danish.body
    assert "Fjordbyhallen, Store Sal" in danish.body


def test_a_new_way_in_is_told_too_and_a_new_title_is_not(
    db: Session, dialogue: Consultation
) -> None:
    meeting = schedule(db, dialogue)
    come(db, meeting)
    edit(db, meeting, title="Skoler", chair="En anden", capacity=80)
    assert mails(db) == []
    edit(db, meeting, wheelchair="Porten i gården")
    assert [mail.subject for mail in mails(db)] == ["Ændret: Skoler og dagtilbud"]
    assert "Porten i gården" in mails(db)[0].body
    assert meeting.moved_at is None


def test_staff_panel_and_guests_with_an_account_hear_of_it_once_each(
    db: Session, dialogue: Consultation
) -> None:
    meeting = schedule(db, dialogue)
    karen, anders = make.make_citizen(db), make.make_politician(db)
    for one in (karen, anders):
        db.get_one(User, one.id).confirmed_at = NOW
    staffing.name_staff(
        db,
        make.make_chief(db),
        meeting_id=meeting.id,
        chairs=[karen.id or 0],
        note_takers=[make.make_chief(db).id or 0],
        panel=[anders.id or 0],
        now=NOW,
    )
    wish = seats.Wish(name="", email=None, seats=1)
    seats.sign_up(db, karen, meeting_id=meeting.id, wish=wish, code="karen's", now=NOW)
    commands.cancel_meeting(
        db, make.make_chief(db), meeting_id=meeting.id, reason="Salen er oversvømmet.", now=NOW
    )
    assert sorted(mail.recipient for mail in mails(db)) == [
        "anders.toft@eksempel.dk",
        "karen.moellegaard@eksempel.dk",
    ]
    assert all("Salen er oversvømmet." in mail.body for mail in mails(db))
    for one in (karen, anders):
        lines, _more = notifications.inbox_lines(db, one.id or 0)
        assert [(line.title, line.excerpt) for line in lines] == [
            ("Skoler og dagtilbud er aflyst", "Salen er oversvømmet.")
        ]


def test_an_official_account_that_is_not_confirmed_gets_no_mail(
    db: Session, dialogue: Consultation
) -> None:
    meeting = schedule(db, dialogue)
    anders, chief = make.make_politician(db), make.make_chief(db)
    db.get_one(User, anders.id).confirmed_at = None
    staffing.name_staff(db, chief, meeting_id=meeting.id, panel=[anders.id or 0], now=NOW)
    edit(db, meeting, place="Rådhuset")
    assert mails(db) == []
    lines, _more = notifications.inbox_lines(db, anders.id or 0)
    assert [line.title for line in lines] == ["Skoler og dagtilbud er flyttet"]


def test_the_last_meeting_of_an_open_dialogue_goes_once_rule_four_is_set_aside(
    db: Session,
) -> None:
    dialogue = make.make_consultation(db)
    meeting = schedule(db, dialogue)
    line, birgit = make.make_chief(db), make.make_chief(db, "Birgit Holm")

    def cancel() -> Meeting:
        return calling_off.cancel_meeting(
            db, line, meeting_id=meeting.id, reason="Ingen sal i byen.", now=NOW
        )

    with pytest.raises(InvalidInput, match="fravig råd 4 offentligt"):
        cancel()
    gate.request_override(
        db, line, slug=dialogue.slug, rule="oral", reason="Alle sale er lukket.", now=NOW
    )
    with pytest.raises(InvalidInput):
        cancel()
    gate.approve_override(db, birgit, slug=dialogue.slug, rule="oral", now=NOW)
    assert cancel().cancelled_at == NOW


def test_a_politician_cancels_nothing(db: Session, dialogue: Consultation) -> None:
    meeting = schedule(db, dialogue)
    with pytest.raises(NotAllowed):
        calling_off.cancel_meeting(
            db, make.make_politician(db), meeting_id=meeting.id, reason="Nej", now=NOW
        )


@pytest.mark.parametrize(
    ("place", "danish"),
    [
        ("Kulturhuset", "i Kulturhuset"),
        ("Fjordbyhallen", "i Fjordbyhallen"),
        ("Østre Skole", "på Østre Skole"),
        ("Biblioteket", "på Biblioteket"),
        ("Rådhuset, Byrådssalen", "på Rådhuset, Byrådssalen"),
        ("hos Kær Beboerforening", "hos Kær Beboerforening"),
        ("", ""),
    ],
)
def test_a_place_is_spoken_of_as_danes_do(place: str, danish: str) -> None:
    assert words.at_place(place, "da") == danish


def test_in_english_one_is_at_a_place() -> None:
    assert words.at_place("Kulturhuset", "en") == "at Kulturhuset"
