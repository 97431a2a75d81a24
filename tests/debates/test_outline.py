"""The forest: proposals, threads and branches, a line for each."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.debates import minutes, outline
from dialog.permissions import SYSTEM
from tests import make
from tests.debates.reading import a_thread, page_at, written
from tests.debates.test_pages import counted

OUTLINE = "/consultations/budget-2028/outline"


def branches_on(page: str) -> list[str]:
    return re.findall(r'<li><a href="/posts/\d+">([^<]+)</a>', page)


def test_branches_stand_under_their_thread_and_its_proposal(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        proposal = make.make_proposal(db, consultation)
        thread = make.make_thread(db, consultation, proposals=[proposal])
        make.make_post(db, thread, topic="Lis gør mere end rent", body="Hun ser til min mor.")
        make.make_post(db, thread, body="Uden overskrift")
    page = page_at(client, OUTLINE)
    places = [
        page.index(words) for words in ("ÆO-01</b> Færre ture", "Skal der gøres rent", "Lis gør")
    ]
    assert places == sorted(places)
    assert branches_on(page) == ["Lis gør mere end rent", "Uden overskrift"]


def test_a_thread_with_the_title_of_its_proposal_says_it_once(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        proposal = make.make_proposal(db, consultation)
        make.make_thread(db, consultation, proposals=[proposal], title=proposal.title)
        title = proposal.title
    page = page_at(client, OUTLINE)
    assert page.count(title) == 1
    assert f'<a href="/proposals/{proposal.id}">Forslag ÆO-01</a>' in page


def test_states_are_words(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        first = make.make_question(db, thread, body="Hvem betaler?")
        make.make_post(db, thread, make.make_politician(db), under=first, body="Kommunen")
        make.make_question(db, thread, body="Hvornår?")
    page = page_at(client, OUTLINE)
    answered, waiting = page.index("Besvaret"), page.index("Åbent spørgsmål")
    assert page.index("Hvem betaler?") < answered < page.index("Hvornår?") < waiting


def test_an_answered_question_with_an_open_one_below_says_both(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        first = make.make_question(db, thread, body="Hvem betaler?")
        answer = make.make_post(db, thread, make.make_politician(db), under=first, body="Os")
        make.make_question(db, thread, under=answer, body="Hvornår?")
    page = page_at(client, OUTLINE)
    assert page.index("Hvem betaler?") < page.index("Besvaret") < page.index("Åbent spørgsmål")


def test_minutes_alone_are_no_persons_words(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        minutes.post_minutes(
            db,
            SYSTEM,
            thread_id=thread.id,
            meeting_id=thread.meeting_id,
            topic="Referat",
            body="Det blev sagt.",
            now=clock.now(),
        )
    for path in (OUTLINE, f"/threads/{thread.id}", "/consultations/budget-2028/threads"):
        page = page_at(client, path)
        assert "1 indlæg" in page
        assert "fra 0 person" not in page


@pytest.mark.parametrize(("days", "words"), [(400, "Drøftes på"), (-2_000, "Drøftet på")])
def test_the_meeting_is_told_as_coming_or_held(
    app: Flask, client: FlaskClient, days: int, words: str
) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        starts_at = make.NOW + timedelta(days=days)
        meeting = make.make_meeting(db, consultation, starts_at=starts_at)
        make.make_thread(db, consultation, meeting=meeting)
    assert words in page_at(client, OUTLINE)


def test_what_is_decided_says_so(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    with make.committed(app) as db:
        db.get_one(Consultation, thread.consultation_id).state = State.DECIDED
    page = page_at(client, OUTLINE)
    assert "Besluttet" in page.split("forest__tree")[1]
    assert "på borgermødet" not in page


def test_a_thread_shows_eight_branches_and_the_way_to_them_all(
    app: Flask, client: FlaskClient
) -> None:
    thread = a_thread(app)
    written(app, thread, *(f"Gren {n}" for n in range(12)))
    page = page_at(client, OUTLINE)
    assert len(branches_on(page)) == outline.BRANCHES
    assert "Vis alle 12 grene" in page
    whole = page_at(client, f"{OUTLINE}?thread={thread.id}")
    assert branches_on(whole) == [f"Gren {n}" for n in range(12)]


def test_threads_come_a_page_at_a_time_each_once(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        for n in range(outline.THREADS + 3):
            make.make_thread(db, consultation, title=f"Tråd {n:02}")
    path: str | None = OUTLINE
    seen = []
    while path:
        page = page_at(client, path)
        seen += re.findall(r"<bdi>(Tråd \d\d)</bdi>", page)
        following = re.search(r'href="([^"]+)" data-more rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == [f"Tråd {n:02}" for n in range(outline.THREADS + 3)]


def test_the_outline_can_keep_to_a_proposal(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        rent = make.make_proposal(db, consultation, "ÆO-01")
        make.make_thread(db, consultation, title="Om at gøre rent", proposals=[rent])
        make.make_thread(db, consultation, title="Om alt andet")
    page = page_at(client, f"{OUTLINE}?proposal=ÆO-01")
    assert "Om at gøre rent" in page
    assert "Om alt andet" not in page
    assert "Du ser kun tråde om forslag ÆO-01" in page


@pytest.mark.parametrize("query", ["after=0", "after=x", "after=-1", "thread=999", "thread=x"])
def test_a_hand_made_address_is_not_found(app: Flask, client: FlaskClient, query: str) -> None:
    a_thread(app)
    assert client.get(f"{OUTLINE}?{query}").status_code == 404


def test_another_consultations_thread_is_not_found(app: Flask, client: FlaskClient) -> None:
    a_thread(app)
    with make.committed(app) as db:
        other = make.make_thread(db, make.make_consultation(db, "skoler"))
    assert client.get(f"{OUTLINE}?thread={other.id}").status_code == 404


def test_the_outline_costs_the_same_whatever_its_size(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        for n in range(10):
            thread = make.make_thread(db, consultation, title=f"Tråd {n}")
            for m in range(3):
                make.make_post(db, thread, body=f"Gren {m}")
    with counted(app) as seen:
        page_at(client, OUTLINE)
    assert len(seen) <= 8, "\n".join(seen)


def test_the_debate_links_to_its_outline_and_search(app: Flask, client: FlaskClient) -> None:
    a_thread(app)
    page = page_at(client, "/consultations/budget-2028/threads")
    assert f'href="{OUTLINE}"' in page
    assert 'action="/consultations/budget-2028/search"' in page
