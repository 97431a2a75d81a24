"""The meeting pack, as a page and as PDF whose pages are looked at."""

import re
import threading
import time
import urllib.request
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from config import ROOT
from dialog.agenda import commands
from dialog.core import clock, pdf, pdf_worker
from dialog.debates import commands as debates
from dialog.debates import tree
from dialog.debates.models import Post, PostKind, PostState, Thread, Voice
from dialog.meetings.models import Meeting
from tests import make, servers
from tests.agenda.people import publish, put_on
from tests.pages.town import counted_statements

SOON = clock.now() + timedelta(days=7)
A4 = (595, 842)  # points


def fill(db: Session) -> tuple[Meeting, Thread]:
    """A meeting with a basis, a proposal, a thread of all kinds, an agenda and a rule."""
    dialogue = make.make_consultation(
        db,
        summary="Vi mangler 250 mio. kr.",
        decided_by="Byrådet",
        already_decided="Skatten stiger ikke.\nSkolen i Kær består.",
        still_open="Hvilke forslag vi vælger.",
        impossible="At låne til daglig drift.",
    )
    meeting = make.make_meeting(
        db, dialogue, starts_at=SOON, title="Ældre og sundhed", place="Havgården"
    )
    proposal = make.make_proposal(db, dialogue)
    thread = make.make_thread(db, dialogue, meeting=meeting, proposals=[proposal])
    now = clock.now() - timedelta(hours=3)
    karen = make.make_citizen(db, area="Havnen")
    bent = make.make_citizen(db, "Bent Juhl", area="Lyngholm")
    topic = make.make_post(
        db, thread, karen, body="Gulvet er glat.", topic="Faldulykker", now=now,
        kind=PostKind.ARGUMENT_AGAINST,
    )  # fmt: skip
    make.make_post(
        db, thread, bent, body="Min mor faldt i maj.", under=topic, now=now,
        kind=PostKind.EXPERIENCE,
    )  # fmt: skip
    make.make_post(
        db, thread, bent, body="Det er 2.100, ikke 1.900.", now=now, kind=PostKind.CORRECTION
    )
    question = make.make_question(db, thread, karen, under=topic, now=now)
    chief = make.make_chief(db)
    commands.put_title_on(db, chief, meeting_id=meeting.id, title="Velkommen", minutes=10, now=now)
    put_on(db, meeting, question, now=now)
    publish(db, meeting, now=now)
    return meeting, thread


def text_of(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def inflated(document: bytes) -> bytes:
    """What the document says of itself, without its compression."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    return b"".join(_inflate(part) for part in parts)


def _inflate(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


def ink_of(page: pypdfium2.PdfPage) -> float:
    """The share of a page's dots that are not white."""
    dots: list[int] = page.render(scale=0.5, grayscale=True).to_pil().histogram()
    return sum(dots[:200]) / sum(dots)


def margin_ink_of(page: pypdfium2.PdfPage) -> int:
    """How many dots of the page's left margin are not white."""
    drawn = page.render(scale=1, grayscale=True).to_pil()
    return sum(drawn.crop((0, 0, 50, drawn.height)).histogram()[:200])


def test_the_page_tells_everything_that_is_on_paper(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        meeting, _thread = fill(db)
    page = client.get(f"/meetings/{meeting.id}/pack").get_data(as_text=True)
    for words in (
        "Ældre og sundhed", "Havgården", "Skatten stiger ikke.", "At låne til daglig drift.",
        "250 mio. kr.", "ÆO-01", "Velkommen", "Hvem hjælper dem, der ikke selv kan?",
        "Anders Toft (L)", "Fra Havnen og Lyngholm", "Fejl i et tal", "Plads til noter",
        "Mødelederen kan vælge ét spørgsmål mere.", "data:image/svg+xml",
    ):  # fmt: skip
        assert words in page, words
    assert "<script" not in page


def test_what_is_hidden_or_withdrawn_is_nowhere_in_the_pack(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, thread = fill(db)
        for post in make.posts_of(db, thread):
            if post.kind in (PostKind.QUESTION, PostKind.EXPERIENCE, PostKind.CORRECTION):
                author = make.make_citizen(db, post.author_name)
                debates.withdraw_post(db, author, post_id=post.id, now=clock.now())
    page = client.get(f"/meetings/{meeting.id}/pack").get_data(as_text=True)
    for gone in ("Hvem hjælper dem", "Min mor faldt", "2.100"):
        assert gone not in page, gone
    assert "Spørgsmålet er trukket tilbage" in page


def test_the_pdf_is_a4_in_plex_with_title_bookmarks_tags_and_text_that_can_be_read(
    app: Flask, client: FlaskClient
) -> None:
    servers.needs_type()
    with make.committed(app) as db:
        meeting, _thread = fill(db)
        db.get_one(Meeting, meeting.id).title = "Ældre og sundhed i hele kommunen, nu og om ti år"
    answer = client.get(f"/meetings/{meeting.id}/pack.pdf")
    assert answer.mimetype == "application/pdf"
    assert "modemappe-" in answer.headers["Content-Disposition"]
    document = pypdfium2.PdfDocument(answer.get_data())
    assert document.get_metadata_dict()["Title"].startswith("Mødemappe: Ældre og sundhed")
    assert document.is_tagged()
    inside = inflated(answer.get_data())
    assert b"/Lang (da)" in inside
    assert b"Plex" in inside
    headings = [mark.get_title() for mark in document.get_toc(max_depth=9)]
    assert "Grundlaget på én side" in headings
    pages = list(document)
    assert all((round(w), round(h)) == A4 for w, h in (page.get_size() for page in pages))
    whole = " ".join(text_of(page) for page in pages)
    for words in ("Hvem hjælper dem, der ikke selv kan?", "Skatten stiger ikke.", "Faldulykker"):
        assert words in whole, words
    assert f"Side 2 / {len(pages)}" in text_of(pages[1])
    code = text_of(pages[1]).split("Valgt af mødelederen")[1].split()[0]
    assert code in text_of(pages[-1]), "the lines for notes carry the code of the question"
    assert all(0.002 < ink_of(page) < 0.3 for page in pages), "no page is empty or black"
    assert not any(margin_ink_of(page) for page in pages), "what the footers say stays in them"


def test_the_cover_is_one_page_with_the_rule_on_it(app: Flask, client: FlaskClient) -> None:
    servers.needs_type()
    with make.committed(app) as db:
        meeting, _thread = fill(db)
        told = db.get_one(Meeting, meeting.id)
        told.accessibility = "Linje 2 og 14 stopper ved døren. Parkering bag hallen. " * 3
        told.wheelchair, told.hearing_loop = "Niveaufri adgang ved hovedindgangen.", True
        publish(
            db, meeting, text="Vi tager ét spørgsmål fra hver tråd. " * 5, reason="Klart.",
            now=clock.now(),
        )  # fmt: skip
    document = pypdfium2.PdfDocument(client.get(f"/meetings/{meeting.id}/pack.pdf").get_data())
    cover, agenda = text_of(document[0]), text_of(document[1])
    assert "Det, der ikke kommer på, skyldes stadig." in cover
    assert cover.count("Vi tager ét spørgsmål fra hver tråd.") == 5
    assert agenda.startswith("Dagsorden")


def test_the_same_pack_is_set_once(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    servers.needs_type()
    with make.committed(app) as db:
        meeting, _thread = fill(db)
    address, folder = f"/meetings/{meeting.id}/pack.pdf", tmp_path / "packs"
    first = client.get(address).get_data()
    (file,) = folder.glob("*.pdf")
    made_at = file.stat().st_ctime_ns, file.read_bytes()
    assert client.get(address).get_data() == first
    assert file.read_bytes() == made_at[1]
    assert len(list(folder.glob("*.pdf"))) == 1
    with make.committed(app) as db:
        make.make_post(db, db.get_one(Thread, 1), body="Et nyt emne", now=clock.now())
    assert client.get(address).get_data() != first
    assert len(list(folder.glob("*.pdf"))) == 2


def test_where_no_type_can_be_set_the_page_to_print_is_offered(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make.committed(app) as db:
        meeting, _thread = fill(db)
    monkeypatch.setattr(pdf, "PATIENCE", 0.001)  # no machine is that fast
    answer = client.get(f"/meetings/{meeting.id}/pack.pdf")
    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert "kan ikke laves som PDF lige nu" in page
    assert f"/meetings/{meeting.id}/pack" in page
    assert client.get(f"/meetings/{meeting.id}/pack").status_code == 200


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1/", "data:text/html,x", "file:///static/x"]
)
def test_the_typesetter_fetches_nothing_but_our_own(address: str) -> None:
    servers.needs_type()
    fetcher = pdf_worker._only_below(ROOT / "static")
    with pytest.raises(ValueError, match="not ours"):
        fetcher.fetch(address)
    escaped = f"file://{ROOT}/static/css/../../config.py"
    with pytest.raises(ValueError, match="not ours"):
        fetcher.fetch(escaped)


def test_a_debate_of_5000_posts_makes_a_pack_that_can_be_carried(
    app: Flask, client: FlaskClient
) -> None:
    servers.needs_type()
    with make.committed(app) as db:
        meeting, thread = fill(db)
    small = pack_cost(app, client, meeting)[0]
    with make.committed(app) as db:
        talk_on(db, thread, branches=500, replies=9)
    queries, seconds, page = pack_cost(app, client, meeting)
    assert queries == small
    assert seconds < 5
    assert len(page) < 400_000
    started = time.monotonic()
    document = pypdfium2.PdfDocument(client.get(f"/meetings/{meeting.id}/pack.pdf").get_data())
    assert time.monotonic() - started < pdf.PATIENCE
    assert len(document) < 50


def pack_cost(app: Flask, client: FlaskClient, meeting: Meeting) -> tuple[int, float, str]:
    """Statements, seconds and the page itself."""
    started = time.monotonic()
    with counted_statements(app) as sent:
        page = client.get(f"/meetings/{meeting.id}/pack").get_data(as_text=True)
    return len(sent), time.monotonic() - started, page


def talk_on(db: Session, thread: Thread, *, branches: int, replies: int) -> None:
    """So many more branches with so many replies each, straight into the store."""
    opening = make.opening_of(db, thread)
    rows: list[dict[str, Any]] = []

    def post(parent: int, path: str, depth: int, ordinal: int, number: int) -> None:
        rows.append(
            {
                "id": number, "thread_id": thread.id, "parent_id": parent, "path": path,
                "depth": depth, "ordinal": ordinal, "kind": PostKind.COMMENT,
                "voice": Voice.CITIZEN, "state": PostState.VISIBLE, "author_name": "Nogen Borger",
                "author_area": f"Område {ordinal % 7}", "source": "Det her mener jeg. " * 40,
                "html": "<p>Det her mener jeg.</p>", "created_at": clock.now(), "rev": 1,
                "child_count": replies if depth == 1 else 0,
                "descendant_count": replies if depth == 1 else 0,
            }
        )  # fmt: skip

    number = 100_000
    for branch in range(branches):
        at = opening.child_count + branch
        number += 1
        head, path = number, tree.child_path("", at)
        post(opening.id, path, 1, at, head)
        for reply in range(replies):
            number += 1
            post(head, tree.child_path(path, reply), 2, reply, number)
    db.execute(insert(Post), rows)
    more = {"child_count": Post.child_count + branches}
    db.execute(update(Post).where(Post.id == opening.id).values(**more))
    db.execute(
        update(Thread)
        .where(Thread.id == thread.id)
        .values(post_count=Thread.post_count + len(rows))
    )


@pytest.mark.engine("sqlite")
def test_readers_are_served_while_a_pack_is_set(database_url: str, app: Flask) -> None:
    servers.needs_type()
    with make.committed(app) as db:
        meeting, thread = fill(db)
        talk_on(db, thread, branches=200, replies=9)
    with servers.dialog_server(database_url) as address:
        waits: list[float] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                started = time.monotonic()
                urllib.request.urlopen(f"{address}/brand.css", timeout=30).read()
                waits.append(time.monotonic() - started)

        reader = threading.Thread(target=read)
        reader.start()
        try:
            started = time.monotonic()
            made = urllib.request.urlopen(f"{address}/meetings/{meeting.id}/pack.pdf", timeout=90)
            assert made.read(5) == b"%PDF-"
            took = time.monotonic() - started
        finally:
            done.set()
            reader.join()
    assert took > 0.5, "setting type takes a while, or nothing was shown"
    assert len(waits) > 20
    assert max(waits) < took / 2, "nobody waited for the type"
