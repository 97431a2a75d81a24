"""What every answer carries, and what never gets in."""

from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dialog.core.headers import HeadersMiddleware


def site(**settings: Any) -> FlaskClient:
    """A client of a small site behind the layer."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/", "hello", lambda: "hello")
    app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.url}")
    app.add_url_rule("/cached", "cached", lambda: answer(("Cache-Control", "max-age=60")))
    app.add_url_rule(
        "/sign-in",
        "sign_in",
        lambda: answer(("Set-Cookie", "s=1"), ("Cache-Control", "public, max-age=60")),
    )
    app.add_url_rule("/language", "language", lambda: answer(("Set-Cookie", "lang=da")))
    app.add_url_rule("/crash", "crash", crash)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    own = {"https": False, "trusted_hosts": ["localhost", "dialog.example.dk"], **settings}
    app.wsgi_app = HeadersMiddleware(app.wsgi_app, **own)  # type: ignore[method-assign]
    return app.test_client()


def answer(*headers: tuple[str, str]) -> Response:
    """An answer with these headers."""
    made = Response("ok")
    for name, value in headers:
        made.headers[name] = value
    return made


def crash() -> str:
    raise RuntimeError("a secret detail")


def policy(response: TestResponse) -> str:
    return response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/missing", "/crash"])
def test_every_answer_carries_the_headers(path: str) -> None:
    headers = site().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in policy(site().get("/"))


def test_the_policy_names_the_sockets_of_the_host_asked_for() -> None:
    assert "connect-src 'self' ws://localhost:8000;" in policy(
        site().get("/", base_url="http://localhost:8000")
    )
    assert "connect-src 'self' wss://dialog.example.dk;" in policy(
        site(https=True).get("/", base_url="https://dialog.example.dk")
    )


def test_https_is_asked_for_only_where_there_is_https() -> None:
    assert "Strict-Transport-Security" not in site().get("/").headers
    assert site(https=True).get("/").headers["Strict-Transport-Security"].startswith("max-age=630")


def test_a_crash_tells_nothing() -> None:
    response = site().get("/crash")
    assert response.status_code == 500
    assert response.text == "Something went wrong."


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", ""])
def test_a_foreign_host_is_refused(host: str) -> None:
    assert site().get("/", headers={"Host": host}).status_code == 400


def test_trace_is_refused() -> None:
    assert site().open("/", method="TRACE").status_code == 405


FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-Ip": "6.6.6.6",
    "Forwarded": "for=6.6.6.6",
}


def test_without_proxies_nothing_forwarded_is_believed() -> None:
    assert site().get("/who", headers=FORGED).text == "127.0.0.1 http://localhost/who"


def test_behind_a_proxy_its_own_word_is_believed_and_no_more() -> None:
    headers = {**FORGED, "X-Forwarded-For": "6.6.6.6, 192.0.2.7"}
    response = site(proxy_count=1).get("/who", headers=headers)
    assert response.text == "192.0.2.7 https://localhost/who"


def test_a_page_for_everyone_keeps_its_caching() -> None:
    client = site()
    assert "Cache-Control" not in client.get("/").headers
    assert client.get("/cached").headers["Cache-Control"] == "max-age=60"


def test_a_page_for_someone_signed_in_is_not_stored() -> None:
    client = site()
    client.set_cookie("s", "1")
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert client.get("/cached").headers["Cache-Control"] == "max-age=60"


def test_an_answer_that_signs_in_is_never_stored() -> None:
    headers = site().get("/sign-in").headers
    assert headers.getlist("Cache-Control") == ["no-store"]
    assert "Cache-Control" not in site().get("/language").headers


def test_an_answer_may_be_stricter_than_the_rest() -> None:
    own = HeadersMiddleware(
        answer(("Content-Security-Policy", "sandbox")), https=False, trusted_hosts=["localhost"]
    )
    app = Flask(__name__)
    app.wsgi_app = own  # type: ignore[method-assign]
    headers = app.test_client().get("/").headers
    assert headers.getlist("Content-Security-Policy") == ["sandbox"]
