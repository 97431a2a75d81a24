"""Every address × every reader × every kind of thing: who gets an answer, and what it tells."""

import re
import tempfile
from functools import cache
from typing import Any

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import Settings
from dialog import permissions
from dialog.app import create_app
from dialog.core import live
from dialog.permissions import Action, Role
from tests.security import bodies
from tests.security.cases import Case, asked, may_see, rules_of
from tests.security.ground import READERS, VISITOR, Reader, Site, plain, told
from tests.security.world import (
    BEGUN,
    DRAFT_SLUG,
    GUEST,
    HASH,
    HIDDEN,
    IN_DRAFT,
    INBOX,
    KEPT,
    KEPT_KEY,
    MAIL,
    ROLES,
    WITHDRAWN,
)

_UNTOLD = {"Date", "Content-Length", "Set-Cookie"}  # differ from one answer to the next


def _addresses(method: str) -> list[tuple[str, str]]:
    url = f"sqlite:///{tempfile.gettempdir()}/never-opened.db"
    app = create_app(Settings(database_url=url, secret_key="only to read the map"))
    return [(rule.endpoint, rule.rule) for rule in rules_of(app, method)]


GETS, POSTS = _addresses("GET"), _addresses("POST")


def _rule(site: Site, address: tuple[str, str]) -> Rule:
    return next(
        rule for rule in site.app.url_map.iter_rules() if (rule.endpoint, rule.rule) == address
    )


def leaks(case: Case, reader: Reader, answer: TestResponse) -> list[str]:
    """What this answer tells that its reader may not know, each with the words round it."""
    said = told(answer)
    answer.close()
    forbidden = [HASH, KEPT]
    if case.endpoint != "pages.own_data":  # one's own words, wherever they are shown
        forbidden += _unseen(case, reader)
    if case.thing != "seat" and reader.role is not Role.COMMS_CHIEF:
        forbidden.append(GUEST)
    for key in READERS:
        if key != reader.key:
            forbidden += [f"{BEGUN}-{key}"] if not _is_for(reader, key, case) else []
            forbidden.append(f"{INBOX}-{key}")
            if not (reader.role is Role.ADMIN and case.endpoint.startswith("people.")):
                forbidden.append(f"{MAIL}{key}")
    return [_round(said, word) for word in forbidden if word in said]


def _unseen(case: Case, reader: Reader) -> list[str]:
    """What stands in the store and is not to be read by this reader."""
    forbidden = [WITHDRAWN]
    if not permissions.may(reader.role, Action.SET_UP):
        forbidden += [IN_DRAFT, *([] if DRAFT_SLUG in case.path else [DRAFT_SLUG])]
    if case.endpoint != "moderation.restore" or reader.role is not Role.MODERATOR:
        forbidden.append(HIDDEN)
    return forbidden


def _is_for(reader: Reader, key: str, case: Case) -> bool:
    """Whether that person's draft is meant for this reader, and for his desk alone."""
    is_secretary = key != VISITOR and ROLES[key][1] is Role.SECRETARY
    return (
        is_secretary
        and reader.role is Role.POLITICIAN
        and case.endpoint in ("pages.desk", "pages.desk_question", "pages.answer")
    )


def _round(said: str, word: str) -> str:
    at = said.index(word)
    return f"…{said[max(0, at - 120) : at + 60]!r}…"


def _as_not_found(answer: TestResponse, path: str) -> tuple[Any, ...]:
    headers = sorted((n, v) for n, v in answer.headers.items() if n not in _UNTOLD)
    return answer.status_code, headers, plain(answer, path)


@cache
def _nothing(site: Site, key: str, method: str) -> tuple[Any, ...]:
    """What this reader is told at an address that never was."""
    fields = {"csrf_token": site.csrf_token}
    answer = site.client(key).open("/findes-ikke", method=method, data=fields)
    return _as_not_found(answer, "/findes-ikke")


def _wrong(site: Site, case: Case, reader: Reader, answer: TestResponse, method: str) -> str:
    """What is wrong with the answer, in words; empty if nothing is."""
    status, role = answer.status_code, reader.role
    action = permissions.ROUTES[case.endpoint]
    if status >= 500:
        return "broke"
    if role is Role.VISITOR and not permissions.may(role, action):
        is_sent = status == 303 and answer.headers["Location"].startswith("/sign-in")
        return "" if is_sent else f"{status}, not the way to sign in"
    if may_see(reader, case):
        return f"{status}, though he may" if status in (401, 403, 404, 405) else ""
    if _as_not_found(answer, case.path) != _nothing(site, reader.key, method):
        return f"{status}, and it does not look like an address that never was"
    return ""


@pytest.mark.parametrize("address", GETS, ids="".join)
def test_every_page_answers_each_reader_as_the_law_says_and_tells_no_more(
    site: Site, address: tuple[str, str]
) -> None:
    problems = []
    for case, reader in asked(site, _rule(site, address)):
        answer = site.look(reader.key, case.path)
        wrong = [_wrong(site, case, reader, answer, "GET"), *leaks(case, reader, answer)]
        problems += [f"{reader.key} at {case}: {each}" for each in wrong if each]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("address", POSTS, ids="".join)
def test_every_form_is_taken_from_those_alone_who_may_send_it(
    site: Site, address: tuple[str, str]
) -> None:
    problems = []
    for case, reader in asked(site, _rule(site, address)):
        before = site.mark()
        answer = site.post(reader.key, case.path, bodies.of(site, case))
        wrong = [_wrong(site, case, reader, answer, "POST"), *leaks(case, reader, answer)]
        if site.mark() != before:
            wrong += [] if may_see(reader, case) else ["changed something"]
            site.restore()
        problems += [f"{reader.key} at {case}: {each}" for each in wrong if each]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("address", GETS, ids="".join)
def test_what_scripts_are_told_is_no_more_than_what_pages_tell(
    site: Site, address: tuple[str, str]
) -> None:
    problems = []
    for case, reader in asked(site, _rule(site, address)):
        if reader.key not in (VISITOR, "bent", "anders"):
            continue  # the same views as above: these three see least
        answer = site.client(reader.key).get(case.path, headers={"Accept": "application/json"})
        wrong = leaks(case, reader, answer)
        action = permissions.ROUTES[case.endpoint]
        if reader.role is Role.VISITOR and not permissions.may(reader.role, action):
            wrong += [] if answer.status_code == 401 else [f"{answer.status_code}, not 401"]
        elif not may_see(reader, case) and answer.json != {"error": "Siden findes ikke."}:
            wrong.append(f"{answer.status_code}, not as an address that never was")
        problems += [f"{reader.key} at {case}: {each}" for each in wrong]
    assert not problems, "\n".join(problems)


def test_a_page_that_is_read_in_another_way_shows_no_more(site: Site) -> None:
    thread, posts = site.world.open.ids["thread"], site.world.open.posts
    draft = site.world.draft
    paths = [
        *(f"/threads/{thread}?order={order}&start={start}"
          for order in ("newest", "answers", "x") for start in (0, 2)),
        *(f"/posts/{post}/replies?start=0&level={level}" for post in posts.values()
          for level in (1, 99)),
        *(f"/posts/{post}/reply?{more}" for post in posts.values()
          for more in ("fragment=1", "kind=question&kept=x")),
        *(f"/threads/{thread}/since/{rev}" for rev in (0, 999_999, 10**9)),
        f"/consultations/{DRAFT_SLUG}/proposals?committee=1",
        f"/posts/{draft.posts['own']}/replies?start=0&level=2",
        f"/posts/{draft.posts['own']}/reply?fragment=1",
        "/people?q=zqmail", "/people?q=karen", "/inbox?before=9999", "/moderation?before=9999",
    ]  # fmt: skip
    problems = []
    for path in paths:
        case = Case("", "", path, "open")
        for key in READERS:
            answer = site.client(key).get(path)
            case = Case("people." if path.startswith("/people") else "", "", path, "open")
            wrong = leaks(case, site.readers[key], answer)
            wrong += ["broke"] if answer.status_code >= 500 else []
            problems += [f"{key} at {path}: {each}" for each in wrong]
    assert not problems, "\n".join(problems)


def test_a_kept_text_is_shown_to_whoever_has_its_key_and_only_where_it_was_written(
    site: Site,
) -> None:
    posts, client = site.world.open.posts, site.client("karen")
    assert KEPT in client.get(f"/posts/{posts['opening']}/reply?kept={KEPT_KEY}").text
    assert KEPT not in client.get(f"/posts/{posts['own']}/reply?kept={KEPT_KEY}").text


def test_each_reader_finds_his_own_things_and_the_chief_the_draft(site: Site) -> None:
    """The canaries live: without this the tests above could pass on empty pages."""
    draft, thread = site.world.draft, site.world.open.ids["thread"]
    for key in ("karen", "anders", "rasmus"):
        assert f"{INBOX}-{key}-title" in site.client(key).get("/inbox").text
        assert f"{BEGUN}-{key}" in site.client(key).get(f"/threads/{thread}/reader").text
    for key in ("line", "rasmus"):
        assert f"{IN_DRAFT}-consultations-summary" in site.client(key).get(
            f"/consultations/{draft.slug}/basis"
        ).text  # fmt: skip
        assert f"{IN_DRAFT}-posts-html" in site.client(key).get(
            f"/threads/{draft.ids['thread']}"
        ).text  # fmt: skip
    meeting = site.world.open.ids["meeting"]
    assert GUEST in site.client("line").get(f"/meetings/{meeting}/door").text
    hidden = site.world.open.posts["hidden"]
    assert HIDDEN in site.client("mette").get(f"/posts/{hidden}/restore").text


@pytest.mark.parametrize("key", READERS)
def test_a_channel_is_joined_by_those_alone_who_may_read_its_thread(site: Site, key: str) -> None:
    with site.app.test_request_context():
        socket = live.socketio.test_client(site.app, flask_test_client=site.client(key))
    open_one, draft = site.world.open.ids["thread"], site.world.draft.ids["thread"]
    may = {
        number: socket.emit("join", f"thread:{number}:da", callback=True)["ok"]
        for number in (open_one, draft, 987_654)
    }
    sees_drafts = permissions.may(site.readers[key].role, Action.SET_UP)
    assert may == {open_one: True, draft: sees_drafts, 987_654: False}
    socket.disconnect()


@pytest.mark.parametrize(
    "name",
    ["session:1", "session:1:da", "thread:1", "thread:1:xx", "thread:-1:da", "thread:1.0:da",
     "thread:one:da", "thread:²:da", "", "x" * 5000, None, 7, ["thread:1:da"], {"a": 1}],
)  # fmt: skip
def test_no_other_channel_can_be_joined(site: Site, name: object) -> None:
    with site.app.test_request_context():
        socket = live.socketio.test_client(site.app, flask_test_client=site.client("rasmus"))
    assert socket.emit("join", name, callback=True) == {"ok": False}
    socket.disconnect()


def test_an_action_that_nobody_listed_is_nobody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(permissions.TABLE, Action.READ)
    assert not any(permissions.may(role, Action.READ) for role in Role)


def test_the_names_of_a_way_out_are_no_address(site: Site) -> None:
    for path in ("//example.com/x", "/\\example.com", "/consultations//", "/%2e%2e/config.py"):
        answer = site.client(VISITOR).get(path)
        location = answer.headers.get("Location", "/")
        assert re.match(r"(http://localhost)?/(?![/\\])", location), (path, location)
