"""A small town in which everything that somebody may not see carries a word of its own.

The words below are the canaries: each stands in every text of its kind and nowhere else, so
that a page which shows one to the wrong reader is caught by a plain search.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Text, select
from sqlalchemy.orm import Session

from dialog.agenda.hall.models import HallNote, NoteKind
from dialog.agenda.models import AgendaItem, SelectionRule
from dialog.audit import commands as audit
from dialog.catalogue.models import Proposal, ProposalAmount, School
from dialog.consultations.models import BasisVersion, Consultation, Kind, Source, State
from dialog.core import clock
from dialog.core.db import Base
from dialog.debates import commands as debates
from dialog.debates import editing, oral, setting_up, tree
from dialog.debates.models import Draft, KeptText, Post, PostKind, Thread
from dialog.debates.spoken import Said
from dialog.duties import recesses
from dialog.duties.models import Recess
from dialog.gate.models import Override
from dialog.meetings import seats
from dialog.meetings.models import Meeting
from dialog.moderation import commands as moderation
from dialog.notifications import commands as notifications
from dialog.notifications import stopping
from dialog.notifications.stopping import Stop
from dialog.people import commands as people
from dialog.people import links, passwords, residents
from dialog.people.models import OfficeTitle, TokenPurpose
from dialog.permissions import SYSTEM, VISITOR, Actor, Role
from dialog.strategy.models import Activity, KpiTarget, Phase, Strategy

NOW = clock.now()
PASSWORD = "gul cykel under broen"
OPEN_SLUG, DRAFT_SLUG = "aaben", "zqadresse"
IN_DRAFT, HIDDEN, WITHDRAWN = "zqkladde", "zqskjult", "zqtrukket"
BEGUN, INBOX, KEPT = "zqudkast", "zqbesked", "zqgemt"
MAIL, HASH = "zqmail", "$argon2"
FIRST_REV = 1_000_000  # far from other tests': what was remembered of theirs is not ours
KEPT_KEY = "noeglen-til-den-gemte-tekst"
GUEST = "zqgaest"  # comes to the meeting without an account; the code alone opens his seat
SEAT_CODE = "K7QF-9M2X-4RTB"

ROLES = {
    "karen": ("Karen Møllegaard", Role.CITIZEN),
    "bent": ("Bent Juhl", Role.CITIZEN),
    "anders": ("Anders Toft", Role.POLITICIAN),
    "line": ("Line Østerby", Role.COMMS_CHIEF),
    "mette": ("Mette Brandt", Role.MODERATOR),
    "rasmus": ("Rasmus Holt", Role.ADMIN),
    "gitte": ("Gitte Lund", Role.SECRETARY),
}


@dataclass
class Half:
    """A consultation with one of everything, by id. `posts` are named by what became of them."""

    slug: str
    id: int
    ids: dict[str, int]
    posts: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """Whom and what the tests speak of."""

    users: dict[str, int]
    open: Half
    draft: Half
    tokens: dict[str, str]
    stop_token: str  # from a mail to Karen about the open thread


hash_of = cache(passwords.hash_password)  # slow on purpose: one is enough for all


def make_world(db: Session) -> World:
    """The whole town. The caller commits."""
    actors = {key: _person(db, key) for key in ROLES}
    committee = people.create_committee(db, SYSTEM, name="Ældreudvalget", now=NOW)
    offices = [(committee.id, OfficeTitle.CHAIR)]
    people.set_offices(db, SYSTEM, actors["anders"].id or 0, offices=offices, now=NOW)
    open_half = _half(db, actors, committee.id, OPEN_SLUG, "synlig")
    draft_half = _half(db, actors, committee.id, DRAFT_SLUG, IN_DRAFT)
    _talk(db, actors, open_half)
    _talk_in_draft(db, actors, draft_half)
    draft = db.get_one(Consultation, draft_half.id)
    draft.state, draft.opened_at = State.DRAFT, None
    for key, actor in actors.items():
        _own_things(db, key, actor, open_half)
    kept = KeptText(key=KEPT_KEY, parent_id=open_half.posts["opening"], body=KEPT,
                    kind=PostKind.COMMENT, saved_at=NOW)  # fmt: skip
    db.add(kept)
    _come(db, actors, open_half)
    tokens = {
        purpose.value: links.new_link(
            db, actors["bent"].id or 0, purpose, now=NOW, lasts=timedelta(minutes=20)
        )
        for purpose in TokenPurpose
    }
    slips = residents.Slips(place="Biblioteket", area=None, count=2, days=30)
    batch, _codes = residents.make_codes(db, actors["line"], slips=slips, now=NOW)
    party = people.create_party(db, SYSTEM, letter="L", name="Fjordlisten", now=NOW)
    for half in (open_half, draft_half):
        half.ids |= {"batch": batch.id, "committee": committee.id, "party": party.id}
    users = {key: one.id or 0 for key, one in actors.items()}
    stop = Stop(users["karen"], stopping.THREAD, open_half.ids["thread"])
    stop_token = stopping.link_to(stop).rpartition("/")[2]
    return World(users, open_half, draft_half, tokens, stop_token)


def _person(db: Session, key: str) -> Actor:
    name, role = ROLES[key]
    user = people.create_user(
        db, SYSTEM, email=f"{MAIL}{key}@eksempel.dk", name=name, role=role, now=NOW,
        password_hash=hash_of(PASSWORD), created_at=NOW - timedelta(days=90),
    )  # fmt: skip
    return Actor(user.id, role, name)


def _filled(model: type[Base], word: str, **given: Any) -> Any:
    """A row whose every plain text says `word` and which column it stands in."""
    texts = {
        column.name: f"{word}-{model.__tablename__}-{column.name}"
        for column in model.__table__.columns
        if isinstance(column.type, Text) and column.name not in given
    }
    return model(**texts, **given)


def _half(db: Session, actors: dict[str, Actor], committee_id: int, slug: str, word: str) -> Half:
    chief = actors["line"].id
    consultation = _filled(
        Consultation, word, slug=slug, kind=Kind.BUDGET, state=State.OPEN, created_at=NOW,
        created_by=chief, opened_at=NOW - timedelta(days=30), target_tkr=250_000,
        decision_on=(NOW + timedelta(days=60)).date(), decision_summary=None,
    )  # fmt: skip
    db.add(consultation)
    db.flush()
    of = {"consultation_id": consultation.id}
    day = NOW.replace(hour=17, minute=0, second=0, microsecond=0)
    rows: dict[str, Any] = {
        "proposal": _filled(Proposal, word, **of, committee_id=committee_id, exclusive_group=None),
        "school": _filled(
            School, word, **of, pupils_now=90, pupils_forecast=80, forecast_year=2030,
            capacity=100, class_average=20,
        ),
        "source": _filled(Source, word, **of, url=f"https://example.com/{word}-kilde"),
        "activity": _filled(Activity, word, **of, phase=Phase.AFTER, on_date=NOW.date()),
        "kpi": _filled(KpiTarget, word, **of, target=12),
        "meeting": _meeting(word, of, day + timedelta(days=9)),
        "held": _meeting(word, of, day - timedelta(days=9)),
        "basis": _filled(BasisVersion, word, **of, number=1, frozen_at=NOW, frozen_by=chief),
        "override": _filled(
            Override, word, **of, rule="strategy", requested_by=chief, requested_at=NOW
        ),
    }  # fmt: skip
    db.add_all([*rows.values(), _filled(Strategy, word, **of)])
    db.flush()
    rows["item"] = _filled(
        AgendaItem, word, meeting_id=rows["meeting"].id, position=1, code="K37", added_at=NOW,
        taken_off_reason=None,
    )  # fmt: skip
    rule = _filled(
        SelectionRule, word, meeting_id=rows["meeting"].id, number=1, by_support=5, by_chair=9,
        overdue_first=True, selects_at=day + timedelta(days=8), published_at=NOW,
    )  # fmt: skip
    rows["note"] = _filled(
        HallNote, word, meeting_id=rows["held"].id, kind=NoteKind.REMARK, recorded_by=chief,
        said_at=NOW, saved_at=NOW,
    )  # fmt: skip
    db.add_all([rows["item"], rule, rows["note"]])
    db.add(ProposalAmount(proposal_id=rows["proposal"].id, year=2028, amount_tkr=-2_000))
    thread = setting_up.create_thread(
        db, actors["line"], consultation_id=consultation.id, title=f"{word}-threads-title",
        intro=f"{word}-threads-intro", meeting_id=rows["meeting"].id,
        proposal_ids=[rows["proposal"].id], politician_ids=[actors["anders"].id or 0], now=NOW,
    )  # fmt: skip
    thread.rev = FIRST_REV
    db.flush()
    opening = db.scalars(select(Post.id).where(Post.thread_id == thread.id)).one()
    ids = {name: row.id for name, row in rows.items()} | {"thread": thread.id}
    ids["recess"] = _recess(db, actors["line"]).id
    return Half(slug, consultation.id, ids, {"opening": opening})


def _recess(db: Session, chief: Actor) -> Recess:
    """A recess of its own, told ahead; it is nobody's secret."""
    first = NOW.date() + timedelta(days=30)
    return recesses.add_recess(
        db, chief, name="Pause", first_day=first, last_day=first + timedelta(days=6), now=NOW
    )


def _meeting(word: str, of: dict[str, int], starts_at: datetime) -> Any:
    is_held = starts_at < NOW
    return _filled(
        Meeting, word, **of, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        zone="Europe/Copenhagen", cancelled_reason=None,
        **({} if is_held else {"minutes_source": None, "minutes_html": None}),
        minutes_published_at=NOW if is_held else None, changed_at=NOW - timedelta(days=20),
    )  # fmt: skip


def _talk(db: Session, actors: dict[str, Actor], half: Half) -> None:
    """What was said in public, told as the product does it."""
    thread = db.get_one(Thread, half.ids["thread"])

    def say(name: str, who: str, body: str, under: str = "opening", **more: Any) -> None:
        made = debates.post_reply(
            db, actors[who], thread_id=thread.id, parent_id=half.posts[under], body=body,
            now=NOW - timedelta(hours=9) + timedelta(minutes=len(half.posts)), **more,
        )  # fmt: skip
        half.posts[name] = made.id

    say("own", "karen", "Min mor er 84 og kan ikke selv.", topic="Rengøring")
    say("other", "bent", "Det kender jeg godt.", "own")
    # Each is answered and stands under somebody's post, so that inboxes and desks had it too.
    say("hidden", "bent", f"{HIDDEN}-posts-source", "own")
    say("below", "karen", "Den tone hjælper ingen.", "hidden")
    say("withdrawn", "karen", f"{WITHDRAWN}-posts-source", "other")
    say("question", "karen", "Hvem hjælper dem, der ikke selv kan?", kind=PostKind.QUESTION)
    say("asked", "bent", "Hvad koster det?", kind=PostKind.QUESTION)
    say("answer", "anders", "To millioner om året.", "asked")
    say("open_question", "bent", "Hvornår begynder det?", kind=PostKind.QUESTION)
    say("hidden_question", "bent", f"{HIDDEN}-question-source", kind=PostKind.QUESTION)
    say("withdrawn_question", "karen", f"{WITHDRAWN}-question", kind=PostKind.QUESTION)
    _speak(db, actors, half)
    # What is out of sight was mended first, so that there are older texts of it as well.
    for who, name, word in (("bent", "hidden", HIDDEN), ("karen", "withdrawn", WITHDRAWN)):
        editing.edit_post(
            db, actors[who], post_id=half.posts[name], body=f"{word}-posts-mended", edition=1,
            now=NOW - timedelta(hours=2),
        )  # fmt: skip
    for name in ("hidden", "hidden_question"):
        moderation.hide_post(
            db, actors["mette"], post_id=half.posts[name], reason="Hård tone mod en anden", now=NOW
        )
    for name in ("withdrawn", "withdrawn_question"):
        debates.withdraw_post(db, actors["karen"], post_id=half.posts[name], now=NOW)


def _speak(db: Session, actors: dict[str, Actor], half: Half) -> None:
    """What was said at the meeting that was held, as the chief wrote it down."""
    said: dict[str, Any] = {"meeting_id": half.ids["held"], "said_at": NOW - timedelta(hours=4)}
    oral_post = oral.record_contribution(
        db, actors["line"], thread_id=half.ids["thread"], parent_id=None,
        said=Said(body="Vi er tre.", speaker="Ole", **said), now=NOW - timedelta(hours=4),
    )  # fmt: skip
    spoken = oral.record_answer(
        db, actors["line"], question_id=half.posts["question"],
        politician_id=actors["anders"].id or 0, said=Said(body="Det gør jeg.", **said),
        now=NOW - timedelta(hours=4),
    )  # fmt: skip
    half.posts |= {"oral": oral_post.id, "spoken": spoken.id}


def _talk_in_draft(db: Session, actors: dict[str, Actor], half: Half) -> None:
    """Posts in a draft, which no door lets in: the rows alone, so that nobody was told."""
    for ordinal, name in enumerate(("own", "question")):
        awaits = name == "question"
        post = _filled(
            Post, IN_DRAFT, thread_id=half.ids["thread"], parent_id=half.posts["opening"],
            path=tree.child_path("", ordinal), depth=1, ordinal=ordinal, created_at=NOW,
            rev=FIRST_REV, author_id=actors["karen"].id, author_name="Karen Møllegaard",
            state_reason=None,
            kind=PostKind.QUESTION if awaits else PostKind.COMMENT, awaits_answer=awaits,
            addressee_id=actors["anders"].id if awaits else None,
            source_id=f"{IN_DRAFT}-{name}", idempotency_key=None,
        )  # fmt: skip
        db.add(post)
        db.flush()
        half.posts[name] = post.id
    db.get_one(Thread, half.ids["thread"]).post_count = 2
    db.get_one(Post, half.posts["opening"]).child_count = 2
    audit.append(db, actors["line"], "draft_filled", ("posts", post.id), now=NOW)


def _come(db: Session, actors: dict[str, Actor], half: Half) -> None:
    """Karen and one without an account come to the meeting."""

    def come(who: Actor, code: str, wish: seats.Wish) -> int:
        meeting_id = half.ids["meeting"]
        return seats.sign_up(db, who, meeting_id=meeting_id, wish=wish, code=code, now=NOW).id

    come(actors["karen"], "karens", seats.Wish(name="", email=None, seats=1))
    guest = seats.Wish(name=f"{GUEST} Brix", email=f"{GUEST}@eksempel.dk", seats=2)
    half.ids["sign_up"] = come(VISITOR, SEAT_CODE, guest)


def _own_things(db: Session, key: str, actor: Actor, half: Half) -> None:
    """A line in the person's inbox and a text he has begun."""
    assert actor.id is not None
    notifications.notify(
        db, actor.id, "reply", title=f"{INBOX}-{key}-title", excerpt=f"{INBOX}-{key}-excerpt",
        link="/", now=NOW,
    )  # fmt: skip
    draft = Draft(user_id=actor.id, parent_id=half.posts["question"], body=f"{BEGUN}-{key}",
                  kind=PostKind.COMMENT, saved_at=NOW)  # fmt: skip
    db.add(draft)
