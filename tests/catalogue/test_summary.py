"""A proposal in short."""

import pytest

from dialog.catalogue import summary
from dialog.catalogue.summary import Headline


def test_the_lasting_amount_is_the_headline() -> None:
    amounts = {2028: -1_400, 2029: -3_600, 2030: -3_600, 2031: -3_600}
    assert summary.headline(amounts) == Headline(-3_600, 2029, yearly=True)


def test_an_amount_that_only_comes_once_is_of_its_year() -> None:
    assert summary.headline({2028: 0, 2029: -500, 2030: 0}) == Headline(-500, 2029, yearly=False)


def test_an_amount_that_changes_every_year_is_told_of_its_first() -> None:
    amounts = {2028: -9_300, 2029: -13_500, 2030: -17_000, 2031: -20_000}
    assert summary.headline(amounts) == Headline(-9_300, 2028, yearly=False)


@pytest.mark.parametrize("amounts", [{}, {2028: 0, 2029: 0}])
def test_without_money_there_is_no_headline(amounts: dict[int, int]) -> None:
    assert summary.headline(amounts) is None


def test_what_costs_does_not_save() -> None:
    found = summary.headline({2028: 700, 2029: 700})
    assert found is not None
    assert not found.saves


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", ""),
        ("Uden punktum", "Uden punktum"),
        ("Børn hentes senest kl. 16. Det gælder fra august.", "Børn hentes senest kl. 16."),
        ("Det koster 3,6 mio. kr. Pengene findes.", "Det koster 3,6 mio. kr."),
        ("Fra 0. til 3. klasse mærkes det. Ikke senere.", "Fra 0. til 3. klasse mærkes det."),
        ("Åbent kl. Otte. Lukket.", "Åbent kl. Otte."),
        ("Skal den lukke? Ja.", "Skal den lukke?"),
        ("En linje\nen til", "En linje"),
    ],
)
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert summary.first_sentence(text) == first


def test_nothing_of_the_consequence_is_lost() -> None:
    text = "Klubben lukker. De store fortsætter. Aftenen også."
    assert summary.rest_after_first_sentence(text) == "De store fortsætter. Aftenen også."


def test_of_proposals_that_exclude_each_other_only_the_greatest_counts() -> None:
    priced = [(None, -100), ("model", -30), ("model", -50), (None, 20)]
    assert summary.net_tkr(priced) == -130


def test_a_proposal_says_what_it_lacks() -> None:
    assert summary.lacks({}, " ", None) == ["amounts", "consequences", "committee"]
    assert summary.lacks({2028: 0}, "Det mærkes.", 3) == []
