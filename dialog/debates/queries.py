"""Reading threads and trees. The cost of a page does not grow with its thread."""

from dataclasses import dataclass, replace

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from dialog.audit.models import SiteRev
from dialog.catalogue.models import Proposal, ProposalAmount
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.debates.models import (
    Draft,
    KeptText,
    Post,
    PostState,
    Thread,
    ThreadPolitician,
    ThreadProposal,
)
from dialog.meetings.models import Meeting
from dialog.people import office_queries as offices
from dialog.people.models import Committee, Office, Party, User
from dialog.permissions import Action, Actor, Role, may


@dataclass
class ThreadPage:
    """A thread with what stands above its tree."""

    thread: Thread
    consultation: Consultation
    meeting: Meeting
    opening: Post
    site_rev: int


@dataclass(frozen=True)
class Responsible:
    """A politician who answers for a thread."""

    user_id: int
    name: str
    party_letter: str | None
    party_name: str | None
    office: str | None = None  # the most senior one: "formand for Ældreudvalget"

    @property
    def label(self) -> str:
        """The name with the letter of the party: "Anders Toft (L)"."""
        return f"{self.name} ({self.party_letter})" if self.party_letter else self.name


# Made once: every page and every post asks it.
_THREAD_PAGE = (
    select(Thread, Consultation, Meeting, Post, SiteRev.rev)
    .join(Consultation, Consultation.id == Thread.consultation_id)
    .join(Meeting, Meeting.id == Thread.meeting_id)
    .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
    .join(SiteRev, SiteRev.id == 1)
    .where(Thread.id == bindparam("of_thread"))
)


def access_thread(db: Session, actor: Actor, thread_id: int) -> ThreadPage:
    """The thread, if this reader may see it.

    Raises: NotFound, also for threads of a draft consultation.
    """
    found = db.execute(_THREAD_PAGE, {"of_thread": thread_id}).first()
    if found is None:
        raise NotFound("thread")
    page = ThreadPage(*found)
    if not consultations.is_public(page.consultation) and not may(actor.role, Action.SET_UP):
        raise NotFound("thread")
    return page


def access_post(
    db: Session, actor: Actor, post_id: int, *, to_change: bool = False
) -> tuple[Post, ThreadPage]:
    """The post and its thread, if this reader may see them. A tombstone is seen, not its text.

    to_change: nobody else changes the thread until the commit.
    Raises: NotFound.
    """
    post = db.get(Post, post_id)
    if post is None:
        raise NotFound("post")
    if to_change:
        lock_threads(db, post.thread_id)
        db.refresh(post)
    return post, access_thread(db, actor, post.thread_id)


_LOCK = (
    select(Thread.id)
    .where(Thread.id.in_(bindparam("of_threads", expanding=True)))
    .order_by(Thread.id)
    .with_for_update()
)


def lock_threads(db: Session, *thread_ids: int) -> None:
    """Makes every other writer of these threads wait for this transaction.

    On SQLite they already do. Without it, two who answer at once would both see a question
    that waits, and two copies of one post would not see each other.
    """
    if db.get_bind().dialect.name != "sqlite":
        db.execute(_LOCK, {"of_threads": list(thread_ids)})


def meeting_of(db: Session, post: Post) -> Meeting | None:
    """The meeting on whose agenda the post stands or stood; None also when it was cancelled.

    The meeting of the thread itself is already known to the session of its page.
    """
    found = db.get(Meeting, post.at_meeting_id) if post.at_meeting_id else None
    return None if found is None or found.cancelled_at else found


def politicians_of(db: Session, thread_id: int) -> list[Responsible]:
    """Who answers for the thread, the first one first."""
    wanted = (
        select(User.id, User.name, Party.letter, Party.name, Office, Committee.name)
        .join(ThreadPolitician, ThreadPolitician.user_id == User.id)
        .outerjoin(Party, Party.id == User.party_id)
        .outerjoin(Office, Office.user_id == User.id)
        .outerjoin(Committee, Committee.id == Office.committee_id)
        .where(ThreadPolitician.thread_id == thread_id)
        .order_by(ThreadPolitician.position, User.id, Committee.name)
    )
    found: dict[Responsible, list[offices.Seat]] = {}
    for user_id, name, letter, party, office, committee in db.execute(wanted):
        seats = found.setdefault(Responsible(user_id, name, letter, party), [])
        if office:
            seats.append(offices.Seat(office.committee_id, committee, office.title))
    return [replace(one, office=offices.senior_office(seats)) for one, seats in found.items()]


def proposals_of(db: Session, thread_id: int) -> list[tuple[Proposal, list[tuple[int, int]]]]:
    """The proposals a thread debates, each with (year, amount in thousands) by year."""
    wanted = (
        select(Proposal, ProposalAmount.year, ProposalAmount.amount_tkr)
        .join(ThreadProposal, ThreadProposal.proposal_id == Proposal.id)
        .outerjoin(ProposalAmount, ProposalAmount.proposal_id == Proposal.id)
        .where(ThreadProposal.thread_id == thread_id)
        .order_by(Proposal.position, Proposal.id, ProposalAmount.year)
    )
    found: dict[int, tuple[Proposal, list[tuple[int, int]]]] = {}
    for proposal, year, amount in db.execute(wanted):
        _proposal, amounts = found.setdefault(proposal.id, (proposal, []))
        if year is not None:
            amounts.append((year, amount))
    return list(found.values())


@dataclass
class ThreadLine:
    """A thread in a list: its words and what is owed in it."""

    thread: Thread
    meeting: Meeting
    open_questions: int
    answers: int
    proposal_codes: list[str]


def threads_of(db: Session, consultation_id: int) -> list[ThreadLine]:
    """Every thread of a consultation in the order of its set-up."""
    wanted = (
        select(Thread, Meeting, Post.open_questions, Post.answers)
        .join(Meeting, Meeting.id == Thread.meeting_id)
        .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
        .where(Thread.consultation_id == consultation_id)
        .order_by(Thread.position, Thread.id)
    )
    codes: dict[int, list[str]] = {}
    for thread_id, code in db.execute(
        select(ThreadProposal.thread_id, Proposal.code)
        .join(Proposal, Proposal.id == ThreadProposal.proposal_id)
        .where(Proposal.consultation_id == consultation_id)
        .order_by(Proposal.position, Proposal.id)
    ):
        codes.setdefault(thread_id, []).append(code)
    return [
        ThreadLine(thread, meeting, questions, answers, codes.get(thread.id, []))
        for thread, meeting, questions, answers in db.execute(wanted)
    ]


def threads_at_meeting(db: Session, actor: Actor, meeting_id: int) -> list[Thread]:
    """The threads that a meeting takes up."""
    del actor  # whoever may see the meeting may see its threads: they share a consultation
    wanted = select(Thread).where(Thread.meeting_id == meeting_id)
    return list(db.scalars(wanted.order_by(Thread.position, Thread.id)))


def threads_of_proposal(db: Session, proposal_id: int) -> list[Thread]:
    """The threads in which a proposal is debated."""
    wanted = (
        select(Thread)
        .join(ThreadProposal, ThreadProposal.thread_id == Thread.id)
        .where(ThreadProposal.proposal_id == proposal_id)
        .order_by(Thread.position, Thread.id)
    )
    return list(db.scalars(wanted))


def newest_answers(db: Session, limit: int) -> list[tuple[Post, Post, Thread]]:
    """The last answers from politicians in public threads: answer, question, thread."""
    question = aliased(Post)
    wanted = (
        select(Post, question, Thread)
        .join(question, question.id == Post.parent_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(
            Post.is_answer,
            Post.state == PostState.VISIBLE,
            question.state == PostState.VISIBLE,
            Consultation.state != State.DRAFT,
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return [(answer, asked, thread) for answer, asked, thread in db.execute(wanted)]


def drafts_in(db: Session, thread_id: int, user_id: int) -> list[Draft]:
    """What someone has begun to write in a thread."""
    return [draft for draft, _answered in begun_in(db, thread_id, user_id)]


def begun_in(db: Session, thread_id: int, user_id: int) -> list[tuple[Draft, Post]]:
    """What someone has begun to write in a thread, each with the post it answers."""
    wanted = (
        select(Draft, Post)
        .join(Post, Post.id == Draft.parent_id)
        .where(Draft.user_id == user_id, Post.thread_id == thread_id)
    )
    return [(draft, answered) for draft, answered in db.execute(wanted)]


def kept_text(db: Session, key: str) -> KeptText | None:
    """What a visitor wrote before he signed in, or None."""
    return db.get(KeptText, key) if key else None


def post_by_id(db: Session, post_id: int) -> Post:
    """The post that was just written or changed.

    Raises: NotFound.
    """
    found = db.get(Post, post_id, populate_existing=True)
    if found is None:
        raise NotFound("post")
    return found


def committee_of(db: Session, thread_id: int) -> int | None:
    """The committee that owns the first proposal of the thread, or None."""
    wanted = (
        select(Proposal.committee_id)
        .join(ThreadProposal, ThreadProposal.proposal_id == Proposal.id)
        .where(ThreadProposal.thread_id == thread_id, Proposal.committee_id.is_not(None))
        .order_by(Proposal.position, Proposal.id)
    )
    return db.scalars(wanted.limit(1)).first()


def politician(db: Session, user_id: int) -> Responsible | None:
    """A politician as one who answers, or None if the person is none."""
    wanted = (
        select(User.id, User.name, Party.letter, Party.name)
        .outerjoin(Party, Party.id == User.party_id)
        .where(User.id == user_id, User.role == Role.POLITICIAN)
    )
    found = db.execute(wanted).first()
    return Responsible(*found) if found else None


def own_posts(db: Session, thread_id: int, user_id: int) -> list[int]:
    """The ids of what someone has written in a thread and not withdrawn."""
    wanted = select(Post.id).where(
        Post.author_id == user_id, Post.thread_id == thread_id, Post.state == PostState.VISIBLE
    )
    return list(db.scalars(wanted))
