"""Signing up and off, the line, and the code that opens a seat."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent
from dialog.consultations.models import State
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.mail.models import OutgoingMail
from dialog.meetings import commands, forgetting, queries, seat_queries, seats
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.meetings.planning import MeetingContent
from dialog.notifications import queries as notifications
from dialog.people import codes
from dialog.permissions import VISITOR, Actor
from tests import make
from tests.make import NOW


@pytest.fixture
def meeting(db: Session) -> Meeting:
    """A meeting of an open dialogue with three seats."""
    return make.make_meeting(db, make.make_consultation(db), capacity=3)


def sign_up(
    db: Session,
    meeting: Meeting,
    name: str = "Ulla Brix",
    *,
    actor: Actor = VISITOR,
    seats_wanted: int = 1,
    code: str | None = None,
) -> SignUp:
    wish = seats.Wish(name=name, email=f"{name.split()[0].lower()}@eksempel.dk", seats=seats_wanted)
    return seats.sign_up(
        db, actor, meeting_id=meeting.id, wish=wish, code=code or f"code of {name}", now=NOW
    )


def cancel(db: Session, meeting: Meeting, name: str) -> None:
    seats.cancel(db, VISITOR, meeting_id=meeting.id, code=f"code of {name}", now=NOW)


def change(db: Session, meeting: Meeting, name: str, wanted: int) -> SignUp:
    return seats.change_seats(
        db, VISITOR, meeting_id=meeting.id, code=f"code of {name}", seats=wanted, now=NOW
    )


def standing(db: Session) -> dict[str, str]:
    """Everyone's name, and whether he has a seat or waits."""
    found = db.scalars(select(SignUp).order_by(SignUp.id))
    return {each.name: each.place.value for each in found}


def mails(db: Session) -> list[tuple[str, str]]:
    """Receiver and subject of every mail, the first first."""
    found = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(each.recipient, each.subject) for each in found]


def test_one_without_an_account_gets_a_seat_and_a_mail_with_the_code(
    db: Session, meeting: Meeting
) -> None:
    seat = sign_up(db, meeting, code="K7QF-9M2X-4RTB")
    assert (seat.place, seat.user_id) == (Place.SEATED, None)
    mail = db.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "ulla@eksempel.dk"
    assert mail.subject == "Du er tilmeldt: Borgermøde om budgettet"
    assert "K7QF-9M2X-4RTB" in mail.body
    assert "/seat/K7QF-9M2X-4RTB" in mail.body
    assert "Kulturhuset, Havnegade 1" in mail.body


def test_the_code_is_stored_as_a_hash_alone(db: Session, meeting: Meeting) -> None:
    seat = sign_up(db, meeting, code="K7QF-9M2X-4RTB")
    assert "K7QF" not in str(seat.__dict__)
    assert seat_queries.seat_with_code(db, " k7qf 9m2x 4rtb ") is seat


def test_one_who_is_signed_in_signs_up_in_his_own_name(db: Session, meeting: Meeting) -> None:
    karen = make.make_citizen(db)
    seat = sign_up(db, meeting, "En Anden", actor=karen)
    assert (seat.name, seat.email) == ("Karen Møllegaard", "karen.moellegaard@eksempel.dk")
    assert seat_queries.seat_of(db, karen, meeting.id) is seat
    with pytest.raises(AlreadyDone):
        sign_up(db, meeting, actor=karen, code="another")


def test_pressing_twice_takes_one_seat(db: Session, meeting: Meeting) -> None:
    assert sign_up(db, meeting) is sign_up(db, meeting)
    assert len(mails(db)) == 1


def test_when_the_seats_are_taken_the_next_ones_wait_in_line(db: Session, meeting: Meeting) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=3)
    first, second = sign_up(db, meeting, "Bo Dam"), sign_up(db, meeting, "Cia Lund")
    assert standing(db) == {"Ane Falk": "seated", "Bo Dam": "waiting", "Cia Lund": "waiting"}
    assert [seat_queries.place_in_line(db, each) for each in (first, second)] == [1, 2]
    assert mails(db)[-1] == ("cia@eksempel.dk", "Du er på ventelisten: Borgermøde om budgettet")


def test_a_seat_given_back_goes_to_the_first_in_line_who_is_told(
    db: Session, meeting: Meeting
) -> None:
    for name in ("Ane Falk", "Bo Dam", "Cia Lund", "Dan Krog", "Eva Toft"):
        sign_up(db, meeting, name)
    cancel(db, meeting, "Bo Dam")
    assert standing(db) == {
        "Ane Falk": "seated",
        "Cia Lund": "seated",
        "Dan Krog": "seated",
        "Eva Toft": "waiting",
    }
    assert mails(db)[-1] == ("dan@eksempel.dk", "Der blev plads til dig: Borgermøde om budgettet")


def test_one_with_an_account_reads_of_his_seat_in_the_inbox_too(
    db: Session, meeting: Meeting
) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=3)
    karen = make.make_citizen(db)
    sign_up(db, meeting, actor=karen, code="karen's")
    cancel(db, meeting, "Ane Falk")
    lines, _more = notifications.inbox_lines(db, karen.id or 0)
    assert [line.title for line in lines] == ["Du har fået plads: Borgermøde om budgettet"]


def test_a_seat_too_few_for_a_family_goes_to_the_next_it_is_enough_for(
    db: Session, meeting: Meeting
) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=2)
    sign_up(db, meeting, "Bo Dam")
    sign_up(db, meeting, "Familien Lund", seats_wanted=2)
    sign_up(db, meeting, "Dan Krog")
    cancel(db, meeting, "Bo Dam")
    assert standing(db)["Familien Lund"] == "waiting"
    assert standing(db)["Dan Krog"] == "seated"
    cancel(db, meeting, "Ane Falk")
    assert standing(db)["Familien Lund"] == "seated"


def test_fewer_seats_let_somebody_else_in(db: Session, meeting: Meeting) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=3)
    sign_up(db, meeting, "Bo Dam")
    change(db, meeting, "Ane Falk", 2)
    assert standing(db)["Bo Dam"] == "seated"


def test_more_seats_are_given_only_while_there_are_some(db: Session, meeting: Meeting) -> None:
    seat = sign_up(db, meeting, "Ane Falk", seats_wanted=2)
    assert change(db, meeting, "Ane Falk", 3).seats == 3
    with pytest.raises(InvalidInput) as refused:
        change(db, meeting, "Ane Falk", 4)
    assert list(refused.value.fields) == ["seats"]
    assert seat.seats == 3


def test_a_larger_hall_lets_the_line_in(db: Session, meeting: Meeting) -> None:
    for name in ("Ane Falk", "Bo Dam", "Cia Lund", "Dan Krog", "Eva Toft"):
        sign_up(db, meeting, name)
    set_capacity(db, meeting, 4)
    assert list(standing(db).values()) == ["seated"] * 4 + ["waiting"]
    set_capacity(db, meeting, None)
    assert set(standing(db).values()) == {"seated"}


def test_a_smaller_hall_takes_no_seat_back(db: Session, meeting: Meeting) -> None:
    for name in ("Ane Falk", "Bo Dam", "Cia Lund"):
        sign_up(db, meeting, name)
    set_capacity(db, meeting, 1)
    assert set(standing(db).values()) == {"seated"}
    assert seat_queries.numbers(db, meeting).left == 0
    assert sign_up(db, meeting, "Dan Krog").place is Place.WAITING


def test_without_a_capacity_everyone_gets_in(db: Session) -> None:
    meeting = make.make_meeting(db, make.make_consultation(db))
    assert {sign_up(db, meeting, f"Nr{n} Falk", seats_wanted=4).place for n in range(5)} == {
        Place.SEATED
    }


@pytest.mark.parametrize("wanted", [0, -1, 5, 10_000])
def test_nobody_takes_half_the_hall(db: Session, meeting: Meeting, wanted: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        sign_up(db, meeting, seats_wanted=wanted)
    assert list(refused.value.fields) == ["seats"]


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "a@eksempel.dk", "name"), ("Ane", "no mail", "email"), ("Ane", None, "email")],
)
def test_a_name_and_a_mail_address_are_needed(
    db: Session, meeting: Meeting, name: str, email: str | None, field: str
) -> None:
    wish = seats.Wish(name=name, email=email, seats=1)
    with pytest.raises(InvalidInput) as refused:
        seats.sign_up(db, VISITOR, meeting_id=meeting.id, wish=wish, code="x", now=NOW)
    assert list(refused.value.fields) == [field]


def test_nobody_signs_up_for_what_is_cancelled_over_or_a_draft(db: Session) -> None:
    dialogue = make.make_consultation(db)
    off = make.make_meeting(db, dialogue, cancelled_at=NOW, cancelled_reason="Vand")
    held = make.make_meeting(db, dialogue, starts_at=NOW - timedelta(days=2))
    draft = make.make_meeting(db, make.make_consultation(db, "kladde", state=State.DRAFT))
    for meeting in (off, held):
        with pytest.raises(TooLate):
            sign_up(db, meeting)
    with pytest.raises(NotFound):
        sign_up(db, draft)


def test_a_wrong_code_another_meetings_and_a_cancelled_one_look_alike(
    db: Session, meeting: Meeting
) -> None:
    other = make.make_meeting(db, make.make_consultation(db, "skoler"))
    sign_up(db, other, "Bo Dam")
    sign_up(db, meeting, "Cia Lund")
    cancel(db, meeting, "Cia Lund")
    said = set()
    for code in ("never was", "code of Bo Dam", "code of Cia Lund"):
        with pytest.raises(NotFound) as refused:
            seats.cancel(db, VISITOR, meeting_id=meeting.id, code=code, now=NOW)
        said.add(str(refused.value))
    assert said == {"seat"}
    assert standing(db) == {"Bo Dam": "seated"}


def test_cancelling_deletes_name_and_address_at_once(db: Session, meeting: Meeting) -> None:
    sign_up(db, meeting)
    cancel(db, meeting, "Ulla Brix")
    assert standing(db) == {}


def test_every_step_is_in_the_audit_without_a_name(db: Session, meeting: Meeting) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=3)
    sign_up(db, meeting, "Bo Dam")
    change(db, meeting, "Ane Falk", 2)
    cancel(db, meeting, "Ane Falk")
    found = db.scalars(
        select(AuditEvent)
        .where(AuditEvent.object_type == "meeting_sign_ups")
        .order_by(AuditEvent.seq)
    ).all()
    assert [event.action for event in found] == [
        "sign_up_seated",
        "sign_up_waiting",
        "sign_up_changed",
        "sign_up_cancelled",
    ]
    assert {(event.commitment, event.reason) for event in found} == {(None, None)}


def test_names_are_deleted_two_weeks_after_the_meeting_and_numbers_stay(
    db: Session, meeting: Meeting
) -> None:
    sign_up(db, meeting, "Ane Falk", seats_wanted=3).arrived = 2
    sign_up(db, meeting, "Bo Dam")
    db.flush()
    assert seat_queries.over_with_names(db, meeting.ends_at) == []
    assert seat_queries.over_with_names(db, meeting.ends_at + timedelta(hours=1)) == [meeting.id]
    later = meeting.ends_at + forgetting.KEPT
    forgetting.forget_names(db, meeting_id=meeting.id, now=later)
    assert standing(db) == {}
    assert (meeting.signed_up, meeting.attendance) == (3, 2)
    assert seat_queries.numbers(db, meeting).seated == 3
    assert seat_queries.over_with_names(db, later) == []


def test_a_count_of_the_room_is_not_overwritten_by_the_ticks(db: Session, meeting: Meeting) -> None:
    sign_up(db, meeting).arrived = 1
    meeting.attendance = 131
    db.flush()
    forgetting.forget_names(db, meeting_id=meeting.id, now=NOW + timedelta(days=30))
    assert meeting.attendance == 131


def test_codes_are_long_readable_and_each_their_own() -> None:
    made = {codes.new_code() for _each in range(2_000)}
    assert len(made) == 2_000
    assert all(len(code) == 14 and not set(code) & set("01ILOU") for code in made)
    assert 30**codes.LENGTH > 2**58


def test_a_code_drawn_from_the_same_seed_is_the_same() -> None:
    assert codes.code_from("secret", "a") == codes.code_from("secret", "a")
    assert len({codes.code_from(s, seed) for s in ("secret", "other") for seed in "ab"}) == 4


def set_capacity(db: Session, meeting: Meeting, capacity: int | None) -> None:
    names = MeetingContent.__dataclass_fields__
    told = {name: getattr(meeting, name) for name in names} | {"capacity": capacity}
    content = MeetingContent(**told)
    commands.edit_meeting(db, make.make_chief(db), meeting_id=meeting.id, content=content, now=NOW)
    assert queries.access_meeting(db, VISITOR, meeting.id).capacity == capacity
