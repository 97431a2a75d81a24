"""The pages round the gate: what everyone reads, and what the chief presses."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

import dialog.pages.consultation  # noqa: F401  (its views hang on the room's blueprint)
from dialog.consultations import queries as consultations
from dialog.consultations.models import Kind
from dialog.core import clock
from dialog.gate import commands, queries
from dialog.permissions import Actor, Role
from tests import make
from tests.gate import kept
from tests.gate.kept import SLUG

PUBLIC = [f"/consultations/{SLUG}{page}" for page in ("", "/basis", "/rules")]
SET_UP = [
    "/set-up",
    "/set-up/new",
    f"/set-up/{SLUG}",
    f"/set-up/{SLUG}/basis",
    f"/set-up/{SLUG}/strategy",
    f"/set-up/{SLUG}/strategy/activities/new",
    f"/set-up/{SLUG}/strategy/kpi/new",
    f"/set-up/{SLUG}/gate",
]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: kept.NOW + timedelta(hours=1))


@pytest.fixture
def chief(app: Flask) -> Actor:
    with make.committed(app) as db:
        return kept.make_chief(db)


@pytest.fixture
def draft(app: Flask, chief: Actor) -> str:
    """The address of a draft with nothing but its name."""
    with make.committed(app) as db:
        return kept.make_draft(db, chief).slug


@pytest.fixture
def ready(app: Flask, chief: Actor) -> str:
    """The address of a draft that keeps all five rules."""
    with make.committed(app) as db:
        return kept.make_ready(db, chief).slug


@pytest.fixture
def opened(app: Flask, ready: str, chief: Actor) -> str:
    """The address of an open dialogue."""
    with make.committed(app) as db:
        return commands.open_consultation(db, chief, slug=ready, now=kept.NOW).slug


def press(client: FlaskClient, page: str, action: str, **fields: str) -> tuple[int, str]:
    """What the form of `page` that goes to `action` answers, and where it leads."""
    html = client.get(page).text
    assert f'action="{action}"' in html
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found
    answer = client.post(action, data={"csrf_token": found[1], **fields})
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize("page", PUBLIC)
@pytest.mark.usefixtures("ready")
def test_a_draft_is_not_found_by_others(client: FlaskClient, page: str) -> None:
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PUBLIC)
@pytest.mark.usefixtures("opened")
def test_an_open_dialogue_is_read_by_everyone(client: FlaskClient, page: str) -> None:
    assert "Budget 2028" in client.get(page).text


@pytest.mark.parametrize("page", SET_UP)
@pytest.mark.usefixtures("draft")
def test_the_set_up_is_for_those_who_set_up(
    app: Flask, client: FlaskClient, chief: Actor, page: str
) -> None:
    with make.committed(app) as db:
        citizen = kept.make_person(db, "Bo", Role.CITIZEN)
    make.sign_in(app, client, citizen)
    assert client.get(page).status_code == 404
    make.sign_in(app, client, chief)
    assert client.get(page).status_code == 200


@pytest.mark.usefixtures("ready")
def test_the_public_page_says_the_same_before_and_after_the_opening(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    before = _verdicts(client)
    status, place = press(client, f"/set-up/{SLUG}/gate", f"/set-up/{SLUG}/open")
    assert (status, place) == (303, f"/consultations/{SLUG}")
    assert before == [word.split(" siden")[0] for word in _verdicts(client)] == ["Holdt"] * 5


@pytest.mark.usefixtures("draft")
def test_the_gate_shows_what_is_missing_with_links_that_mend_it(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    html = client.get(f"/set-up/{SLUG}/gate").text
    for place in ("", "/basis", "/strategy", "/proposals", "/meetings", "/threads"):
        assert f'href="/set-up/{SLUG}{place}"' in html
    assert "Der er ikke planlagt et borgermøde." in html


@pytest.mark.usefixtures("draft")
def test_pressing_open_too_early_leads_back_to_the_list(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    page = f"/set-up/{SLUG}/gate"
    assert press(client, page, f"/set-up/{SLUG}/open") == (303, page)
    assert "Dialogen kan ikke åbne endnu" in client.get(page).text


@pytest.mark.usefixtures("draft")
def test_an_override_is_asked_for_and_approved_by_another(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    with make.committed(app) as db:
        other = kept.make_chief(db, "Per Dahl")
    page, action = f"/set-up/{SLUG}/gate", f"/set-up/{SLUG}/overrides/oral"
    make.sign_in(app, client, chief)
    assert press(client, page, action, reason="Stormen tog hallen.") == (303, page)
    assert f"{action}/approve" not in client.get(page).text
    make.sign_in(app, client, other)
    assert press(client, page, f"{action}/approve") == (303, page)
    assert "Stormen tog hallen." in client.get(f"/consultations/{SLUG}/rules").text
    with make.committed(app) as db:
        found = consultations.access_consultation(db, chief, SLUG)
        assert queries.verdicts(db, found, clock.now())[3].state == "overridden"


@pytest.mark.usefixtures("draft")
def test_an_empty_reason_is_given_back_with_a_word(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    action = f"/set-up/{SLUG}/overrides/oral"
    assert press(client, f"/set-up/{SLUG}/gate", action, reason="")[0] == 422


@pytest.mark.usefixtures("draft")
def test_the_chief_fills_in_the_course(app: Flask, client: FlaskClient, chief: Actor) -> None:
    make.sign_in(app, client, chief)
    fields = {
        "title": "Budget 2028",
        "slug": "budget",
        "decision_on": "2027-10-05",
        "closes_on": "2027-09-20",
        "closes_time": "12:00",
        "version": "1",
    }
    page = f"/set-up/{SLUG}"
    assert press(client, page, page, **fields) == (303, "/set-up/budget")
    html = client.get("/set-up/budget").text
    assert 'value="2027-09-20"' in html
    assert 'value="12:00"' in html


def test_a_closing_can_be_decided_in_spring_for_the_school_year_after_next(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    with make.committed(app) as db:
        kept.make_draft(db, chief, Kind.SCHOOL_STRUCTURE)
    make.sign_in(app, client, chief)
    page = f"/set-up/{SLUG}"
    fields = {"title": "Skoler", "slug": SLUG, "closes_a_school": "y", "decision_on": "2028-04-20"}
    press(client, page, page, **fields, version="1")
    too_late = "lukke eller blive lagt sammen i august 2028, hvis det er besluttet"
    assert too_late in client.get(f"{page}/gate").text
    press(client, page, page, **fields, version="2", effective_year="2029")
    assert too_late not in client.get(f"{page}/gate").text
    refused = press(client, page, page, **fields, version="3", effective_year="2027")
    assert refused[0] == 422


@pytest.mark.usefixtures("draft")
def test_a_stale_form_is_refused_with_its_text(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    page = f"/set-up/{SLUG}/basis"
    assert press(client, page, page, step="save", still_open="A", version="1")[0] == 303
    assert press(client, page, page, step="save", still_open="B", version="1")[0] == 409


@pytest.mark.usefixtures("draft")
def test_the_chief_fills_in_the_basis_and_its_sources(
    app: Flask, client: FlaskClient, chief: Actor
) -> None:
    make.sign_in(app, client, chief)
    page = f"/set-up/{SLUG}/basis"
    fields = {"step": "save", "target_mio": "12,5", "still_open": "Alt", "version": "1"}
    assert press(client, page, page, **fields)[0] == 303
    source = {"step": "add", "source_title": "Budgetoversigt"}
    assert press(client, page, f"{page}#sources", **source)[0] == 303
    html = client.get(page).text
    assert 'value="12,5"' in html
    assert "Budgetoversigt" in html


@pytest.mark.usefixtures("draft")
def test_the_chief_writes_the_plan(app: Flask, client: FlaskClient, chief: Actor) -> None:
    make.sign_in(app, client, chief)
    page = f"/set-up/{SLUG}/strategy"
    assert press(client, page, page, purpose="At flere tager del.", version="0")[0] == 303
    new = f"{page}/activities/new"
    fields = {"phase": "after", "title": "Brev til alle", "on_date": "2027-11-01"}
    assert press(client, new, new, **fields) == (303, page)
    kpi = f"{page}/kpi/new"
    assert press(client, kpi, kpi, name="Deltagere", target="400") == (303, page)
    html = client.get(page).text
    assert "Brev til alle" in html
    assert "Deltagere" in html


@pytest.mark.usefixtures("opened")
def test_a_decision_is_shown_on_the_page(app: Flask, client: FlaskClient, chief: Actor) -> None:
    make.sign_in(app, client, chief)
    action = f"/set-up/{SLUG}/decide"
    press(client, f"/set-up/{SLUG}/gate", action, summary="SFO lukker ikke før.")
    assert "SFO lukker ikke før." in client.get(f"/consultations/{SLUG}").text


def _verdicts(client: FlaskClient) -> list[str]:
    html = client.get(f"/consultations/{SLUG}/rules").text
    return re.findall(r'class="rule__state[^"]*">([^<]+)<', html)
