"""What became of the questions: who has seen, promised, turned down or contested what."""

from collections.abc import Callable, Iterator
from datetime import datetime

from dialog.debates import answering, preparing, promising, supporting, timekeeping, triaging
from dialog.demo import talking
from dialog.demo.town import Act, Content, Event, Town
from dialog.duties import queries as duties
from dialog.duties.handling import Decline
from dialog.duties.models import DeclineCode, PromiseKind
from dialog.duties.promising import Pledge
from dialog.rules import workdays

FIRST_LOOK = -45  # days before the load when the clock of the duties begins to tick
LOOKS_AT = "00:20"  # what became late at midnight is told in the night


def verified(town: Town, told: Content, now: datetime) -> None:
    """Lets these residents have shown that they live here."""
    for key in told["verified"]:
        town.users[key].verified_at = now
    town.db.flush()


def events(town: Town, told: Content) -> Iterator[Event]:
    """The questions of this file, what people did with all of them, and the clock."""
    posts = told["post"]
    yield from talking.posts(town, [{"key": post["thread"], "post": [post]} for post in posts])
    for act in told["act"]:
        yield town.calendar.spoken(act["day"], act["time"]), _doing(town, act)
    for day in range(FIRST_LOOK, 1):
        yield town.calendar.spoken(day, LOOKS_AT), lambda now: _keep_time(town, now)


def _keep_time(town: Town, now: datetime) -> None:
    for question_id in list(timekeeping.what_waits(town.db, now)):
        timekeeping.look_at(town.db, question_id, now)


def _doing(town: Town, told: Content) -> Act:
    act = _ACTS[told["what"]]
    return lambda now: act(town, told, now)


def _acknowledge(town: Town, told: Content, now: datetime) -> None:
    answering.acknowledge_question(
        town.db, town.actor(told["by"]), question_id=town.posts[told["question"]], now=now
    )


def _pause(town: Town, told: Content, now: datetime) -> None:
    answering.pause_question(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        reason=told["reason"],
        until=town.calendar.day(told["until"]),
        now=now,
    )


def _facts(town: Town, told: Content, now: datetime) -> None:
    answering.ask_for_facts(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        reason=told["reason"],
        until=town.calendar.day(told["until"]),
        now=now,
    )


def _postpone(town: Town, told: Content, now: datetime) -> None:
    duty = duties.duty_of(town.db, town.posts[told["question"]])
    assert duty is not None, told["question"]
    later = workdays.add_working_days(workdays.local_date(duty.due_at), told["working_days"])
    answering.postpone_question(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        day=later,
        reason=told["reason"],
        now=now,
    )


def _hand_on(town: Town, told: Content, now: datetime) -> None:
    answering.hand_on_question(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        to_id=town.users[told["to"]].id,
        reason=told["reason"],
        now=now,
    )


def _decline(town: Town, told: Content, now: datetime) -> None:
    why = Decline(
        code=DeclineCode(told["code"]),
        reason=told.get("reason", ""),
        see_answer_id=town.posts[told["answer"]] if "answer" in told else None,
    )
    answering.decline_question(
        town.db, town.actor(told["by"]), question_id=town.posts[told["question"]], why=why, now=now
    )


def _merge(town: Town, told: Content, now: datetime) -> None:
    triaging.merge_questions(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        into_id=town.posts[told["into"]],
        now=now,
    )


def _accept(town: Town, told: Content, now: datetime) -> None:
    answering.accept_answer(
        town.db, town.actor(told["by"]), question_id=town.posts[told["question"]], now=now
    )


def _contest(town: Town, told: Content, now: datetime) -> None:
    answering.contest_answer(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        reason=told["reason"],
        now=now,
    )


def _promise(town: Town, told: Content, now: datetime) -> None:
    day = town.calendar.day(told["due"]) if "due" in told else None
    pledge = Pledge(kind=PromiseKind(told["kind"]), text=told["promise"], day=day)
    promising.make_promise(
        town.db,
        town.actor(told["by"]),
        answer_id=town.posts[told["answer"]],
        pledge=pledge,
        now=now,
    )


def _draft(town: Town, told: Content, now: datetime) -> None:
    preparing.prepare_answer(
        town.db,
        town.actor(told["by"]),
        question_id=town.posts[told["question"]],
        body=told["text"],
        now=now,
    )


def _keep(town: Town, told: Content, now: datetime) -> None:
    promising.keep_promise(
        town.db,
        town.actor(told["by"]),
        answer_id=town.posts[told["answer"]],
        body=told["text"],
        now=now,
    )


def _give_up(town: Town, told: Content, now: datetime) -> None:
    promising.give_up_promise(
        town.db,
        town.actor(told["by"]),
        answer_id=town.posts[told["answer"]],
        reason=told["reason"],
        now=now,
    )


def _support(town: Town, told: Content, now: datetime) -> None:
    for key in told["by"]:
        supporting.support_question(
            town.db, town.actor(key), post_id=town.posts[told["question"]], now=now
        )


_ACTS: dict[str, Callable[[Town, Content, datetime], None]] = {
    "acknowledge": _acknowledge,
    "pause": _pause,
    "facts": _facts,
    "postpone": _postpone,
    "hand_on": _hand_on,
    "decline": _decline,
    "merge": _merge,
    "accept": _accept,
    "contest": _contest,
    "promise": _promise,
    "draft": _draft,
    "keep": _keep,
    "give_up": _give_up,
    "support": _support,
}
