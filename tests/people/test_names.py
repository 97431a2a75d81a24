"""Names: whose is whose."""

import pytest
from flask import Flask

from dialog.core.errors import InvalidInput
from dialog.people import names


@pytest.mark.parametrize(
    "text",
    ["Karen Møllegaard", "Anne-Sofie O'Neill", "Jens P. Hansen", "Åse Æbelø", "李小龙",
     "Мария Петрова", "علي حسن", "Renée d’Arcy", "Łukasz Żuk", "Bo Li"],
)  # fmt: skip
def test_people_are_called_this(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert names.checked_name(f"  {text} ") == text


@pytest.mark.parametrize(
    "text",
    ["", "K", "x" * 81, "Karen ✓", "Karen 🙂", "Karen2", "<b>Karen</b>", "eksempel.dk",
     "Kаren Møller", "𝐊𝐚𝐫𝐞𝐧", "Ｋａｒｅｎ", "karen@eksempel.dk", "-Karen", "Karen ®"],
)  # fmt: skip
def test_nobody_is_called_this(app: Flask, text: str) -> None:
    with app.test_request_context(), pytest.raises(InvalidInput):
        names.checked_name(text)


def test_what_turns_the_writing_round_is_taken_out(app: Flask) -> None:
    with app.test_request_context():
        assert names.checked_name("Karen\u202e Møl\u200bler\n") == "Karen Møller"


@pytest.mark.parametrize(
    "forged",
    ["Anders Toft", "ANDERS TOFT", "anders  toft", "Andérs Tôft", "Аndеrs Тоft", "Anders-Toft",
     "Ânders Töft", "Αnders Tοft", "Anders Tøft"],
)  # fmt: skip
def test_a_name_that_can_be_taken_for_an_official_s_is_known(forged: str) -> None:
    assert names.looks_official(forged, ["Anders Toft", "Line Østerby"])


@pytest.mark.parametrize(
    "forged", ["Iine Østerby", "Llne Osterby", "Line 0sterby".replace("0", "О")]
)
def test_signs_that_look_alike_are_one(forged: str) -> None:
    assert names.looks_official(forged, ["Line Østerby"])


@pytest.mark.parametrize("claim", ["Fjordby Kommune", "Borgmester Hansen", "Moderator", "Dialog"])
def test_nobody_calls_himself_an_office(claim: str) -> None:
    assert names.looks_official(claim, [])


@pytest.mark.parametrize("name", ["Anders Toftegaard", "Anders Holm Toft", "Karen Kommuneskov"])
def test_names_that_merely_resemble_are_free(name: str) -> None:
    assert not names.looks_official(name, ["Anders Toft"])
