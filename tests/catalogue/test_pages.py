"""The catalogue as it is read and as it is set up, in a browser without JavaScript."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.catalogue import queries
from dialog.catalogue.models import Proposal, ProposalKind, School
from dialog.consultations.models import Consultation, Kind, State
from dialog.people.models import OfficeTitle
from tests import make

SHEET = "Nr.;Udvalg;Titel;2028\nA-1;Ældreudvalget;Rengøring;-2.000\n"
FILLED = {
    "version": "1",
    "code": "BS-04",
    "title": "Skal Lyngholm Skole lukke?",
    "committee_id": "0",
    "kind": "structure",
    "service_impact": "84 børn får længere til skole.",
    "amount_0": "-1,4 mio. kr.",
    "amount_1": "-3.600.000 kr.",
    "amount_2": "-3.600",
    "people_affected": "84",
    "fte_delta": "-4,5",
    "is_statutory": "yes",
}


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    """The text of the page, with ordinary spaces."""
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def draft(app: Flask, client: FlaskClient) -> None:
    """A budget in the making, and the chief at the keyboard."""
    with make.committed(app) as db:
        make.make_consultation(db, state=State.DRAFT, budget_year=2028)
        chief = make.make_chief(db)
    make.sign_in(app, client, chief)


def proposals(app: Flask) -> list[queries.PricedProposal]:
    with make.committed(app) as db:
        return queries.priced_proposals(db, 1)


def make_catalogue(db: Session) -> list[Proposal]:
    consultation = make.make_consultation(db, budget_year=2028)
    make.make_politician(db)
    make.make_politician(db, "Mette Hjorth", title=OfficeTitle.VICE_CHAIR)
    cleaning = make.make_proposal(db, consultation, position=1)
    library = make.make_proposal(
        db,
        consultation,
        "KF-01",
        committee="Kulturudvalget",
        title="Biblioteket i Kær lukker",
        amounts={2028: -1_000, 2029: -3_600, 2030: -3_600},
        service_impact="5.300 lånere får længere. De små mest.",
        area_total_tkr=72_000,
        people_affected=5_300,
        position=2,
    )
    make.make_thread(db, consultation, proposals=[cleaning])
    return [cleaning, library]


def test_the_catalogue_is_summed_and_cut_by_committee(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        make_catalogue(db)
    shown = page(client, "/consultations/budget-2028/proposals")
    assert "2 forslag for 3 mio. kr." in shown
    assert shown.index("Ældreudvalget") < shown.index("Kulturudvalget")
    assert "5.300 lånere får længere.</p>" in shown


def test_one_committee_needs_no_sum(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        make_catalogue(db)
        make.make_proposal(db, make.make_consultation(db, "alene"))
    assert "I alt" in page(client, "/consultations/budget-2028").partition("Her ligger")[2]
    assert "I alt" not in page(client, "/consultations/alene").partition("Her ligger")[2]


def test_the_table_counts_answered_of_asked(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        cleaning, _library = make_catalogue(db)
        thread = make.make_thread(
            db, db.get_one(Consultation, 1), title="Til", proposals=[cleaning]
        )
        make.make_question(db, thread)
    shown = page(client, "/consultations/budget-2028/proposals")
    assert "0 af 1" in shown
    assert "Ingen endnu" in shown


def test_one_committee_can_be_seen_alone(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        _cleaning, library = make_catalogue(db)
        committee_id = library.committee_id
    path = f"/consultations/budget-2028/proposals?committee={committee_id}"
    shown = page(client, path)
    assert "Biblioteket i Kær lukker" in shown
    assert "Færre ture med rengøring" not in shown
    assert "Se alle 2" in shown


def test_an_unknown_committee_is_not_found(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        make_catalogue(db)
    page(client, "/consultations/budget-2028/proposals?committee=99", 404)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_catalogue_says_so(app: Flask, client: FlaskClient, kind: Kind) -> None:
    with make.committed(app) as db:
        make.make_consultation(db, kind=kind)
    assert "ikke lagt frem endnu" in page(client, "/consultations/budget-2028/proposals")


def test_a_crowded_catalogue_shows_everything_with_few_questions(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        for number in range(100):
            make.make_proposal(db, consultation, f"N-{number}", committee=f"Udvalg {number % 7}")
    shown = page(client, "/consultations/budget-2028/proposals")
    assert shown.count("/proposals/") >= 100
    assert "100 forslag for 200 mio. kr." in shown


def test_models_that_exclude_each_other_say_so_in_words(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db, kind=Kind.SCHOOL_STRUCTURE)
        for code in ("A", "B", "C"):
            made = make.make_proposal(db, consultation, code, exclusive_group="model")
            made.title = f"Model {code}"
        figures = {"pupils_now": 84, "pupils_forecast": 71, "forecast_year": 2033, "capacity": 150}
        db.add(School(consultation_id=1, name="Lyngholm Skole", class_average=12, **figures))
    shown = page(client, "/consultations/budget-2028/proposals")
    assert "Tre modeller, og byrådet kan kun vælge én" in shown
    assert "Lyngholm Skole" in shown
    assert "Elever i 2033" in shown


def test_in_a_budget_the_codes_that_are_excluded_are_named(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        for code in ("A-1", "A-2", "A-3"):
            make.make_proposal(db, consultation, code, exclusive_group="klub")
    shown = page(client, "/consultations/budget-2028/proposals")
    assert "Kan ikke vælges sammen med A-2 og A-3." in shown
    assert "Af dem tæller vi kun det største med." in shown


def test_a_proposal_shows_its_lasting_figure_and_who_answers(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        cleaning, library = make_catalogue(db)
        ids = cleaning.id, library.id
    shown = page(client, f"/proposals/{ids[1]}")
    assert "<b>3,6 mio. kr.</b> sparet om året fra 2029" in shown
    assert "Af områdets budget på 72 mio. kr. er det 5 %." in shown
    assert "5.300" in shown
    shown = page(client, f"/proposals/{ids[0]}")
    assert "Formand for Ældreudvalget" in shown
    assert "Næstformand for Ældreudvalget" in shown
    assert "Skal der gøres rent sjældnere?" in shown


def test_a_proposal_without_anything_but_a_name_is_still_a_page(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        bare = make.make_proposal(db, consultation, committee=None, service_impact="")
        dear = make.make_proposal(db, consultation, "X", amounts={2028: 700, 2029: 700})
        ids = bare.id, dear.id
    assert "Intet udvalg ejer forslaget endnu." in page(client, f"/proposals/{ids[0]}")
    assert "mere om året fra 2028" in page(client, f"/proposals/{ids[1]}")


def test_a_draft_is_there_for_the_chief_alone(app: Flask, client: FlaskClient, draft: None) -> None:
    with make.committed(app) as db:
        proposal_id = make.make_proposal(db, db.get_one(Consultation, 1)).id
    for path in ("/consultations/budget-2028/proposals", f"/proposals/{proposal_id}"):
        page(client, path)
        page(app.test_client(), path, 404)


def send(client: FlaskClient, path: str, fields: dict[str, object]) -> tuple[int, str]:
    """Fills in the form at `path`, token and all."""
    token = client.get(path).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(path, data={**fields, "csrf_token": token})
    return answer.status_code, answer.text


def test_the_chief_writes_a_proposal(app: Flask, client: FlaskClient, draft: None) -> None:
    status, _text = send(client, "/set-up/budget-2028/proposals/new", {**FILLED})
    (row,) = proposals(app)
    assert status == 303
    assert row.amounts == {2028: -1_400, 2029: -3_600, 2030: -3_600}
    assert row.proposal.kind is ProposalKind.STRUCTURE
    assert row.proposal.fte_delta == -4.5
    assert row.proposal.is_statutory is True


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("amount_0", "3,6", "Er det millioner?"),
        ("amount_0", "mange", "kan vi ikke læse"),
        ("people_affected", "4,5", "Skriv et helt tal"),
        ("title", "", "Giv forslaget en titel."),
    ],
)
def test_what_cannot_be_read_comes_back_with_words(
    app: Flask, client: FlaskClient, draft: None, field: str, text: str, words: str
) -> None:
    status, answer = send(client, "/set-up/budget-2028/proposals/new", {**FILLED, field: text})
    assert status == 422
    assert words in answer
    assert "84 børn får længere til skole." in answer
    assert proposals(app) == []


def test_a_number_that_is_taken_is_said_at_its_field(
    app: Flask, client: FlaskClient, draft: None
) -> None:
    send(client, "/set-up/budget-2028/proposals/new", {**FILLED})
    status, answer = send(client, "/set-up/budget-2028/proposals/new", {**FILLED})
    assert status == 422
    assert "Nummeret BS-04 er allerede brugt." in answer


def test_the_form_shows_what_was_written(app: Flask, client: FlaskClient, draft: None) -> None:
    send(client, "/set-up/budget-2028/proposals/new", {**FILLED})
    shown = page(client, "/set-up/budget-2028/proposals/1")
    assert 'value="−1.400"' in shown
    assert 'value="−4,5"' in shown


def test_a_stale_form_is_refused_and_its_text_given_back(
    app: Flask, client: FlaskClient, draft: None
) -> None:
    send(client, "/set-up/budget-2028/proposals/new", {**FILLED})
    path = "/set-up/budget-2028/proposals/1"
    assert send(client, path, {**FILLED, "title": "Først"})[0] == 303
    long = "Det her har det taget en halv time at skrive, og det må ikke gå tabt igen."
    status, answer = send(client, path, {**FILLED, "title": "Sidst", "service_impact": long})
    assert status == 409
    assert long in answer
    assert proposals(app)[0].proposal.title == "Først"


def test_the_list_says_what_each_lacks(app: Flask, client: FlaskClient, draft: None) -> None:
    with make.committed(app) as db:
        consultation = db.get_one(Consultation, 1)
        make.make_proposal(db, consultation, committee=None, service_impact="")
    assert "Mangler konsekvens og udvalg" in page(client, "/set-up/budget-2028/proposals")


def upload(client: FlaskClient, data: bytes) -> tuple[int, str]:
    path = "/set-up/budget-2028/proposals/import"
    return send(client, path, {"unit": "tkr", "file": (BytesIO(data), "katalog.csv")})


def test_a_sheet_is_read_in_whole(app: Flask, client: FlaskClient, draft: None) -> None:
    status, _text = upload(client, SHEET.encode())
    assert status == 303
    assert [row.committee for row in proposals(app)] == ["Ældreudvalget"]


def test_a_sheet_larger_than_a_form_is_read_in(
    app: Flask, client: FlaskClient, draft: None
) -> None:
    more = "".join(f"B-{n};Ældreudvalget;{'Lang titel ' * 20};-1\n" for n in range(500))
    assert len(more) > 100_000
    status, _text = upload(client, (SHEET + more).encode())
    assert status == 303
    assert len(proposals(app)) == 501


def test_a_sheet_with_mistakes_is_refused_line_by_line(
    app: Flask, client: FlaskClient, draft: None
) -> None:
    status, answer = upload(client, (SHEET + "A-1;;;hej\n").encode())
    assert status == 422
    assert "Linje 3" in answer
    assert "Der er ikke læst noget ind endnu." in answer
    assert proposals(app) == []


def test_an_opened_dialogue_takes_no_sheet(app: Flask, client: FlaskClient, draft: None) -> None:
    path = "/set-up/budget-2028/proposals"
    token = client.get(f"{path}/new").text.split('name="csrf_token"')[1].split('value="')[1]
    with make.committed(app) as db:
        db.get_one(Consultation, 1).state = State.OPEN
    fields = {"csrf_token": token.split('"')[0], "unit": "tkr"}
    sheet = (BytesIO(SHEET.encode()), "katalog.csv")
    assert client.post(f"{path}/import", data={**fields, "file": sheet}).status_code == 409
    assert client.post(f"{path}/new", data={**fields, **FILLED}).status_code == 409
    assert proposals(app) == []
    assert "ligger fast" in page(client, path)


def test_the_chief_adds_changes_and_removes_a_school(
    app: Flask, client: FlaskClient, draft: None
) -> None:
    path = "/set-up/budget-2028/schools"
    filled: dict[str, object] = {
        "name": "Kær Skole",
        "pupils_now": "1.128",
        "pupils_forecast": "104",
        "forecast_year": "2033",
        "capacity": "200",
        "class_average": "16,4",
    }
    assert send(client, path, filled)[0] == 303
    assert "16,4" in page(client, path)
    assert send(client, f"{path}?school=1", {**filled, "name": "Kærskolen"})[0] == 303
    assert "Kærskolen" in page(client, path)
    assert send(client, f"{path}?school=1", {"step": "remove"})[0] == 303
    assert "Der er ingen skoler endnu" in page(client, path)
