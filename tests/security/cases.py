"""From the app's own map of addresses to things to ask for, and who may have them.

Nothing here lists the pages: a new route is asked for as soon as it exists. What it needs is
known by the names of its arguments; an argument with a new name fails until it is entered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from dialog import permissions
from dialog.permissions import Action, Role
from tests.security.ground import READERS, Reader, Site
from tests.security.world import SEAT_CODE, Half, World

NOWHERE = 987_654  # the number of nothing
NO_SLUG = "findes-ikke"


@dataclass(frozen=True)
class Case:
    """An address, and whose half of the town it points into: open, draft or nowhere."""

    endpoint: str
    name: str
    path: str
    half: str
    thing: str = ""

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.name}) {self.path}"


Choice = tuple[dict[str, Any], str, str, str]
"""The arguments, what they are called, "open", "draft" or "nowhere", and what the thing is."""


def cases_of(app: Flask, world: World, rule: Rule) -> list[Case]:
    """Everything worth asking for at one address."""
    with app.test_request_context():
        found = []
        for values, name, half, thing in _values(world, rule):
            built = rule.build({**(rule.defaults or {}), **values})
            assert built, f"{rule} cannot be built of {values}"
            found.append(Case(rule.endpoint, name, built[1], half, thing))
        return found


def asked(site: Site, rule: Rule) -> Iterator[tuple[Case, Reader]]:
    """Everything worth asking for at one address, with everyone who asks for it.

    Whom the door turns away never gets as far as the thing: one of each half is enough for him.
    """
    turned_away = set()
    for case in cases_of(site.app, site.world, rule):
        for reader in site.readers.values():
            if not permissions.may(reader.role, permissions.ROUTES[case.endpoint]):
                if (reader.key, case.half) in turned_away:
                    continue
                turned_away.add((reader.key, case.half))
            yield case, reader


def may_see(reader: Reader, case: Case) -> bool:
    """Whether this reader gets an answer there, by the law and by what the thing is."""
    if not permissions.may(reader.role, permissions.ROUTES[case.endpoint]):
        return False
    if case.half == "nowhere":
        return False
    if case.half == "draft" and not permissions.may(reader.role, Action.SET_UP):
        return False
    return _fits(reader, case)


def rules_of(app: Flask, method: str) -> list[Rule]:
    """Every rule that answers this method, in the order of their endpoints."""
    rules = (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))
    return sorted(rules, key=lambda rule: (rule.endpoint, rule.rule))


def forms_of(site: Site) -> Iterator[tuple[str, Case]]:
    """Every form with somebody who may send it: the first such reader and thing.

    A form that nobody of this town may send, as things stand, is with whoever comes first.
    """
    for rule in rules_of(site.app, "POST"):
        cases = cases_of(site.app, site.world, rule)
        wanted = [(key, case) for case in cases for key in READERS]
        allowed = (one for one in wanted if may_see(site.readers[one[0]], one[1]))
        yield next(allowed, wanted[0])


_WRITERS = frozenset(
    role for role in Role if role is Role.VISITOR or permissions.may(role, Action.WRITE)
)
_STEPS = ("pages.hand_on", "pages.decline", "pages.ask_for_facts", "pages.pause")
_TRIAGE = ("pages.merge", "pages.re_address", "pages.turn_down", "pages.postpone")
_ASKED = {"karen": {"question"}, "bent": {"asked", "open_question"}}
_STANDING = {
    "karen": {"own", "below", "question"},
    "bent": {"other", "asked", "open_question"},
    "anders": {"answer"},
}
_GONE = {
    "karen": {"withdrawn", "withdrawn_question"},
    "bent": {"hidden", "hidden_question"},
    "anders": {"spoken"},  # not gone, but said aloud: it is amended, not mended
}


def _fits(reader: Reader, case: Case) -> bool:
    """What the thing itself decides, beyond the law: whose it is, and how it stands."""
    thing, is_hidden = case.thing, case.thing.startswith("hidden")
    is_question = "question" in thing or thing == "asked"
    stands, gone = _STANDING.get(reader.key, set()), _GONE.get(reader.key, set())
    runs = reader.role is Role.COMMS_CHIEF  # nobody else runs a meeting of this town
    comes = reader.key == "karen" and case.half == "open" and thing == "meeting"
    is_shown = thing in ("question", "asked", "open_question")
    is_waiting = thing == "open_question" and case.half == "open"
    decided = {
        "debates.withdraw": thing in stands,
        "debates.edit_post": thing in stands | gone,  # told that it is too late, if it is gone
        "debates.versions": thing != "opening",
        "debates.follow_question": is_shown,
        "debates.create_post": reader.role in _WRITERS,
        "moderation.hide": thing != "opening" and not is_hidden and "withdrawn" not in thing,
        "moderation.restore": is_hidden,
        "pages.desk_question": _on_desk(reader, thing),
        "pages.answer": is_question,
        "pages.acknowledge": is_question,
        "pages.take_back": is_question,
        "pages.prepare": is_question,
        **dict.fromkeys(_STEPS, is_question),
        "pages.give_up_promise": False,  # nobody of this town has promised anything
        "pages.take_on": is_question and case.half == "open",
        **dict.fromkeys(_TRIAGE, is_waiting),
        "debates.support": is_shown,
        "debates.was_answered": thing in _ASKED.get(reader.key, set()),
        "debates.answered_with": False,
        "pages.politician": thing == "anders",
        "gate.approve_override": thing == "strategy",
        "meetings.door": runs,
        "meetings.sign_up_at_door": runs,
        "meetings.check_in": runs and case.half == "open" and thing == "meeting",
        "meetings.count_room": runs,
        "meetings.own_seat": comes,
        "meetings.cancel_own_seat": comes,
        "hall.confirm_answer": reader.key == "anders" and thing == "spoken",
        "agenda.suggest": thing != "opening",
    }
    runs = permissions.ROUTES[case.endpoint] is Action.RUN_MEETING
    if runs and case.endpoint.startswith(("agenda.", "hall.")):
        return reader.role is Role.COMMS_CHIEF and (case.endpoint != "hall.slip" or thing == "oral")
    return decided.get(case.endpoint, True)


def _on_desk(reader: Reader, thing: str) -> bool:
    """Every question lies with the politician who was asked, and is open to his secretary."""
    is_question = "question" in thing or thing == "asked"
    return reader.role in (Role.POLITICIAN, Role.SECRETARY) and is_question


def _values(world: World, rule: Rule) -> Iterator[Choice]:
    names = {name for name in rule.arguments if name not in (rule.defaults or {})}
    if not names:
        yield {}, "the only one", "open", ""
        return
    if "slug" in names:
        yield from _within(world, names - {"slug"})
    elif names == {"user_id"}:
        for key, number in {**world.users, "nobody": NOWHERE}.items():
            yield {"user_id": number}, key, _where("open", number), key
    elif names <= {"token", "stop_token"}:
        yield from _from_mails(world, *names)
    elif names == {"lang"}:
        yield from (({"lang": lang}, lang, "open", "") for lang in ("da", "en"))
        yield {"lang": "xx"}, "xx", "nowhere", ""
    elif names == {"filename"}:
        yield {"filename": "css/dialog.css"}, "a file", "open", ""
        yield {"filename": "../config.py"}, "the way out", "nowhere", ""
    elif names == {"meeting_id", "item_id"}:
        yield from _on_agendas(world)
    else:
        yield from _alone(world, names)


def _from_mails(world: World, name: str) -> Iterator[Choice]:
    """The links that mails hold, and one that nobody sent."""
    if name == "stop_token":
        yield {name: world.stop_token}, "Karen's", "open", "stop"
        yield {name: world.stop_token + "x"}, "forged", "nowhere", ""
        return
    for purpose, token in {**world.tokens, "forged": "x" * 43}.items():
        yield {name: token}, purpose, "open", purpose


def _within(world: World, rest: set[str]) -> Iterator[Choice]:
    """Both dialogues, each with its own things, the other's, and what is not there."""
    for where, half, other in _halves(world):
        if not rest:
            yield {"slug": half.slug}, where, where, ""
        for name in rest:
            for thing, value in _things(name, half):
                choice = {"slug": half.slug, name: value}
                yield choice, f"{where}, {thing}", _where(where, value), thing
            for thing, value in _things(name, other) if name != "rule" else ():
                choice = {"slug": half.slug, name: value}
                yield choice, f"{where}, other's {thing}", "nowhere", thing
    some = {name: value for name in rest for _thing, value in _things(name, world.open)[:1]}
    yield {"slug": NO_SLUG, **some}, "no such dialogue", "nowhere", ""


def _alone(world: World, names: set[str]) -> Iterator[Choice]:
    """A thing of both dialogues by its number alone."""
    (name,) = names - {"rev"}
    rev = {"rev": 0} if "rev" in names else {}
    for where, half, _other in _halves(world):
        for thing, value in _things(name, half):
            yield {name: value, **rev}, f"{where}, {thing}", _where(where, value), thing


def _on_agendas(world: World) -> Iterator[Choice]:
    """A point of a meeting's agenda, the other dialogue's, and one that is not there."""
    for where, half, other in _halves(world):
        meeting = {"meeting_id": half.ids["meeting"]}
        yield {**meeting, "item_id": half.ids["item"]}, f"{where}, item", where, "item"
        yield {**meeting, "item_id": other.ids["item"]}, f"{where}, other's", "nowhere", "item"
        yield {**meeting, "item_id": NOWHERE}, f"{where}, none", "nowhere", "item"


def _halves(world: World) -> list[tuple[str, Half, Half]]:
    return [("open", world.open, world.draft), ("draft", world.draft, world.open)]


def _where(where: str, value: Any) -> str:
    return "nowhere" if value in (NOWHERE, NO_SLUG) else where


def _things(name: str, half: Half) -> list[tuple[str, Any]]:
    """What can stand for an argument of this name: (what it is, its value)."""
    if name in ("post_id", "question_id"):
        return [*half.posts.items(), ("none", NOWHERE)]
    if name == "rule":
        return [("strategy", "strategy"), ("basis", "basis"), ("none", NO_SLUG)]
    if name == "code":
        seat = [("seat", SEAT_CODE)] if "sign_up" in half.ids else []
        return [*seat, ("none", NO_SLUG)]
    if name == "meeting_id":
        meetings = ("meeting", "held")
        return [*((each, half.ids[each]) for each in meetings), ("none", NOWHERE)]
    kind = name.removesuffix("_id")
    assert kind in half.ids, f"tests/security knows no {name}: enter it in world.py"
    return [(kind, half.ids[kind]), ("none", NOWHERE)]
