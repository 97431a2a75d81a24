"""A town hall in which anything may happen to a question, in any order: the duty machine's model.

Every act is one that people or the clock can do through the product's own commands. After each
one the whole house is looked through: no duty without someone who holds it, without a state that
can be left, or with a deadline that moved unseen.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.core.errors import DialogError, NotAllowed
from dialog.debates import answering, promising, recess, supporting, timekeeping, triaging
from dialog.debates import commands as debates
from dialog.debates.models import Post, PostKind, PostState
from dialog.duties import queries
from dialog.duties.handling import Decline
from dialog.duties.models import (
    DeclineCode,
    Desk,
    Duty,
    DutyEvent,
    DutyState,
    EventKind,
    Origin,
    PauseCause,
    PromiseKind,
)
from dialog.duties.promising import Pledge
from dialog.moderation import commands as moderation
from dialog.people import closing, leave, roles
from dialog.people import offices as elections
from dialog.people.models import OfficeTitle, User
from dialog.permissions import SYSTEM, Actor, Role
from dialog.rules import promise
from tests import make

# What may move a deadline. All of it is noted with its reason, or follows from one that is.
MOVES_DEADLINES = {
    EventKind.PAUSED,
    EventKind.POSTPONED,
    EventKind.CONTESTED,
    EventKind.SPLIT,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.TAKEN_BACK,
}
NEEDS_REASON = {EventKind.PAUSED, EventKind.POSTPONED, EventKind.CONTESTED}
POLITICIANS = ("Anders Toft", "Birthe Ravnsborg", "Carl Winther", "Dorte Hjorth", "Emil Skov")
CITIZENS = ("Karen Møllegaard", "Bent Juhl", "Signe Lund")
PASTED = "Tak for dit spørgsmål. Udvalget drøfter sagen på sit næste møde og vender så tilbage."
WHY = "Det kan vi ikke nå at finde ud af før."

number = st.integers(0, 9)
rarely = st.sampled_from((False, False, False, True))


class TownHall(RuleBasedStateMachine):
    """One run: people, two committees, two threads, and a clock that goes on."""

    questions = Bundle("questions")
    answers = Bundle("answers")

    db: Session  # given by the test; everything happens in one transaction that is never kept

    def __init__(self) -> None:
        super().__init__()
        self.now = make.NOW
        self.said = 0

    @initialize(target=questions)
    def settle_in(self) -> Any:
        db = self.db
        self.chief, self.moderator = make.make_chief(db), make.make_moderator(db)
        self.admin = make.make_user(db, "Ib Admin", Role.ADMIN)
        old = make.make_committee(db, "Ældreudvalget")
        schools = make.make_committee(db, "Skoleudvalget")
        finance = make.make_committee(db, "Økonomiudvalget")
        self.committees = [old.id, schools.id, finance.id]
        self.politicians = [make.make_politician(db, name, committee=None) for name in POLITICIANS]
        for who, committee_id, title in (
            (0, old.id, OfficeTitle.CHAIR),
            (1, finance.id, OfficeTitle.MAYOR),
            (2, schools.id, OfficeTitle.CHAIR),
        ):
            seat = [(committee_id, title)]
            elections.set_offices(
                db, SYSTEM, self.politicians[who].id or 0, offices=seat, now=self.now
            )
        self.citizens = [make.make_citizen(db, name) for name in CITIZENS]
        db.get_one(User, self.citizens[0].id).verified_at = self.now
        consultation = make.make_consultation(db)
        meeting = make.make_meeting(db, consultation)
        proposals = [
            make.make_proposal(db, consultation, "Æ-1", committee="Ældreudvalget"),
            make.make_proposal(db, consultation, "S-1", committee="Skoleudvalget"),
        ]
        self.threads = [
            make.make_thread(
                db,
                consultation,
                title=f"Tråd {n}",
                meeting=meeting,
                proposals=[proposals[n]],
                politicians=[self.politicians[n], self.politicians[n + 3]],
            )
            for n in range(2)
        ]
        db.flush()
        return multiple(*(self.ask(n, n, None, everyone=n == 0) for n in range(5)))

    # What people do

    @rule(target=questions, who=number, where=number, to=st.none() | number, everyone=rarely)
    def ask(self, who: int, where: int, to: int | None, *, everyone: bool) -> Any:
        thread = self.threads[where % 2]
        asked = None if to is None else self.politicians[(where % 2) + 3 * (to % 2)].id
        return self._said(
            self.citizens[who % 3],
            thread.id,
            None,
            kind=PostKind.QUESTION,
            addressee_id=None if everyone else asked,
            to_everyone=everyone,
        )

    @rule(target=questions, who=number, where=number)
    def dispute_a_figure(self, who: int, where: int) -> Any:
        thread = self.threads[where % 2]
        return self._said(self.citizens[who % 3], thread.id, None, kind=PostKind.CORRECTION)

    @rule(target=answers, question=questions, who=number, pasted=st.booleans())
    def answer(self, question: int, who: int, pasted: bool) -> Any:
        return self._reply(self.politicians[who % 5], question, PASTED if pasted else None)

    @rule(target=answers, question=questions, pasted=st.booleans())
    def the_one_who_owes_it_answers(self, question: int, pasted: bool) -> Any:
        return self._reply(self._holder(question), question, PASTED if pasted else None)

    @rule(target=answers, question=questions)
    def the_chief_replies(self, question: int) -> Any:
        return self._reply(self.chief, question)

    @rule(question=questions)
    def acknowledge(self, question: int) -> None:
        self._do(answering.acknowledge_question, self._holder(question), question_id=question)

    @rule(question=questions, to=number, by_holder=st.booleans())
    def hand_on(self, question: int, to: int, by_holder: bool) -> None:
        actor = self._holder(question) if by_holder else self.moderator
        to_id = self.politicians[to % 5].id
        self._do(answering.hand_on_question, actor, question_id=question, to_id=to_id, reason=WHY)

    @rule(question=questions, days=st.integers(-2, 25), for_facts=st.booleans())
    def stop_the_clock(self, question: int, days: int, for_facts: bool) -> None:
        until = clock.local(self.now).date() + timedelta(days=days)
        actor, more = self._holder(question), {"reason": WHY, "until": until}
        if for_facts:
            self._do(answering.ask_for_facts, actor, question_id=question, **more)
        else:
            cause = PauseCause.ILLNESS
            self._do(answering.pause_question, actor, question_id=question, cause=cause, **more)

    @rule(answer=answers)
    def give_up_promise(self, answer: int) -> None:
        self._do(promising.give_up_promise, self._holder(answer), answer_id=answer, reason=WHY)

    @rule(question=questions)
    def give_back(self, question: int) -> None:
        self._do(answering.give_back_question, self.chief, question_id=question)

    @rule(question=questions, days=st.integers(-5, 30))
    def postpone(self, question: int, days: int) -> None:
        day = clock.local(self.now).date() + timedelta(days=days)
        self._do(answering.postpone_question, self.chief, question_id=question, day=day, reason=WHY)

    @rule(question=questions, answer=st.none() | answers, code=st.sampled_from(DeclineCode))
    def decline(self, question: int, answer: int | None, code: DeclineCode) -> None:
        why = Decline(code=code, reason=WHY, see_answer_id=answer)
        self._do(answering.decline_question, self._holder(question), question_id=question, why=why)

    @rule(question=questions, code=st.sampled_from(DeclineCode))
    def turn_down_in_triage(self, question: int, code: DeclineCode) -> None:
        why = Decline(code=code, reason=WHY)
        self._do(answering.decline_question, self.moderator, question_id=question, why=why)

    @rule(question=questions)
    def take_on(self, question: int) -> None:
        self._do(triaging.take_on_question, self.moderator, question_id=question)

    @rule(question=questions, into=questions)
    def merge(self, question: int, into: int) -> None:
        self._do(triaging.merge_questions, self.moderator, question_id=question, into_id=into)

    @rule(question=questions)
    def split(self, question: int) -> None:
        self._do(triaging.split_question, self.moderator, question_id=question)

    @rule(target=answers, first=questions, second=questions)
    def answer_two_at_once(self, first: int, second: int) -> Any:
        self.said += 1
        made = self._do(
            triaging.answer_together,
            self._holder(first),
            question_ids=[first, second],
            body=f"Det samme svar til jer begge, nummer {self.said}.",
        )
        return made.id if made else multiple()

    @rule(question=questions, says_yes=st.booleans())
    def the_asker_speaks(self, question: int, says_yes: bool) -> None:
        post = self.db.get_one(Post, question)
        if post.author_id is None:
            return
        actor = Actor(post.author_id, Role.CITIZEN, post.author_name)
        if says_yes:
            self._do(answering.accept_answer, actor, question_id=question)
        else:
            self._do(answering.contest_answer, actor, question_id=question, reason=WHY)

    @rule(question=questions, who=number)
    def support(self, question: int, who: int) -> None:
        for person in self.citizens:
            self.db.get_one(User, person.id).verified_at = self.now
        actor = self.citizens[who % 3]
        self._do(supporting.support_question, actor, post_id=question)

    @rule(answer=answers, kind=st.sampled_from(PromiseKind), days=st.none() | st.integers(-1, 40))
    def promise(self, answer: int, kind: PromiseKind, days: int | None) -> None:
        today = clock.local(self.now).date()
        day = None if days is None else today + timedelta(days=days)
        pledge = Pledge(kind=kind, text="Jeg spørger forvaltningen.", day=day)
        self._do(promising.make_promise, self._author(answer), answer_id=answer, pledge=pledge)

    @rule(answer=answers)
    def keep_promise(self, answer: int) -> None:
        self.said += 1
        body = f"Nu er det gjort, for {self.said}. gang."
        self._do(promising.keep_promise, self._holder(answer), answer_id=answer, body=body)

    @rule(post=questions | answers)
    def withdraw(self, post: int) -> None:
        self._do(debates.withdraw_post, self._author(post), post_id=post)

    @rule(post=questions | answers, hides=st.booleans())
    def moderate(self, post: int, hides: bool) -> None:
        act = moderation.hide_post if hides else moderation.restore_post
        self._do(act, self.moderator, post_id=post, reason=WHY)

    @rule(question=questions)
    def the_asker_closes_his_account(self, question: int) -> None:
        """His words stay, without him; somebody new comes to town."""
        self._do(closing.close_account, self._author(question))
        self.citizens = [
            make.make_citizen(self.db, name) if self._has_left(citizen) else citizen
            for name, citizen in zip(CITIZENS, self.citizens, strict=True)
        ]

    # What happens in the town hall

    @rule(who=number, committee=number, title=st.sampled_from(OfficeTitle))
    def elect(self, who: int, committee: int, title: OfficeTitle) -> None:
        seats = [(self.committees[committee % 3], title)]
        person = self.politicians[who % 5].id
        self._do(elections.set_offices, self.admin, user_id=person, offices=seats)

    @rule(who=number, back=st.booleans())
    def leave_the_council(self, who: int, back: bool) -> None:
        person = self.politicians[who % 5].id
        if not back:
            self._do(elections.set_offices, self.admin, user_id=person, offices=[])
        role = Role.POLITICIAN if back else Role.CITIZEN
        self._do(roles.change_role, self.admin, user_id=person, role=role)

    @rule(who=number, substitute=number, days=st.integers(1, 20))
    def go_on_leave(self, who: int, substitute: int, days: int) -> None:
        today = clock.local(self.now).date()
        away = leave.Leave(
            today, today + timedelta(days=days), self.politicians[substitute % 5].id or 0
        )
        self._do(leave.set_leave, self.admin, user_id=self.politicians[who % 5].id, leave=away)

    @rule(days=st.integers(1, 20), lasts=st.integers(0, 20))
    def publish_recess(self, days: int, lasts: int) -> None:
        first = clock.local(self.now).date() + timedelta(days=days)
        last = first + timedelta(days=lasts)
        self._do(recess.publish_recess, self.chief, name="Ferie", first_day=first, last_day=last)

    @rule(hours=st.integers(1, 24 * 9))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for question_id in list(timekeeping.what_waits(self.db, self.now)):
            timekeeping.look_at(self.db, question_id, self.now)
        assert not [
            one for one in timekeeping.what_waits(self.db, self.now) if self._can_be_moved(one)
        ], "the clock does everything it has to do in one look"
        for duty in queries.open_duties(self.db):
            self._demand_able_holder(duty)

    # What always holds

    @invariant()
    def nobody_is_forgotten(self) -> None:
        self.db.flush()
        self.db.expire_all()
        for duty in self.db.scalars(select(Duty)):
            self._demand_sound(duty)
            self._demand_noted(duty)

    @invariant()
    def the_tree_counts_what_waits(self) -> None:
        for thread in getattr(self, "threads", ()):
            posts = make.posts_of(self.db, thread)
            assert posts[0].open_questions == sum(post.awaits_answer for post in posts)

    def teardown(self) -> None:
        """Everything that is open can be ended by those who hold it; then nothing is kept."""
        try:
            if hasattr(self, "threads"):
                self._end_everything()
        finally:
            self.db.rollback()
            self.db.expunge_all()

    def _end_everything(self) -> None:
        self.now += timedelta(days=1)
        for question_id in list(timekeeping.what_waits(self.db, self.now)):
            timekeeping.look_at(self.db, question_id, self.now)
        for question_id in [each.question_id for each in queries.open_duties(self.db)]:
            duty = queries.duty_of(self.db, question_id)
            if duty is None or not duty.is_open:
                continue  # answered together with another
            holder = self._holder(question_id)
            if duty.returns_to_id is not None:
                self._must(answering.give_back_question, self.chief, question_id=question_id)
                holder = self._holder(question_id)
            duty = queries.duty_of(self.db, question_id)
            assert duty is not None
            if duty.origin is Origin.PROMISE:
                self._must(
                    promising.keep_promise, holder, answer_id=question_id, body="Det er gjort nu."
                )
            elif duty.desk is Desk.ADMINISTRATION and duty.origin is not Origin.CORRECTION:
                to_id = self._somebody_elected()
                if to_id is None:
                    continue
                self._must(
                    answering.hand_on_question, self.chief, question_id=question_id, to_id=to_id
                )
                self._must_answer(self._holder(question_id), question_id)
            else:
                self._must_answer(holder, question_id)
        left = [one for one in queries.open_duties(self.db) if one.desk is Desk.POLITICIAN]
        assert left == []

    # Helpers

    def _do(self, act: Callable[..., Any], actor: Actor | None, **more: Any) -> Any:
        """What the act gives, or None if it is refused, and then nothing has happened."""
        if actor is None:
            return None
        try:
            with self.db.begin_nested():
                return act(self.db, actor, now=self.now, **more)
        except (DialogError, NotAllowed):
            # The product gives the whole session up; here a post that came to nothing must go too,
            # for the next one gets its number.
            for one in [one for one in self.db if isinstance(one, Post)]:
                self.db.expunge(one)
            self.db.expire_all()
            return None

    def _must(self, act: Callable[..., Any], actor: Actor | None, **more: Any) -> Any:
        return act(self.db, actor, now=self.now, **more)

    def _must_answer(self, actor: Actor | None, question_id: int) -> None:
        self.said += 1
        post = self.db.get_one(Post, question_id)
        self._must(
            debates.post_reply,
            actor,
            thread_id=post.thread_id,
            parent_id=question_id,
            body=f"Her er svaret, nummer {self.said}.",
        )
        self.db.expire_all()
        duty = queries.duty_of(self.db, question_id)
        assert duty is not None
        assert not duty.is_open, "the one who owes it can answer"

    def _said(self, actor: Actor, thread_id: int, parent: int | None, **more: Any) -> Any:
        self.said += 1
        body = more.pop("body", None) or f"Hvad med det her, spørger jeg for {self.said}. gang?"
        made = self._do(
            debates.post_reply, actor, thread_id=thread_id, parent_id=parent, body=body, **more
        )
        return made.id if made else multiple()

    def _reply(self, actor: Actor | None, question: int, body: str | None = None) -> Any:
        post = self.db.get_one(Post, question)
        if actor is None:
            return multiple()
        return self._said(actor, post.thread_id, post.id, body=body)

    def _holder(self, question: int) -> Actor | None:
        duty = queries.duty_of(self.db, question)
        return self._actor(duty.holder_id) if duty else None

    def _has_left(self, citizen: Actor) -> bool:
        return self.db.get_one(User, citizen.id).closed_at is not None

    def _author(self, post_id: int) -> Actor | None:
        post = self.db.get_one(Post, post_id)
        return self._actor(post.author_id) if post.author_id else None

    def _actor(self, user_id: int) -> Actor:
        user = self.db.get_one(User, user_id)
        return Actor(user.id, user.role, user.name)

    def _somebody_elected(self) -> int | None:
        wanted = select(User.id).where(User.role == Role.POLITICIAN)
        return self.db.scalars(wanted.order_by(User.id)).first()

    def _can_be_moved(self, question_id: int) -> bool:
        """Whether looking again would change anything: some holders only may have to leave."""
        before = self._as_it_stands(question_id)
        timekeeping.look_at(self.db, question_id, self.now)
        return before != self._as_it_stands(question_id)

    def _as_it_stands(self, question_id: int) -> tuple[Any, ...]:
        self.db.flush()
        duty = queries.duty_of(self.db, question_id)
        assert duty is not None
        return (duty.holder_id, duty.desk, duty.state, duty.step, duty.due_at)

    def _demand_able_holder(self, duty: Duty) -> None:
        role = self.db.get_one(User, duty.holder_id).role
        able = {Role.POLITICIAN} if duty.desk is Desk.POLITICIAN else {Role.COMMS_CHIEF, Role.ADMIN}
        assert role in able, f"{duty.desk} duty {duty.id} is held by a {role}"

    def _demand_sound(self, duty: Duty) -> None:
        post = self.db.get_one(Post, duty.question_id)
        assert self.db.get(User, duty.holder_id) is not None
        assert promise.MOVES[duty.state], "no state is a dead end"
        assert 0 <= duty.paused_days <= promise.PAUSE_WORKING_DAYS
        assert (duty.state is DutyState.CLOSED) == (duty.closed_reason is not None)
        assert (duty.state is DutyState.DECLINED) <= (duty.decline_code is not None)
        if duty.origin is not Origin.PROMISE:
            assert post.awaits_answer == duty.is_open
            given = duty.state in (DutyState.ANSWERED, DutyState.ACCEPTED)
            assert given == (duty.answer_id is not None)
        if duty.is_open:
            assert post.state is PostState.VISIBLE, "nobody owes an answer to what is gone"
        if duty.state is DutyState.MERGED:
            head = self.db.get_one(Duty, duty.merged_into_id)
            assert head.is_open, "a merged question waits together with one that waits"
        for relied_on in (duty.answer_id, duty.see_answer_id):
            if relied_on is not None and duty.state is not DutyState.CLOSED:
                assert self.db.get_one(Post, relied_on).state is PostState.VISIBLE

    def _demand_noted(self, duty: Duty) -> None:
        """The public history tells every deadline the duty has had, and why it moved."""
        wanted = select(DutyEvent).where(DutyEvent.duty_id == duty.id).order_by(DutyEvent.id)
        first, *later = self.db.scalars(wanted)
        assert (first.kind, first.due_at) == (EventKind.OPENED, duty.first_due_at)
        last: datetime = first.due_at
        for event in later:
            assert event.due_at >= last, "a deadline only moves forward"
            if event.due_at != last:
                assert event.kind in MOVES_DEADLINES
                assert event.kind not in NEEDS_REASON or event.reason
            last = event.due_at
        assert duty.due_at == last, "no deadline moves without a note"
        assert [e.kind for e in later].count(EventKind.CONTESTED) <= 1
