"""Hostile text in every field of every form, looked for on every page that could show it."""

import ctypes
import json
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw as pdfium
from sqlalchemy import Text, select, update
from sqlalchemy.types import Enum

from dialog import tables
from dialog.core import html, pdf, pdf_worker
from dialog.mail.models import OutgoingMail
from tests import servers
from tests.security import bodies
from tests.security.cases import cases_of, forms_of, may_see, rules_of
from tests.security.ground import READERS, VISITOR, Site

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//ond.example></sCrIpT>",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "' onfocus=alert(1) autofocus='",
    '" onmouseover="alert(1)',
    "<img src=x onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>klik</a>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](java\tscript:alert(1))",
    "[klik](&#106;avascript:alert(1))",
    "[klik](data:text/html,<script>alert(1)</script>)",
    "[klik](vbscript:msgbox(1))",
    "[klik](//ond.example 'onmouseover=alert(1)')",
    '[klik](https://a.example "><img src=x onerror=alert(1)>")',
    "<javascript:alert(1)>",
    '<https://a.example/"onmouseover=alert(1)>',
    "![x](x onerror=alert(1))",
    "![x](javascript:alert(1))",
    "> <script>alert(1)</script>",
    "* <img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=//ond.example><input type=password>",
    "<base href=//ond.example>",
    "<meta http-equiv=refresh content='0;url=//ond.example'>",
    "<link rel=stylesheet href=//ond.example>",
    "<style>@import'//ond.example'</style>",
    "{{ 7*7 }}{% set x = config %}{{ config.SECRET_KEY }}",
    "%(name)s %s %n {0} {name.__class__}",
    "\u202e<script>alert(1)</script>\u202c",
    "＜script＞alert(1)＜/script＞",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<<script>script>alert(1)<</script>/script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "a" * 300 + "<script>alert(1)</script>",
]
# What our own pages are made of: anything else on a page came from someone's text.
_OWN_SCHEMES = re.compile(r"(/|#|\?|https?:|webcal:|mailto:|tel:|data:image/)", re.IGNORECASE)
# A QR code is drawn by us: a picture that holds nothing but squares.
_QR = re.compile(r"data:image/svg\+xml;charset=utf-8,(?!.*(?:script|href|%3[Cc]a|%3[Cc]im))")
_NEVER = {"base", "embed", "frame", "iframe", "math", "object", "style"}


class _Page(HTMLParser):
    """What a browser would make of a page: the foreign bodies it finds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        own_script = tag != "script" or given.get("src", "").startswith("/static/")
        if tag in _NEVER or not own_script or given.get("http-equiv"):
            self.found.append(f"<{tag} {given}>")
        for name, value in given.items():
            is_address = name in ("href", "src", "action", "formaction", "srcset", "xlink:href")
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"<{tag} {name}={value!r}>")
            if is_address and value and not _OWN_SCHEMES.match(value):
                self.found.append(f"<{tag} {name}={value!r}>")
            is_ours = tag == "a" or re.match(r"(?!//)[/?#]|$", value) or _QR.match(value)
            if is_address and not is_ours:
                self.found.append(f"<{tag} {name}={value!r}>")


def foreign_in(page: str) -> list[str]:
    """What does not belong on a page of ours."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.found


def foreign_in_pdf(content: bytes) -> list[str]:
    """What does not belong in a document of ours: scripts, files, addresses of an odd kind."""
    with pypdfium2.PdfDocument(content) as document:
        scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document)
        found = [f"{scripts} scripts"] if scripts else []
        found += [f"file {number}" for number in range(document.count_attachments())]
        addresses = [each for page in document for each in _addresses_on(page)]
        return found + [each for each in addresses if not _OWN_SCHEMES.match(each)]


def _addresses_on(page: pypdfium2.PdfPage) -> Iterator[str]:
    """Where the links of this page lead, if not to another page."""
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page, place, link):
        action = pdfium.FPDFLink_GetAction(link)
        if pdfium.FPDFAction_GetType(action) in (pdfium.PDFACTION_GOTO, 0):
            continue
        room = ctypes.create_string_buffer(2_000)
        pdfium.FPDFAction_GetURIPath(page.pdf, action, room, len(room))
        yield room.value.decode(errors="replace")


# never rendered: every answer says "nosniff"
_NO_PAGE = {"text/csv", "application/atom+xml", "text/calendar"}


@pytest.mark.parametrize(
    "text",
    ["<script>1</script>", "<script src=//a></script>", "<img src=x onerror=1>", "<svg onload=1>",
     "<a href=javascript:1>", "<a href='jAvascript:1'>", "<form action=//a>", "<iframe>", "<style>",
     "<p style='x'>", "<base href=//a>", "<meta http-equiv=refresh>", "<a href=' javascript:1'>",
     "<link rel=stylesheet href=//a>", "<img src=https://a/x.png>"],
)  # fmt: skip
def test_the_looking_glass_finds_what_it_looks_for(text: str) -> None:
    assert foreign_in(f"<p>{text}</p>")
    assert not foreign_in(f"<p title='{text.replace(chr(39), '')}'>&lt;script&gt;</p>")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_the_looking_glass_finds_it_in_a_document_too(address: str) -> None:
    servers.needs_type()
    good = '<a href="https://a.example">a</a><a href="#b">b</a><p id="b">c</p>'
    document = partial(pdf_worker.document, style=pdf.STYLES / "pack.css")
    assert foreign_in_pdf(document(good)) == []
    assert foreign_in_pdf(document(f'{good}<a href="{address}">klik</a>')) == [address]


@pytest.fixture(scope="module")
def poisoned(site: Site) -> Iterator[Site]:
    """The town after its whole store was filled with hostile words, past every form."""
    number = 0
    with site.app.test_request_context(), site.database.transaction() as db:
        for table in tables.metadata.sorted_tables:
            keys = list(table.primary_key.columns)
            texts = [each for each in table.columns if _holds_words(table.name, each)]
            for row in db.execute(select(table)).mappings().all() if texts else []:
                values: dict[str, Any] = {}
                for column in (each for each in texts if row[each.name]):
                    word = HOSTILE[number % len(HOSTILE)].replace("\x00", "")
                    is_html = column.name.endswith("html")
                    values[column.name] = html.render(html.tidy(word)) if is_html else word
                    number += 1
                if values:
                    matches = [key == row[key.name] for key in keys]
                    db.execute(update(table).where(*matches).values(values))
        site.turn(db)  # nothing that was made of the clean words is shown instead
    yield site
    site.restore()


_KEPT_COLUMNS = {
    "slug", "code", "email", "letter", "zone", "link", "locale", "path", "key", "rule", "sha256",
    "token_hash", "password_hash", "dedupe_key", "source_id", "idempotency_key", "exclusive_group",
    "content", "url",
}  # fmt: skip


def _holds_words(table: str, column: Any) -> bool:
    """Whether a person's words can get there: not what the program itself writes."""
    is_text = isinstance(column.type, Text) and not isinstance(column.type, Enum)
    is_free = column.name not in _KEPT_COLUMNS and not column.primary_key
    return is_text and is_free and not table.startswith("audit") and table != "outgoing_mails"


@pytest.mark.parametrize("key", READERS)
def test_no_stored_word_becomes_part_of_a_page(poisoned: Site, key: str) -> None:
    problems = []
    for rule in rules_of(poisoned.app, "GET"):
        for case in cases_of(poisoned.app, poisoned.world, rule):
            if case.endpoint == "static" or not may_see(poisoned.readers[key], case):
                continue
            answer = poisoned.client(key).get(case.path)
            if answer.status_code >= 500:
                problems.append(f"{case}: broke")
            if answer.mimetype in _NO_PAGE:
                continue
            if answer.mimetype == "application/pdf":
                problems += [f"{case}: {each}" for each in foreign_in_pdf(answer.get_data())]
                continue
            page = (
                json.loads(answer.text).get("posts", [])
                if answer.is_json
                else [{"html": answer.text}]
            )
            found = [each for part in page for each in foreign_in(part["html"])]
            problems += [f"{case}: {each}" for each in found]
            problems += [
                f"{case}: worked out" for sign in ("49{", "49") if f">{sign}<" in answer.text
            ]
    assert not problems, "\n".join(problems[:40])


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 8))
def test_no_sent_word_becomes_part_of_the_answer(site: Site, number: int) -> None:
    """Each form is sent with hostile words in every field at once, good token, able sender."""
    problems = []
    for key, case in forms_of(site):
        names = {"name", "title", "body", "reason", *bodies.of(site, case)}
        fields = {
            name: HOSTILE[(number + at) % len(HOSTILE)] for at, name in enumerate(sorted(names))
        }
        sent = {"csrf_token": site.csrf_token, **fields}
        answer = site.client(key).post(case.path, data=sent, follow_redirects=True)
        if answer.status_code >= 500:
            problems.append(f"{case}: broke")
        if answer.mimetype == "text/html":  # JSON is words, and no browser takes it for a page
            problems += [f"{case}: {each}" for each in foreign_in(answer.text)]
    site.restore()
    assert not problems, "\n".join(problems)


QUERIES = ("q", "next", "order", "start", "level", "before", "committee", "school", "phase", "kind",
           "kept", "fragment", "lang", "message")  # fmt: skip
NUMBERS = ("-1", "0", "99999999999999999999", "9" * 400, "1e9", "٣", "1.5", "NaN", "\x00", "")


@pytest.mark.parametrize("key", ["rasmus", VISITOR])
def test_no_word_in_the_address_becomes_part_of_the_page(site: Site, key: str) -> None:
    problems = []
    for rule in rules_of(site.app, "GET"):
        seen = (case for case in cases_of(site.app, site.world, rule))
        case = next((case for case in seen if may_see(site.readers[key], case)), None)
        if case is None or case.endpoint == "static":
            continue
        for text in (*HOSTILE[3::20], *NUMBERS[2::4]):
            answer = site.client(key).get(case.path, query_string=dict.fromkeys(QUERIES, text))
            wrong = foreign_in(answer.text) if answer.mimetype == "text/html" else []
            wrong += ["broke"] if answer.status_code >= 500 else []
            problems += [f"{case} with {text[:40]!r}: {each}" for each in wrong]
    assert not problems, "\n".join(problems[:40])


_NUMBERED = re.compile(r"_id$|^version$|^to$|^up_to$|year|^capacity$|^target$|^pupils|^pro|^pol")


@pytest.mark.parametrize("text", ["99999999999999999999", "-1", "9" * 400, "\x00"])
def test_a_number_that_is_none_is_refused_and_not_stumbled_over(site: Site, text: str) -> None:
    problems = []
    for key, case in forms_of(site):
        fields = {**bodies.of(site, case), "parent_id": "", "to": "", "source_id": ""}
        for name in filter(_NUMBERED.search, fields):
            answer = site.post(key, case.path, {**fields, name: text})
            if answer.status_code >= 500:
                problems.append(f"{case} with {name}={text[:30]!r}")
    for step, path in (("basis", "source_id"), ("schools", "x")):
        address = f"/set-up/{site.world.draft.slug}/{step}?school={text.strip(chr(0))}"
        answer = site.post("line", address, {"step": "remove", path: text})
        problems += [address] if answer.status_code >= 500 else []
    site.restore()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**30])
def test_an_address_with_too_great_a_number_is_not_found(site: Site, number: int) -> None:
    problems = []
    client = site.client("rasmus")
    for rule in rules_of(site.app, "GET"):
        names = [name for name in rule.arguments if name.endswith("_id")]
        if names and not rule.defaults:
            path = re.sub(r"<int[^>]*:\w+>", str(number), rule.rule)
            path = path.replace("<slug>", site.world.open.slug)
            status = client.get(path).status_code
            problems += [f"{path}: {status}"] if status != 404 else []
    assert not problems, "\n".join(problems)


def test_mails_are_plain_text_with_one_line_for_a_subject(site: Site) -> None:
    body = "Svar\r\nBcc: alle@eksempel.dk\r\n\r\n<script>alert(1)</script>"
    under = str(site.world.open.posts["own"])
    path = f"/threads/{site.world.open.ids['thread']}/posts"
    site.post("bent", path, {"body": body, "topic": body, "parent_id": under})
    with site.database.reading() as db:
        mails = list(db.scalars(select(OutgoingMail)))
    assert mails
    for mail in mails:
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject + mail.recipient + mail.body
    site.restore()
