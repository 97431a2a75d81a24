"""Running the hall: opening it, who answers, raising hands and giving the word."""

import hashlib
import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import queries
from dialog.agenda.hall import live as hall_live
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall.models import Hall, HallSpeaker, Hand, HandState
from dialog.agenda.hall.queries import InLine
from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.debates import oral
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.permissions import Action, Actor, demand

MOST_WAITING = 200  # hands: beyond that nobody would get to speak anyway
_CODE_FROM, _CODE_TO = 10_000, 99_999


def open_hall(db: Session, actor: Actor, *, meeting_id: int, now: datetime) -> Hall:
    """The hall with its code; opened twice it is the same.

    Raises: NotFound, NotAllowed, TooLate for a meeting that was cancelled.
    """
    meeting = _to_run(db, actor, meeting_id)
    found = hall_queries.hall(db, meeting.id)
    if found is not None:
        return found
    hall = Hall(meeting_id=meeting.id, code=_free_code(db), rev=1, opened_at=now)
    db.add(hall)
    db.flush()
    audit.append(db, actor, "hall_opened", ("halls", meeting.id), now=now)
    hall_live.announce_changed(db, meeting.id)
    return hall


def name_answerer(
    db: Session, actor: Actor, *, meeting_id: int, politician_id: int | None, now: datetime
) -> Hall:
    """The hall, with the one on the panel who answers now on its screen; None is nobody.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (politician).
    """
    meeting = _to_run(db, actor, meeting_id)
    hall = _opened(db, meeting)
    seated = {one.user_id for one in hall_queries.panel(db, meeting.id)}
    if politician_id is not None and politician_id not in seated:
        raise InvalidInput({"politician": _("Vælg en af dem i panelet.")})
    hall.answering_id = politician_id
    _tell(db, actor, "hall_answerer_named", meeting, now)
    return hall


def raise_hand(
    db: Session, actor: Actor, *, meeting_id: int, code: str, name: str, key: str, now: datetime
) -> InLine:
    """The hand, last among those who have spoken as often. Raised twice it is the same.

    key: what the phone keeps, and is known by. code: as the screen shows it.
    Raises: NotFound, TooLate, InvalidInput (fields code, name).
    """
    queries.lock_agenda(db, meeting_id)
    meeting = meetings.access_meeting(db, actor, meeting_id)
    _demand_on(meeting, now)
    if (hall := _opened(db, meeting)).code != "".join(sign for sign in code if sign.isdigit()):
        raise InvalidInput({"code": _("Koden passer ikke. Den står på skærmen i salen.")})
    name = _checked_name(name)
    hashed = key_hash(key)
    speaker = hall_queries.speaker_with_key(db, meeting.id, hashed)
    if speaker is None:
        speaker = HallSpeaker(
            meeting_id=hall.meeting_id, key_hash=hashed, user_id=actor.id, joined_at=now
        )
        db.add(speaker)
    speaker.name = name
    return _raised(db, actor, meeting, speaker, now)


def add_hand(db: Session, actor: Actor, *, meeting_id: int, name: str, now: datetime) -> InLine:
    """The hand of somebody in the room, as the chair sees it.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (name).
    """
    meeting = _to_run(db, actor, meeting_id)
    _opened(db, meeting)
    name = _checked_name(name)
    speaker = hall_queries.speaker_in_room(db, meeting.id, name)
    if speaker is None:
        speaker = HallSpeaker(meeting_id=meeting.id, name=name, joined_at=now)
        db.add(speaker)
    return _raised(db, actor, meeting, speaker, now)


def lower_own(db: Session, actor: Actor, *, meeting_id: int, key: str, now: datetime) -> None:
    """Takes back the hand that this phone has raised; nothing, if it has none in the air."""
    queries.lock_agenda(db, meeting_id)
    meeting = meetings.access_meeting(db, actor, meeting_id)
    speaker = hall_queries.speaker_with_key(db, meeting.id, key_hash(key))
    hand = hall_queries.open_hand(db, speaker.id) if speaker else None
    if hand is None or hand.state is not HandState.WAITING:
        return
    hand.state, hand.ended_at = HandState.LOWERED, now
    _tell(db, actor, "hand_lowered", meeting, now, hand)


def give_word(
    db: Session, actor: Actor, *, meeting_id: int, hand_id: int | None = None, now: datetime
) -> InLine | None:
    """Who speaks from now on: the first in line, unless the chair names another.

    Whoever spoke before is done. None, if nobody waits.
    Raises: NotFound, NotAllowed, TooLate, AlreadyDone for a hand that was lowered meanwhile.
    """
    meeting = _to_run(db, actor, meeting_id)
    waiting = [one for one in hall_queries.line(db, meeting.id) if _waits(one)]
    if hand_id is None:
        chosen = waiting[0] if waiting else None
    else:
        chosen = hall_queries.hand_of(db, meeting.id, hand_id)
        if chosen.hand.state is HandState.SPEAKING:
            return chosen
        if not _waits(chosen):
            raise AlreadyDone(_("Hånden er taget ned imens."))
    _end_speech(db, meeting, now)
    if chosen is None:
        return None
    chosen.hand.state, chosen.hand.called_at = HandState.SPEAKING, now
    chosen.speaker.spoken += 1
    _tell(db, actor, "word_given", meeting, now, chosen.hand)
    return chosen


def end_word(db: Session, actor: Actor, *, meeting_id: int, now: datetime) -> None:
    """Takes the word back from whoever speaks. Raises: NotFound, NotAllowed, TooLate."""
    meeting = _to_run(db, actor, meeting_id)
    if _end_speech(db, meeting, now):
        _tell(db, actor, "word_ended", meeting, now)


def pass_over(db: Session, actor: Actor, *, meeting_id: int, hand_id: int, now: datetime) -> Hand:
    """The hand, off the line because its owner has left or said it already.

    Raises: NotFound, NotAllowed, TooLate.
    """
    meeting = _to_run(db, actor, meeting_id)
    found = hall_queries.hand_of(db, meeting.id, hand_id)
    if _waits(found):
        found.hand.state, found.hand.ended_at = HandState.LOWERED, now
        _tell(db, actor, "hand_passed_over", meeting, now, found.hand)
    return found.hand


def new_key() -> str:
    """What a phone keeps, so that nobody else can lower its hand."""
    return secrets.token_urlsafe(24)


def key_hash(key: str) -> str:
    """What is stored of it."""
    return hashlib.sha256(key.encode()).hexdigest()


def _raised(
    db: Session, actor: Actor, meeting: Meeting, speaker: HallSpeaker, now: datetime
) -> InLine:
    db.flush()
    hand = hall_queries.open_hand(db, speaker.id)
    if hand is not None:
        return InLine(hand, speaker)
    if len(hall_queries.line(db, meeting.id)) >= MOST_WAITING:
        raise TooLate(_("Der er så mange i kø, at vi ikke når flere. Skriv det i tråden i stedet."))
    hand = Hand(
        meeting_id=meeting.id, speaker_id=speaker.id, state=HandState.WAITING, raised_at=now
    )
    db.add(hand)
    db.flush()
    _tell(db, actor, "hand_raised", meeting, now, hand)
    return InLine(hand, speaker)


def _end_speech(db: Session, meeting: Meeting, now: datetime) -> bool:
    spoke = [one.hand for one in hall_queries.line(db, meeting.id) if not _waits(one)]
    for hand in spoke:
        hand.state, hand.ended_at = HandState.SPOKEN, now
    return bool(spoke)


def _waits(one: InLine) -> bool:
    return one.hand.state is HandState.WAITING


def _to_run(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    demand(actor, Action.RUN_MEETING)
    queries.lock_agenda(db, meeting_id)
    meeting = meetings.access_to_run(db, actor, meeting_id)
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst."))
    return meeting


def _opened(db: Session, meeting: Meeting) -> Hall:
    found = hall_queries.hall(db, meeting.id)
    if found is None:
        raise TooLate(_("Salen er ikke åbnet endnu."))
    return found


def _demand_on(meeting: Meeting, now: datetime) -> None:
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst."))
    if meeting.ends_at + oral.AFTER_HOURS < now:
        raise TooLate(_("Mødet er slut. Skriv det i tråden i stedet."))


def _checked_name(name: str) -> str:
    name = html.one_line(name)
    if not name:
        raise InvalidInput({"name": _("Skriv et navn, så mødelederen kan kalde på dig.")})
    if len(name) > oral.LONGEST_NAME:
        raise InvalidInput({"name": _("Navnet er for langt. Der er plads til 80 tegn.")})
    return name


def _free_code(db: Session) -> str:
    while True:
        code = str(secrets.randbelow(_CODE_TO - _CODE_FROM + 1) + _CODE_FROM)
        if hall_queries.hall_with_code(db, code) is None:
            return code


def _tell(
    db: Session,
    actor: Actor,
    action: str,
    meeting: Meeting,
    now: datetime,
    hand: Hand | None = None,
) -> None:
    db.flush()
    hall_queries.turn(db, meeting.id)
    thing = ("hall_hands", hand.id) if hand else ("halls", meeting.id)
    audit.append(db, actor, action, thing, now=now)
    hall_live.announce_changed(db, meeting.id)
