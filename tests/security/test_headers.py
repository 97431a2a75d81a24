"""What every answer carries: page, refusal, file, stylesheet, way on, socket."""

import re

import pytest
from werkzeug.test import TestResponse

from dialog.app import create_app
from tests.security.cases import asked, rules_of
from tests.security.ground import READERS, VISITOR, Site

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
    "img-src": "'self' data:", "font-src": "'self'", "connect-src": "'self' ws://localhost",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    "frame-src": "'none'", "object-src": "'none'", "manifest-src": "'self'",
    "worker-src": "'self'", "media-src": "'self'",
}  # fmt: skip
SAME = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "interest-cohort=()",
}
NOTHING = {"default-src": "'none'", "frame-ancestors": "'none'"}  # a file is no page
NEVER = ("Server", "X-Powered-By", "Access-Control-Allow-Origin", "Strict-Transport-Security")
FOR_EVERYONE = {"no-cache", "public, max-age=3600"}  # what holds nothing about its reader

_INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r'<(?:script|link|img|iframe|form|source)\b[^>]*="(?:https?:)?//', re.IGNORECASE
)


def wrong_headers(answer: TestResponse, wanted: dict[str, str] = POLICY) -> list[str]:
    """What is missing or too much, in words."""
    headers = answer.headers
    wrong = [f"{n}: {headers.getlist(n)}" for n, v in SAME.items() if headers.getlist(n) != [v]]
    parts = (part.strip().split(" ", 1) for part in _one(answer, "Content-Security-Policy"))
    policy = {name: value[0] if value else "" for name, *value in parts}
    wrong += [] if policy == wanted else [f"policy: {policy}"]
    return wrong + [f"{name}: {headers[name]}" for name in NEVER if name in headers]


def _one(answer: TestResponse, name: str) -> list[str]:
    found = answer.headers.getlist(name)
    return found[0].split(";") if len(found) == 1 else [f"{len(found)} times"]


@pytest.mark.parametrize("key", READERS)
def test_every_page_carries_the_headers_and_nothing_inline(site: Site, key: str) -> None:
    problems = []
    for rule in rules_of(site.app, "GET"):
        for case in (case for case, reader in asked(site, rule) if reader.key == key):
            answer = site.look(key, case.path)
            is_file = case.endpoint == "static" and answer.status_code == 200
            wrong = wrong_headers(answer, NOTHING if is_file else POLICY)
            stored = answer.headers.get("Cache-Control", "")
            is_for_all = case.endpoint == "static" or stored in FOR_EVERYONE
            if key != VISITOR and not is_for_all and stored != "no-store":
                wrong.append(f"kept by caches: {stored!r}")
            if answer.mimetype == "text/html":
                wrong += [f"inline: {found}" for found in _INLINE.findall(answer.text)]
                wrong += [f"from elsewhere: {found}" for found in _ELSEWHERE.findall(answer.text)]
            problems += [f"{case}: {each}" for each in wrong]
    assert not problems, "\n".join(problems)


def test_what_caches_may_keep_holds_no_sign_in(site: Site) -> None:
    """A page for everyone is byte for byte the same for all of them, and sets no cookie."""
    paths = [f"/threads/{site.world.open.ids['thread']}", "/brand.css", "/static/css/dialog.css"]
    paths += [f"/posts/{site.world.open.posts['own']}"]
    for path in paths:
        answers = [site.client(key).get(path) for key in READERS]
        assert len({answer.get_data() for answer in answers}) == 1, path
        assert not any(answer.headers.getlist("Set-Cookie") for answer in answers), path
        for answer in answers:
            answer.close()


def test_refusals_carry_the_headers_too(site: Site) -> None:
    thread = f"/threads/{site.world.open.ids['thread']}/posts"
    client = site.client("karen")
    answers = {
        400: client.post(thread, data={"body": "uden mærke"}),
        404: client.get("/findes-ikke"),
        405: client.delete("/"),
        413: client.post(thread, data={"body": "x" * 70_000}),
        303: client.get("/language/en?next=/me"),
        410: client.get("/confirm/" + "x" * 43),
        422: site.post("karen", thread, {"body": ""}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert wrong_headers(answer) == [], status
        if status != 303:
            assert answer.headers["Cache-Control"] == "no-store", status


def test_a_crash_carries_the_headers_and_tells_nothing(site: Site) -> None:
    app = create_app(site.settings)  # one of its own: a route is added to it

    def crash() -> str:
        raise RuntimeError("en hemmelig detalje")

    app.view_functions["pages.privacy"] = crash
    for accept in ("text/html", "application/json"):
        answer = app.test_client().get("/privacy", headers={"Accept": accept})
        assert answer.status_code == 500
        assert wrong_headers(answer) == []
        assert "hemmelig" not in answer.text
        assert "Traceback" not in answer.text
    app.extensions["database"].dispose()


@pytest.mark.parametrize(
    "path",
    ["/socket.io/", "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket",
     "/socket.io/?EIO=3&transport=polling", "/socket.io/?EIO=4&transport=polling&sid=ukendt"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_sockets_own_answers_carry_the_headers(site: Site, path: str, method: str) -> None:
    answer = site.client("karen").open(path, method=method)
    assert wrong_headers(answer) == []


def test_a_socket_from_elsewhere_is_refused(site: Site) -> None:
    for origin in ("https://ond.example", "http://localhost.ond.example", "null"):
        answer = site.client("karen").get(
            "/socket.io/?EIO=4&transport=websocket",
            headers={"Origin": origin, "Upgrade": "websocket", "Connection": "Upgrade"},
        )
        assert answer.status_code == 400, origin
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_signing_out_empties_the_browser(site: Site) -> None:
    before, client = site.client("karen"), site.client("karen")
    answer = client.post("/sign-out", data={"csrf_token": site.csrf_token})
    assert {'"cache"', '"storage"'} <= set(answer.headers["Clear-Site-Data"].split(", "))
    # Neither the new cookie nor the old one opens anything.
    assert [each.get("/me").status_code for each in (client, before)] == [303, 303]
    site.restore()


def test_the_cookie_of_a_sign_in_is_hidden_from_scripts_and_other_sites(site: Site) -> None:
    fields = {"email": "zqmailkaren@eksempel.dk", "password": "gul cykel under broen"}
    answer = site.post(VISITOR, "/sign-in", fields)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 303
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    site.restore()


HOSTILE = [
    "//ond.example", "///ond.example", "/\\ond.example", "\\\\ond.example", "https://ond.example",
    "/\t/ond.example", "/%09/ond.example/../..//x", "javascript:alert(1)", "//ond.example/%2f..",
    "http:ond.example", "/\r\nSet-Cookie:a=b", "/ /ond.example", "\x00//ond.example",
    "@ond.example",
    "/\u2028/ond.example", "https:/ond.example", "http:\\\\ond.example", ".ond.example", "//[::1",
    "////", "/..//ond.example", "/.//ond.example", "data:text/html,x", "?next=//ond.example",
]  # fmt: skip


@pytest.mark.parametrize("target", HOSTILE)
def test_nobody_is_sent_elsewhere(site: Site, target: str) -> None:
    thread = f"/threads/{site.world.open.ids['thread']}/posts"
    signing = {"email": "zqmailkaren@eksempel.dk", "password": "gul cykel under broen"}
    answers = [
        site.client().get("/language/en", query_string={"next": target}),
        site.client("karen").get("/sign-in", query_string={"next": target}),
        site.post(VISITOR, "/sign-in", {**signing, "next": target}),
        site.post("karen", thread, {"body": "Et svar", "next": target}),
    ]
    for answer in answers:
        assert answer.status_code == 303
        assert re.fullmatch(r"/(?![/\\])[!-~]*", answer.headers["Location"])
        # A browser folds "/.//x" into "//x" only after it has settled on our own host.
        assert "Set-Cookie:a" not in str(answer.headers)
    site.restore()
