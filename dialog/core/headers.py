"""The outermost layer: what every answer carries, whoever in the house wrote it.

It wraps the whole WSGI application, so that pages, files, errors and Socket.IO's own answers leave
with the same headers, and so that a forged Host or forwarding header never gets in.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; frame-src 'none'; object-src 'none'; manifest-src 'self'; "
    "worker-src 'self'; media-src 'self'"
)
SAME_FOR_ALL: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
]
TWO_YEARS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
NO_STORE = ("Cache-Control", "no-store")

# An answer to somebody who is not talking to us may show and load nothing at all.
BARE: Headers = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    *SAME_FOR_ALL,
    NO_STORE,
]

# What a proxy may say and a reader may not. X-Forwarded-For and -Proto are believed of as many
# proxies as are configured; the rest never, since proxies pass the Host header on as it is.
FROM_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
FROM_NOBODY = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_REAL_IP",
)
MOST_HOSTS_KEPT = 64  # spellings of Host whose headers are kept ready; a few are ever used


class HeadersMiddleware:
    """A WSGI application that guards and dresses another one."""

    def __init__(
        self,
        wsgi_app: "WSGIApplication",
        *,
        https: bool,
        trusted_hosts: Iterable[str],
        proxy_count: int = 0,
        session_cookie: str = "s",
    ) -> None:
        """`https` is how readers reach the site; `session_cookie` is the cookie's name."""
        self._app = wsgi_app
        self._https = https
        self._trusted_hosts = list(trusted_hosts)
        self._cookie = session_cookie + "="
        self._ready: dict[str, tuple[tuple[str, tuple[str, str]], ...]] = {}
        self._entrance: WSGIApplication = self._guarded
        self._stripped = FROM_NOBODY if proxy_count else FROM_NOBODY + FROM_PROXIES
        if proxy_count:
            self._entrance = ProxyFix(
                self._guarded, x_for=proxy_count, x_proto=proxy_count, x_host=0
            )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        for name in self._stripped:
            environ.pop(name, None)
        return self._entrance(environ, start_response)

    def _guarded(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        headers = self._ready.get(host) or self._headers_for(host)
        if headers is None:
            return _refuse(start_response, "400 Bad Request", "This is not an address of ours.")
        if environ["REQUEST_METHOD"] == "TRACE":
            return _refuse(start_response, "405 Method Not Allowed", "There is no TRACE here.")
        signed_in = self._cookie in environ.get("HTTP_COOKIE", "")
        dressing = self._dressing(start_response, headers, signed_in)
        try:
            return self._app(environ, dressing)
        except Exception:
            log.exception("the application failed at %s", environ.get("PATH_INFO"))
            return _refuse(start_response, "500 Internal Server Error", "Something went wrong.")

    def _dressing(
        self,
        start_response: "StartResponse",
        ours: tuple[tuple[str, tuple[str, str]], ...],
        signed_in: bool,
    ) -> "StartResponse":
        """The `start_response` that adds what the answer does not say itself."""

        # Its annotations are made anew for every answer, so they are the plainest there are.
        def dressed(status: str, headers: Headers, exc_info: Any = None) -> Any:
            names = {name.lower() for name, _value in headers}
            if "set-cookie" in names and self._sets_session(headers):
                headers = [pair for pair in headers if pair[0].lower() != "cache-control"]
                headers.append(NO_STORE)
            elif signed_in and "cache-control" not in names:
                headers = [*headers, NO_STORE]
            if not status.startswith("304"):  # what the browser kept, it kept with our headers
                headers = headers + [pair for name, pair in ours if name not in names]
            return start_response(status, headers, exc_info)

        return dressed

    def _sets_session(self, headers: Headers) -> bool:
        return any(
            name.lower() == "set-cookie" and value.startswith(self._cookie)
            for name, value in headers
        )

    def _headers_for(self, host: str) -> tuple[tuple[str, tuple[str, str]], ...] | None:
        """Our headers, by lower-case name, on this host; None when it is not one of ours."""
        if not host or not host_is_trusted(host, self._trusted_hosts):
            return None
        socket = f"{'wss' if self._https else 'ws'}://{host}"
        headers = [("Content-Security-Policy", CONTENT_SECURITY_POLICY.format(socket=socket))]
        headers += SAME_FOR_ALL + ([TWO_YEARS] if self._https else [])
        ready = tuple((name.lower(), (name, value)) for name, value in headers)
        if len(self._ready) < MOST_HOSTS_KEPT:
            self._ready[host] = ready
        return ready


def _refuse(start_response: "StartResponse", status: str, sentence: str) -> Iterable[bytes]:
    body = sentence.encode()
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), length, *BARE])
    return [body]
