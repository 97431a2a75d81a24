"""Reading a municipality's own spreadsheet: as it is written, or refused with the line."""

import csv
import io
import os
import zipfile
from decimal import Decimal
from typing import Any, Literal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from dialog.catalogue import amounts, kinds, sheets
from dialog.catalogue.models import ProposalKind
from dialog.catalogue.spreadsheet import (
    SENTENCES,
    CatalogueFile,
    CatalogueFileError,
    CatalogueRow,
    read_catalogue,
)
from dialog.core.problems import Problem

BERGEN = ROOT.parent / "shared" / "data" / "catalogues" / "bergen-2013.csv"
HEAD = "Nr.;Titel;Udvalg;2028 (1.000 kr.);2029"


def make_csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def make_xlsx(*rows: list[Any], title: str = "Ark1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def problems_in(data: bytes, **options: Any) -> tuple[Problem, ...]:
    """The problems of a file that is refused, each of which can be said in words."""
    with pytest.raises(CatalogueFileError) as refused:
        read_catalogue(data, **options)
    for problem in refused.value.problems:
        sentence = SENTENCES[problem.code] % {"line": problem.line, **problem.params}
        assert "None" not in sentence
    return refused.value.problems


def codes_in(data: bytes, **options: Any) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.code) for problem in problems_in(data, **options)]


def only_row(catalogue: CatalogueFile) -> CatalogueRow:
    (row,) = catalogue.rows
    return row


def tkr_of(cell: str, unit: Literal["kr", "tkr"] = "tkr") -> int:
    data = make_csv("Nr.\tTitel\t2028", f'1\tLuk\t"{cell}"')
    return only_row(read_catalogue(data, unit=unit)).amounts_tkr[2028]


# A real catalogue


@pytest.fixture
def bergen() -> bytes:
    if BERGEN.exists():
        return BERGEN.read_bytes()
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"no real catalogue at {BERGEN}")
    pytest.skip(f"no real catalogue at {BERGEN}")


@pytest.mark.data
@pytest.mark.parametrize("unit", ["kr", None])
def test_bergens_catalogue_is_read_whole(bergen: bytes, unit: Literal["kr"] | None) -> None:
    catalogue = read_catalogue(bergen, unit=unit)
    assert (len(catalogue.rows), catalogue.unit) == (67, "kr")
    assert catalogue.years == (2013, 2014, 2015, 2016)
    assert (catalogue.columns_ignored, catalogue.lines_ignored) == ((), ())
    assert dict(catalogue.rows[0].amounts_tkr) == {2013: 1195, 2014: -105, 2015: -72, 2016: -105}
    assert catalogue.rows[3].committee == "Byrådsavd. for finans, eiendom og eierskap"


@pytest.mark.data
def test_bergens_sums_are_what_a_plain_adding_up_gives(bergen: bytes) -> None:
    catalogue = read_catalogue(bergen)
    records = csv.DictReader(io.StringIO(bergen.decode("utf-8-sig")), delimiter=";")
    exact = sum(int("0" + r["2013"].replace(" ", "").replace("-", "")) for r in records)
    total = sum(abs(row.amounts_tkr[2013]) for row in catalogue.rows)
    assert abs(total - exact / 1000) < len(catalogue.rows)


@pytest.mark.data
def test_bergen_saved_from_a_spreadsheet_program_reads_the_same(bergen: bytes) -> None:
    records = list(csv.reader(io.StringIO(bergen.decode("utf-8-sig")), delimiter=";"))
    cells: list[list[Any]] = [[*records[0][:5], *map(int, records[0][5:])]]
    for record in records[1:]:
        figures = [int(f.replace(" ", "").strip("-") or 0) for f in record[5:]]
        signs = [-1 if "-" in f else 1 for f in record[5:]]
        cells.append([*record[:5], *(s * f for s, f in zip(signs, figures, strict=True))])
    assert read_catalogue(make_xlsx(*cells)).rows == read_catalogue(bergen).rows


# Kinds of file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encodings_and_delimiters_are_told_apart(encoding: str, delimiter: str) -> None:
    lines = [HEAD, "BØ-1;Færre pædagoger – også om aftenen;Børneudvalget;-1.200,5;-3"]
    data = make_csv(*(line.replace(";", delimiter) for line in lines), encoding=encoding)
    row = only_row(read_catalogue(data))
    assert (row.code, row.title) == ("BØ-1", "Færre pædagoger – også om aftenen")
    assert dict(row.amounts_tkr) == {2028: -1201, 2029: -3}


def test_commas_part_the_cells_of_a_file_that_quotes_its_amounts() -> None:
    data = make_csv("Nr,Titel,2028 i t.kr.", 'A-1,"Luk, og flyt","-1.200,5"')
    assert only_row(read_catalogue(data)).amounts_tkr[2028] == -1201


def test_excels_own_note_of_its_delimiter_is_skipped() -> None:
    row = only_row(read_catalogue(make_csv("sep=;", HEAD, "1;Luk;;-5;-5")))
    assert (row.title, row.line) == ("Luk", 3)


def test_a_cell_may_hold_several_lines_and_lines_are_still_counted() -> None:
    data = make_csv("Nr;Titel;Beskrivelse;2028 tkr", '1;Luk;"Først\nså";-5', "2;Flyt;;fem")
    assert problems_in(data)[0].line == 4


def test_a_workbook_gives_its_first_sheet_with_proposals() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Forside", "Budget 2028"])
    sheet = book.create_sheet("Katalog")
    for row in (["Alle beløb i 1.000 kr."], [], ["Nr.", "Titel", 2028], [1, "Luk", -3.5]):
        sheet.append(row)
    catalogue = read_catalogue(saved(book))
    assert (catalogue.sheet, only_row(catalogue).line) == ("Katalog", 4)
    assert (only_row(catalogue).code, only_row(catalogue).amounts_tkr[2028]) == ("1", -4)


def test_a_formula_that_was_never_calculated_is_refused() -> None:
    data = make_xlsx(["Nr.", "Titel", "2028 tkr"], [1, "Luk", "=2*3"])
    assert problems_in(data) == (Problem(2, "formula", {"column": "2028 tkr"}),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n", "empty_file"),
        (b"\xd0\xcf\x11\xe0 gammel", "old_office"),
        (b"%PDF-1.7", "not_a_table"),
        (b"PK\x03\x04 i stykker", "bad_xlsx"),
        (b"bare ord uden kolonner", "no_headings"),
        (b"\x00\x01;\x02", "bad_encoding"),
        ("Nr;Titel;2028\n1;Færre;".encode() + b"\xe6", "bad_encoding"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(data: bytes, code: str) -> None:
    assert codes_in(data) == [(None, code)]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("brev.txt", "kære kommune")
    assert codes_in(buffer.getvalue()) == [(None, "not_a_table")]


def test_a_workbook_that_unpacks_too_large_is_refused_unopened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1_000)
    assert codes_in(make_xlsx(["Nr.", "Titel", 2028])) == [(None, "too_large")]


def test_a_broken_sheet_inside_a_good_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_xlsx(["Nr.", "Titel", 2028]))) as good,
        zipfile.ZipFile(buffer, "w") as broken,
    ):
        for name in good.namelist():
            data = good.read(name)
            broken.writestr(name, data[:-20] if "sheet1" in name else data)
    assert codes_in(buffer.getvalue()) == [(None, "bad_xlsx")]


def test_ten_thousand_rows_are_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    rows = [f"{n};Luk;;-1;-1" for n in range(4)]
    assert codes_in(make_csv(HEAD, *rows)) == [(None, "too_many_rows")]


# Headings


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("FORSLAG NR.", "code", "B-1", "B-1"),
        ("Tiltaksnr", "code", "B-1", "B-1"),
        ("#", "code", "7", "7"),
        ("Utvalg", "committee", "Oppvekst", "Oppvekst"),
        ("Fagudvalg", "committee", "BU", "BU"),
        ("Politikområde", "policy_area", "Skole", "Skole"),
        ("Tjenesteområde:", "policy_area", "Skole", "Skole"),
        ("Sektor", "policy_area", "Skole", "Skole"),
        ("Kategori", "kind", "Gebyr", "fee"),
        ("Omtale", "description", "Om", "Om"),
        ("Konsekvenser for borgerne", "service_impact", "Færre", "Færre"),
        ("Årsværk (antal)", "fte_delta", "−2,5 årsværk", -2.5),
        ("Stillinger", "fte_delta", "-1.5", -1.5),
        ("Berørte borgere", "people_affected", "ca. 5.000 ældre", 5000),
        ("Skal- eller kan-opgave", "is_statutory", "Skal-opgave", True),
        ("Lovpålagt", "is_statutory", "nei", False),
        ("Engangsudgift", "one_off_cost_tkr", "1.500", 1500),
        ("Områdets samlede budget", "area_total_tkr", "12 mio. kr.", 12_000),
    ],
)
def test_headings_are_known_in_danish_and_norwegian(
    heading: str, field: str, cell: str, value: object
) -> None:
    data = make_csv(f"Overskrift;{heading};2028 (1.000 kr.)", f"Luk;{cell};-5")
    assert getattr(only_row(read_catalogue(data)), field) == value


@pytest.mark.parametrize(
    "heading",
    ["2028", "Budget 2028", "B2028", "BF 2028", "B28", "Budgetår 2028", "Overslag 2028",
     "2028 (1.000 kr.)", "2028 i t.kr.", "Budsjett 2028", "Økplan 2028", "Besparelse 2028*",
     "2028 (p/l 2027)", "2028 i 2027-priser", "2028-p/l", "Overslagsår 1 2028",
     "ØP 2028", "Beløp 2028 (hele tusen)"],
)  # fmt: skip
def test_a_year_is_found_in_its_heading(heading: str) -> None:
    data = make_csv(f"Nr;Titel;{heading}", "1;Luk;-5")
    assert read_catalogue(data, unit="tkr").years == (2028,)


@pytest.mark.parametrize(
    "heading", ["I alt", "Sum 2028-2031", "Total", "2028-2031", "Regnskab 2026"]
)
def test_sums_and_the_past_are_left_out_and_named(heading: str) -> None:
    data = make_csv(f"Nr;Titel;2028 tkr;{heading}", "1;Luk;-5;x")
    catalogue = read_catalogue(data)
    assert (catalogue.years, catalogue.columns_ignored) == ((2028,), (heading,))


def test_a_heading_that_can_mean_two_things_takes_what_is_left() -> None:
    data = make_csv("Nr;Forslag;Titel;2028 tkr", "1;Skolen lukker;Luk;-5")
    row = only_row(read_catalogue(data))
    assert (row.title, row.description) == ("Luk", "Skolen lukker")
    assert only_row(read_catalogue(make_csv("Nr;Forslag;2028 tkr", "1;Luk;-5"))).title == "Luk"


def test_an_unknown_column_is_named_with_its_line() -> None:
    data = make_csv("Sparekatalog", "", "Nr;Titel;Farve;2028 tkr", "1;Luk;rød;-5")
    assert problems_in(data) == (Problem(3, "unknown_column", {"column": "Farve"}),)


def test_two_columns_with_one_meaning_are_named() -> None:
    data = make_csv("Nr;Titel;B2028;Budget 2028", "1;Luk;-5;-6")
    params = {"first": "B2028", "second": "Budget 2028"}
    assert problems_in(data, unit="tkr") == (Problem(1, "duplicate_column", params),)


def test_an_amount_needs_a_year() -> None:
    assert (1, "no_years") in codes_in(make_csv("Nr;Titel;Udvalg", "1;Luk;BU"))
    assert codes_in(make_csv("Nr;Titel;Besparelse", "1;Luk;-5")) == [
        (1, "unknown_column"),
        (1, "no_years"),
    ]


def test_titles_above_and_notes_below_are_passed_over() -> None:
    data = make_csv(
        "Sparekatalog 2028;;;;", "I alt 250 mio. kr. skal findes;;;;", HEAD,
        "1;Luk;BU;-5;-6", "Note: priser i faste beløb;;;;",
    )  # fmt: skip
    catalogue = read_catalogue(data)
    assert (len(catalogue.rows), catalogue.unit, catalogue.lines_ignored) == (1, "tkr", (5,))


@pytest.mark.parametrize("years_first", [True, False])
def test_headings_may_take_two_lines(years_first: bool) -> None:
    words, years = "Nr.;Titel;Økonomi (1.000 kr.);", ";;2028;2029"
    head = [years, words] if years_first else [words, years]
    catalogue = read_catalogue(make_csv(*head, "1;Luk;-5;-6"))
    assert dict(only_row(catalogue).amounts_tkr) == {2028: -5, 2029: -6}


# Rows


@pytest.mark.parametrize(
    "line",
    [";I alt;;-10;-10", "I alt;;;-10;-10", "Total;;;-10;-10", ";Sum oppvekst;;-10;-10",
     ";Børneudvalget i alt;;-10;-10", HEAD],
)  # fmt: skip
def test_sums_and_repeated_headings_are_no_proposals(line: str) -> None:
    catalogue = read_catalogue(make_csv(HEAD, "1;Luk;BU;-10;-10", line))
    assert (len(catalogue.rows), catalogue.lines_ignored) == (1, (3,))


def test_a_proposal_may_begin_with_a_word_for_sums() -> None:
    data = make_csv(HEAD, "1;Samlet skoleledelse;BU;-10;-10", "2;Total lukning;BU;-1;-1")
    assert len(read_catalogue(data).rows) == 2


def test_a_section_heading_names_the_committee_where_no_column_does() -> None:
    data = make_csv("Nr;Titel;2028 tkr", "Børneudvalget;;", "1;Luk;-5", "Teknik;;", "2;Flyt;-6")
    assert [row.committee for row in read_catalogue(data).rows] == ["Børneudvalget", "Teknik"]


def test_codes_are_made_from_the_committee_where_no_column_has_them() -> None:
    data = make_csv(
        "Titel;Udvalg;2028 tkr",
        "Luk;Børne- og Uddannelsesudvalget;-5", "Flyt;Teknik og Miljø;-6",
        "Saml;Børne- og Uddannelsesudvalget;-7", "Spar;;-8",
    )  # fmt: skip
    codes = [row.code for row in read_catalogue(data).rows]
    assert codes == ["BU-01", "TM-01", "BU-02", "F-01"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (";Luk;BU;-5;-6", "missing_code"),
        ("1;;BU;-5;-6", "missing_title"),
        ("a;Flyt;BU;-5;-6", "duplicate_code"),
        ("1;Luk;BU;-5", "short_row"),
        ("1;Luk;BU;-5;-6;mere", "stray_cell"),
        ("1;" + "x" * 301 + ";BU;-5;-6", "too_long"),
        ("1;Luk;BU;fem;-6", "bad_amount"),
        ("1;Luk;BU;1,362;-6", "ambiguous_amount"),
        ("1;Luk;BU;=A1;-6", "formula"),
        ("1;Luk;BU;99999999999999;-6", "bad_amount"),
        ('1;"Luk;BU;-5;-6', "bad_csv"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(line: str, code: str) -> None:
    assert codes_in(make_csv(HEAD, "A;Først;BU;-1;-1", line)) == [(3, code)]


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Årsværk", "nogle", "bad_fte"),
        ("Berørte borgere", "alle", "bad_people"),
        ("Skal/kan", "måske", "bad_statutory"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(heading: str, cell: str, code: str) -> None:
    data = make_csv(f"Nr;Titel;{heading};2028 tkr", f"1;Luk;{cell};-5")
    assert problems_in(data) == (Problem(2, code, {"column": heading, "value": cell}),)


def test_headings_without_proposals_are_refused() -> None:
    assert codes_in(make_csv(HEAD)) == [(1, "no_rows")]


# Amounts


@pytest.mark.parametrize(
    ("cell", "tkr"),
    [
        (" -1 362 250 ", -1362), ("-1\u00a0362\u00a0250", -1362), ("−1\u2009362\u202f250", -1362),
        ("1.362.250", 1362), ("1.362.250,50", 1362), ("-1.500", -2), ("1.499", 1),
        ("(1.200.000)", -1200), ("1.200.000-", -1200), ("1.200.000,-", 1200),
        ("-kr. 1.200.000", -1200), ("kr. -1.200.000,00", -1200), ("1200000 kr", 1200),
        ("1,362,250", 1362), ("-1,362,250.75", -1362), ("1362250.0", 1362), ("1'362'250", 1362),
        ("-3,6 mio. kr.", -3600), ("3.6 mio", 3600), ("–2 mill. kr", -2000), ("1,362 mio.", 1362),
        ("-500 t.kr.", -500), ("500 tkr", 500), ("1.200 (1.000 kr.)", None),
        (" -   ", 0), ("–", 0), ("", 0), ("0", 0), ("- kr.", 0), ("kr. -", 0),
        ("+5.000", 5), ("fem", None), ("1 36 250", None), ("1.36.250", None), ("--5", None),
        ("(5", None), ("5)", None), ("-(5)", None), ("5 %", None), ("12-13", None),
        ("1.362 mio.", None), ("nan", None), ("1e9", None), ("٣", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_municipalities_write_them(cell: str, tkr: int | None) -> None:
    if tkr is None:
        with pytest.raises(CatalogueFileError):
            tkr_of(cell, "kr")
    else:
        assert tkr_of(cell, "kr") == tkr


def test_a_comma_parts_thousands_where_the_column_plainly_says_so() -> None:
    data = make_csv("Nr;Titel;2028 (kr)", "1;Luk;-1,362,250", "2;Flyt;-85,500")
    assert [row.amounts_tkr[2028] for row in read_catalogue(data).rows] == [-1362, -86]
    mixed = make_csv("Nr;Titel;2028 (kr)", "1;Luk;-1,362,250", "2;Flyt;-1.362.250", "3;Spar;85,500")
    assert codes_in(mixed) == [(4, "ambiguous_amount")]


@pytest.mark.parametrize(
    ("heading", "note", "cell", "tkr"),
    [
        ("2028 (1.000 kr.)", "", "-1.200", -1200),
        ("2028 (mio. kr.)", "", "-1,2", -1200),
        ("2028 (hele kr.)", "", "-1.200", -1),
        ("2028", "Alle beløb i 1.000 kr.", "-1.200", -1200),
        ("2028", "(i hele 1.000 kr)", "-1.200", -1200),
        ("2028", "Tall i hele tusen", "-1 200", -1200),
        ("2028", "Beløb i hele kroner", "-1.200", -1),
        ("2028", "1.000 kr.", "-1.200", -1200),
        ("2028", "Der mangler 250 mio. kr.", "-1.200.000", -1200),
        ("2028", "", "-120.000 kr.", -120),
        ("2028", "", "-500 t.kr.", -500),
    ],
)
def test_the_unit_is_found_where_the_file_tells_it(
    heading: str, note: str, cell: str, tkr: int
) -> None:
    data = make_csv(f"{note};;", f"Nr;Titel;{heading}", f"1;Luk;{cell}")
    assert only_row(read_catalogue(data)).amounts_tkr[2028] == tkr


def test_a_unit_that_cannot_be_told_is_asked_for() -> None:
    data = make_csv("Nr;Titel;2028", "1;Luk;-120.000")
    assert codes_in(data) == [(None, "unknown_unit")]
    assert only_row(read_catalogue(data, unit="kr")).amounts_tkr[2028] == -120
    assert only_row(read_catalogue(data, unit="tkr")).amounts_tkr[2028] == -120_000


def test_the_unit_given_outranks_the_headings() -> None:
    data = make_csv(HEAD, "1;Luk;BU;-5.000;-6")
    assert only_row(read_catalogue(data, unit="kr")).amounts_tkr[2028] == -5


@given(
    st.integers(-999_999_999, 999_999_999),
    st.sampled_from([".", " ", "\u00a0", "\u202f", "'", ""]),
    st.sampled_from(["-{}", "−{}", "({})", "{}-", "- {}", "kr. -{}", "-{} kr."]),
)
def test_any_amount_in_any_danish_style_reads_back(kr: int, separator: str, minus: str) -> None:
    written = f"{abs(kr):,}".replace(",", separator)
    text = minus.format(written) if kr < 0 else written
    assert amounts.parse_amount(text).number == kr


@given(st.decimals(-9_999, 9_999, places=1))
def test_any_amount_in_millions_reads_back(mio: Decimal) -> None:
    amount = amounts.parse_amount(f"{mio} mio. kr.".replace(".", ",", 1))
    assert amounts.in_tkr(amount, "kr") == mio * 1000


@given(st.text(alphabet="0123456789.,-–−()' krtmio", max_size=20))
def test_a_text_is_an_amount_or_refused_with_a_sentence(text: str) -> None:
    code = ""
    try:
        amounts.in_tkr(amounts.parse_amount(text), "kr")
    except amounts.AmountError as error:
        code = error.code
    assert code in {"", *SENTENCES}


# Kinds


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Effektivisering", "efficiency"), ("servicereduktion", "service_reduction"),
        ("Serviceforringelse", "service_reduction"), ("Rammebesparelse", "frame_cut"),
        ("Takst/gebyr", "fee"), ("økte inntekter", "fee"), ("Ændret struktur", "structure"),
        ("Nyt tiltag", "expansion"), ("Udvidelse", "expansion"), ("Anlæg/udskydelse", "capital"),
        ("tilpasning", "other"), ("engangstiltag", "other"), ("", None),
    ],
)  # fmt: skip
def test_the_kind_is_understood_from_the_municipalitys_word(label: str, kind: str | None) -> None:
    assert kinds.kind_of(label) == kind
    assert kind is None or ProposalKind(kind)
