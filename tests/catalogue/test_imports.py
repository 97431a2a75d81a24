"""Taking a municipality's own spreadsheet in."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from dialog.audit.models import AuditEvent
from dialog.catalogue import imports, queries, spreadsheet
from dialog.catalogue.imports import Imported
from dialog.consultations.models import BasisVersion, Consultation, State
from dialog.people import office_queries as offices
from tests import make
from tests.make import NOW

BERGEN = ROOT.parent / "shared" / "data" / "catalogues" / "bergen-2013.csv"
SHEET = """Nr.;Udvalg;Titel;Konsekvens;2028;2029
A-1;Ældreudvalget;Rengøring;Sjældnere;-2.000;-2.000
A-2;Kulturudvalget;Biblioteker;;-500;0
"""


@pytest.fixture
def draft(db: Session) -> Consultation:
    """A dialogue that is being set up."""
    return make.make_consultation(db, state=State.DRAFT)


def take_in(db: Session, consultation: Consultation, data: bytes | str) -> Imported:
    raw = data.encode() if isinstance(data, str) else data
    return imports.import_catalogue(
        db,
        make.make_chief(db),
        consultation_id=consultation.id,
        catalogue_file=spreadsheet.read_catalogue(raw, unit="tkr"),
        now=NOW,
    )


@pytest.mark.data
def test_a_real_catalogue_is_taken_in_whole_and_only_once(db: Session, draft: Consultation) -> None:
    if not BERGEN.exists():
        pytest.skip("the real catalogue does not lie here")
    found = spreadsheet.read_catalogue(BERGEN.read_bytes())
    chief = make.make_chief(db)
    first, second = (
        imports.import_catalogue(db, chief, consultation_id=draft.id, catalogue_file=found, now=NOW)
        for _time in range(2)
    )
    rows = queries.priced_proposals(db, draft.id)
    assert (first.added, first.changed, first.unchanged) == (67, 0, 0)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 67)
    assert second.committees == ()
    assert len(rows) == 67
    assert rows[2].amounts == {2013: -213, 2014: -426, 2015: -640, 2016: -640}


def test_an_unknown_committee_is_created_once(db: Session, draft: Consultation) -> None:
    make.make_committee(db, "ældreudvalget")
    assert take_in(db, draft, SHEET).committees == ("Kulturudvalget",)
    assert [each.name for each in offices.committees(db)] == ["Kulturudvalget", "ældreudvalget"]


def test_an_empty_cell_leaves_what_was_written_by_hand(db: Session, draft: Consultation) -> None:
    take_in(db, draft, SHEET)
    library = queries.proposals_by_code(db, draft.id)["a-2"]
    library.service_impact = "Skrevet i hånden."
    assert take_in(db, draft, SHEET).unchanged == 2
    assert library.service_impact == "Skrevet i hånden."


def test_a_corrected_amount_is_taken_over(db: Session, draft: Consultation) -> None:
    take_in(db, draft, SHEET)
    done = take_in(db, draft, SHEET.replace("-500", "-700"))
    library = queries.proposals_by_code(db, draft.id)["a-2"]
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    assert queries.amounts_of(db, library.id) == {2028: -700, 2029: 0}


def test_a_year_that_left_the_file_leaves_the_proposal(db: Session, draft: Consultation) -> None:
    take_in(db, draft, SHEET)
    take_in(db, draft, "Nr.;Titel;2028\nA-1;Rengøring;-2.000\n")
    cleaning = queries.proposals_by_code(db, draft.id)["a-1"]
    assert queries.amounts_of(db, cleaning.id) == {2028: -2_000}


def test_an_import_that_changes_nothing_leaves_no_trace(db: Session, draft: Consultation) -> None:
    take_in(db, draft, SHEET)
    take_in(db, draft, SHEET)
    wanted = select(func.count()).where(AuditEvent.action == "catalogue_imported")
    assert db.scalar(wanted) == 1


def test_every_problem_has_its_words() -> None:
    with pytest.raises(spreadsheet.CatalogueFileError) as refused:
        spreadsheet.read_catalogue(b"Nr.;Titel;2028\nA-1;;-2\nA-1;To;hej\n", unit="tkr")
    told = imports.sentences(refused.value.problems)
    assert all(sentence.startswith("Linje ") for sentence in told)
    assert len(told) >= 3


def run(app: Flask, file: Path, *more: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(
        args=["import-catalogue", str(file), "--consultation", "budget-2028", *more]
    )
    return done.exit_code, done.output


def count(app: Flask) -> int:
    with make.committed(app) as db:
        return queries.proposal_count(db, 1)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A file of two proposals in thousands."""
    file = tmp_path / "katalog.csv"
    file.write_text(SHEET, encoding="utf-8")
    return file


def test_the_command_tells_what_it_took_in_and_where_it_stands(app: Flask, sheet: Path) -> None:
    with make.committed(app) as db:
        make.make_consultation(db, state=State.DRAFT)
    code, output = run(app, sheet, "--unit", "tkr")
    assert code == 0
    assert "2 nye, 0 rettet, 0 som før" in output
    assert "http://localhost/consultations/budget-2028/proposals" in output


def test_the_command_names_each_line_and_takes_nothing_in(app: Flask, tmp_path: Path) -> None:
    with make.committed(app) as db:
        make.make_consultation(db, state=State.DRAFT)
    file = tmp_path / "forkert.csv"
    file.write_text("Nr.;Titel;2028\nA-1;Rengøring;-2.000\nA-2;;hej\n", encoding="utf-8")
    code, output = run(app, file, "--unit", "tkr")
    assert code == 1
    assert output.count("Linje 3") == 2
    assert count(app) == 0


def test_the_command_says_when_there_is_no_such_dialogue(app: Flask, sheet: Path) -> None:
    code, output = run(app, sheet)
    assert code == 1
    assert "budget-2028" in output


def test_an_import_into_an_open_dialogue_is_a_new_version_of_its_basis(
    app: Flask, sheet: Path
) -> None:
    with make.committed(app) as db:
        consultation_id = make.make_consultation(db).id
    for _time in range(2):
        code, output = run(app, sheet, "--unit", "tkr")
        assert code == 0, output
    with make.committed(app) as db:
        wanted = select(BasisVersion).where(BasisVersion.consultation_id == consultation_id)
        assert [each.reason for each in db.scalars(wanted)] == ["Katalog indlæst"]
