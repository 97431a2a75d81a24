"""Reading the hall: who waits to speak, who answers, what is on the screen."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, case, false, select, update
from sqlalchemy.orm import Session

from dialog.agenda import point_queries
from dialog.agenda.hall.models import Hall, HallSpeaker, Hand, HandState
from dialog.agenda.point_queries import Point
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core.errors import NotFound
from dialog.debates.models import AtMeeting
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.meetings.models import Panelist as MeetingPanelist
from dialog.people.models import Party, User
from dialog.permissions import Actor

NEXT_UP = 2  # points the screen names beside the one that is on


@dataclass(frozen=True)
class InLine:
    """A raised hand and whose it is."""

    hand: Hand
    speaker: HallSpeaker


@dataclass(frozen=True)
class Panelist:
    """A politician on the panel."""

    user_id: int
    name: str
    letter: str | None

    @property
    def label(self) -> str:
        """As "Anders Toft (L)"."""
        return f"{self.name} ({self.letter})" if self.letter else self.name


@dataclass(frozen=True)
class Entering:
    """A meeting as somebody finds it who comes into its hall."""

    meeting: Meeting
    panel: list[Panelist]
    speaker: HallSpeaker | None  # whose phone it is
    may_run: bool


@dataclass
class Standing:
    """The hall as everyone sees it."""

    meeting: Meeting
    hall: Hall | None
    points: list[Point]
    panel: list[Panelist]
    speaking: InLine | None = None
    waiting: list[InLine] = field(default_factory=list)

    @property
    def rev(self) -> int:
        """Turns with everything below; 0 before the hall is opened."""
        return self.hall.rev if self.hall else 0

    @property
    def now(self) -> Point | None:
        """The point that the hall is at."""
        return next((one for one in self.points if one.item.state is AtMeeting.NOW), None)

    @property
    def coming(self) -> list[Point]:
        """What has not been taken up yet, in order."""
        return [one for one in self.points if one.item.state is AtMeeting.PLANNED]

    def hand_of(self, speaker: HallSpeaker | None) -> Hand | None:
        """The hand this speaker has in the air, or None."""
        hands = [*self.waiting, self.speaking] if self.speaking else self.waiting
        own = speaker.id if speaker else None
        return next((one.hand for one in hands if one.speaker.id == own), None)

    @property
    def answering(self) -> Panelist | None:
        """The politician who answers now."""
        if self.hall is None or self.hall.answering_id is None:
            return None
        return next((one for one in self.panel if one.user_id == self.hall.answering_id), None)


def access_hall(
    db: Session, actor: Actor, meeting_id: int, key_hash: str | None = None
) -> Entering:
    """The meeting with its panel, for one who comes into its hall: one query.

    key_hash: of the key that his phone may hold.
    Raises: NotFound.
    """
    holds_key = and_(HallSpeaker.meeting_id == Meeting.id, HallSpeaker.key_hash == key_hash)
    wanted = (
        select(
            Meeting, Consultation, HallSpeaker, meetings.is_run_by(actor),
            User.id, User.name, Party.letter,
        )
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .outerjoin(HallSpeaker, holds_key if key_hash else false())
        .outerjoin(MeetingPanelist, MeetingPanelist.meeting_id == Meeting.id)
        .outerjoin(User, User.id == MeetingPanelist.user_id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(Meeting.id == meeting_id)
        .order_by(MeetingPanelist.position, MeetingPanelist.id)
    )  # fmt: skip
    rows: list[Any] = list(db.execute(wanted))
    if not rows:
        raise NotFound("meeting")
    meeting, consultation, speaker, may_run, *_politician = rows[0]
    consultations.shown_to(actor, consultation)
    seated = [Panelist(*row[-3:]) for row in rows if row[-3] is not None]
    return Entering(meeting, seated, speaker, may_run)


def access_to_run(db: Session, actor: Actor, meeting_id: int) -> Entering:
    """The same for one who runs the meeting. Raises: NotFound."""
    found = access_hall(db, actor, meeting_id)
    if not found.may_run:
        raise NotFound("meeting")
    return found


def standing(db: Session, meeting: Meeting, seated: list[Panelist] | None = None) -> Standing:
    """The hall as it is now: two queries, however long its agenda and its line.

    seated: its panel; where the caller does not know it, that is one query more.
    """
    opened, hands = _hall_and_line(db, meeting.id)
    points = point_queries.headings(db, meeting.id)
    found = Standing(meeting, opened, points, panel(db, meeting.id) if seated is None else seated)
    for one in hands:
        if one.hand.state is HandState.SPEAKING:
            found.speaking = one
        else:
            found.waiting.append(one)
    return found


def hall(db: Session, meeting_id: int) -> Hall | None:
    """The hall of a meeting, once it was opened."""
    return db.get(Hall, meeting_id)


def hall_with_code(db: Session, code: str) -> Hall | None:
    """The hall whose screen shows this code."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return db.scalars(select(Hall).where(Hall.code == digits)).first()


def turn(db: Session, meeting_id: int) -> None:
    """Turns the hall's rev; nothing, while it is not open."""
    turned = update(Hall).where(Hall.meeting_id == meeting_id).values(rev=Hall.rev + 1)
    db.execute(turned)


def line(db: Session, meeting_id: int) -> list[InLine]:
    """Who speaks, then those who wait: first who has not spoken yet, then who waited longest."""
    return _hall_and_line(db, meeting_id)[1]


def _hall_and_line(db: Session, meeting_id: int) -> tuple[Hall | None, list[InLine]]:
    is_up = Hand.state.in_((HandState.WAITING, HandState.SPEAKING))
    wanted = (
        select(Hall, Hand, HallSpeaker)
        .outerjoin(Hand, and_(Hand.meeting_id == Hall.meeting_id, is_up))
        .outerjoin(HallSpeaker, HallSpeaker.id == Hand.speaker_id)
        .where(Hall.meeting_id == meeting_id)
        .order_by(
            case((Hand.state == HandState.SPEAKING, 0), else_=1),
            case((HallSpeaker.spoken == 0, 0), else_=1),
            Hand.raised_at,
            Hand.id,
        )
        .execution_options(populate_existing=True)
    )
    rows: list[Any] = list(db.execute(wanted))
    hands = [InLine(hand, speaker) for _hall, hand, speaker in rows if hand is not None]
    return (rows[0][0] if rows else None), hands


def hand_of(db: Session, meeting_id: int, hand_id: int) -> InLine:
    """The hand, if it was raised at this meeting. Raises: NotFound."""
    wanted = (
        select(Hand, HallSpeaker)
        .join(HallSpeaker, HallSpeaker.id == Hand.speaker_id)
        .where(Hand.id == hand_id, Hand.meeting_id == meeting_id)
    )
    found = db.execute(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("hand")
    return InLine(*found)


def open_hand(db: Session, speaker_id: int) -> Hand | None:
    """The hand this speaker has in the air, or None."""
    wanted = select(Hand).where(
        Hand.speaker_id == speaker_id, Hand.state.in_((HandState.WAITING, HandState.SPEAKING))
    )
    return db.scalars(wanted).first()


def speaker_with_key(db: Session, meeting_id: int, key_hash: str) -> HallSpeaker | None:
    """Whose phone holds this key."""
    wanted = select(HallSpeaker).where(
        HallSpeaker.meeting_id == meeting_id, HallSpeaker.key_hash == key_hash
    )
    return db.scalars(wanted).first()


def speakers_of(db: Session, user_id: int) -> list[HallSpeaker]:
    """Wherever this person has raised a hand by his own phone."""
    wanted = select(HallSpeaker).where(HallSpeaker.user_id == user_id)
    return list(db.scalars(wanted.order_by(HallSpeaker.meeting_id)))


def speaker_in_room(db: Session, meeting_id: int, name: str) -> HallSpeaker | None:
    """Whom the chair has added by this name before."""
    wanted = select(HallSpeaker).where(
        HallSpeaker.meeting_id == meeting_id, HallSpeaker.key_hash.is_(None)
    )
    same = name.casefold()
    return next((one for one in db.scalars(wanted) if one.name.casefold() == same), None)


def panel(db: Session, meeting_id: int) -> list[Panelist]:
    """The politicians on the panel, in the order of their chairs."""
    wanted = (
        select(User.id, User.name, Party.letter)
        .join(MeetingPanelist, MeetingPanelist.user_id == User.id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(MeetingPanelist.meeting_id == meeting_id)
        .order_by(MeetingPanelist.position, MeetingPanelist.id)
    )
    return [Panelist(*row) for row in db.execute(wanted)]
