"""Nothing changes by looking, by a socket, or by a form that is not ours."""

import pytest

from dialog.core import live
from tests.security import bodies
from tests.security.cases import asked, cases_of, forms_of, may_see, rules_of
from tests.security.ground import READERS, VISITOR, Site
from tests.security.world import KEPT_KEY

FOREIGN = [
    {"Origin": "https://ond.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "http://localhost.ond.example"},
    {"Origin": "http://ond.example/http://localhost"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]
OWN = [
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
]


def test_looking_at_every_page_as_everyone_changes_nothing(site: Site) -> None:
    for rule in rules_of(site.app, "GET"):
        for case, reader in asked(site, rule):
            site.look(reader.key, case.path)
    assert site.changed_by_looking == []


def test_asking_for_the_headers_alone_changes_nothing(site: Site) -> None:
    """Mail scanners send HEAD to every link; a view must not take it for a form."""
    problems = []
    for rule in rules_of(site.app, "GET"):
        for case in cases_of(site.app, site.world, rule):
            key = next((key for key in READERS if may_see(site.readers[key], case)), VISITOR)
            before = site.mark()
            answer = site.client(key).head(f"{case.path}?kept={KEPT_KEY}&fragment=1")
            answer.close()
            if site.mark() != before or answer.get_data():
                problems.append(f"{key} at {case}")
                site.restore()
    assert not problems, "\n".join(problems)


def test_a_form_s_fields_in_the_address_change_nothing(site: Site) -> None:
    before = site.state()
    for key, case in forms_of(site):
        fields = {**bodies.of(site, case), "csrf_token": site.csrf_token, "_method": "POST"}
        headers = {"X-HTTP-Method-Override": "POST"}
        site.client(key).get(case.path, query_string=fields, headers=headers).close()
        assert site.state() == before, case


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_other_method_is_taken(site: Site, method: str) -> None:
    before = site.state()
    for key, case in forms_of(site):
        fields = {**bodies.of(site, case), "csrf_token": site.csrf_token}
        answer = site.client(key).open(case.path, method=method, data=fields)
        assert answer.status_code in (400, 405), (case, answer.status_code)
    assert site.state() == before


def test_a_form_without_a_token_of_ours_is_refused_and_changes_nothing(site: Site) -> None:
    before, problems = site.state(), []
    stolen = site.csrf_token
    for key, case in forms_of(site):
        if case.endpoint in ("notifications.stop_now", "debates.mute"):
            continue  # tests/notifications: test_stopping.py, test_following.py
        fields = bodies.of(site, case)
        for name, token in (("none", None), ("empty", ""), ("forged", "x" + stolen[1:]),
                            ("cut", stolen[:-1]), ("bare", "0123456789abcdef" * 2)):  # fmt: skip
            sent = fields if token is None else {**fields, "csrf_token": token}
            answer = site.client(key).post(case.path, data=sent)
            if answer.status_code != 400:
                problems.append(f"{key} at {case}, {name} token: {answer.status_code}")
    assert not problems, "\n".join(problems)
    assert site.state() == before


def test_a_good_token_of_someone_else_is_none(site: Site) -> None:
    """The token holds only together with the cookie it was made for."""
    client = site.app.test_client()
    answer = client.post("/sign-in", data={"csrf_token": site.csrf_token})
    assert answer.status_code == 400


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_elsewhere_is_refused_and_changes_nothing(
    site: Site, headers: dict[str, str]
) -> None:
    before, problems = site.state(), []
    for key, case in forms_of(site):
        answer = site.post(key, case.path, bodies.of(site, case), headers=headers)
        if answer.status_code != 404:
            problems.append(f"{key} at {case}: {answer.status_code}")
    assert not problems, "\n".join(problems)
    assert site.state() == before


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_form_from_here_is_taken(site: Site, headers: dict[str, str]) -> None:
    post = site.world.open.posts["own"]
    answer = site.post("karen", f"/posts/{post}/draft", {"body": "Begyndt"}, headers=headers)
    assert answer.status_code == 204
    site.restore()


def test_a_refused_form_gives_the_text_back_but_no_secret(site: Site) -> None:
    thread = site.world.open.ids["thread"]
    fields = {"body": "Det her må ikke gå tabt", "password": "en hemmelighed"}
    page = site.client("karen").post(f"/threads/{thread}/posts", data=fields)
    assert page.status_code == 400
    assert "Det her må ikke gå tabt" in page.text
    assert "en hemmelighed" not in page.text


def test_a_refused_form_from_elsewhere_gives_nothing_back(site: Site) -> None:
    """Else another site could put words on our pages."""
    thread = site.world.open.ids["thread"]
    for token in ({}, {"csrf_token": site.csrf_token}):
        page = site.client("karen").post(
            f"/threads/{thread}/posts",
            data={"body": "Købes billigt her", **token},
            headers={"Origin": "https://ond.example"},
        )
        assert "Købes billigt her" not in page.text


EVENTS = [
    ("post", {"thread_id": 1, "body": "Hej"}), ("create_post", "Hej"), ("post:created", {"id": 1}),
    ("message", "Hej"), ("json", {"a": 1}), ("admin", None), ("", ""), ("hide", 3),
    ("session", "rasmus"), ("__proto__", {}), ("disconnect_all", 1), ("typing", "thread:1:da"),
]  # fmt: skip


@pytest.mark.parametrize("key", ["rasmus", "line", VISITOR])
def test_a_socket_can_join_and_leave_and_nothing_else(site: Site, key: str) -> None:
    before = site.state()
    with site.app.test_request_context():
        sender = live.socketio.test_client(site.app, flask_test_client=site.client(key))
        other = live.socketio.test_client(site.app, flask_test_client=site.client("karen"))
    room = f"thread:{site.world.open.ids['thread']}:da"
    for socket in (sender, other):
        assert socket.emit("join", room, callback=True) == {"ok": True}
    for name, content in EVENTS:
        sender.emit(name, content)
    sender.emit("leave", {"not": "a name"})
    sender.emit("join", *(["x"] * 5))
    assert (sender.get_received(), other.get_received()) == ([], [])
    assert site.state() == before
    assert sender.is_connected()
    for socket in (sender, other):
        socket.disconnect()


def test_what_is_said_reaches_the_thread_s_channel_and_no_other(site: Site) -> None:
    world = site.world
    with site.app.test_request_context():
        there, away = (
            live.socketio.test_client(site.app, flask_test_client=site.client(key))
            for key in (VISITOR, "line")
        )
    there.emit("join", f"thread:{world.open.ids['thread']}:da")
    away.emit("join", f"thread:{world.draft.ids['thread']}:da")
    path = f"/threads/{world.open.ids['thread']}/posts"
    assert site.post("karen", path, {"body": "Dette er nyt"}).status_code == 303
    assert [event["name"] for event in there.get_received()] == ["post:created"]
    assert away.get_received() == []
    site.restore()
    for socket in (there, away):
        socket.disconnect()
