"""The pages about the product itself, and the choice of language."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.core import limits
from tests.pages import town as towns

PAGES = ("/five-rules", "/how-we-talk", "/privacy", "/accessibility", "/limits")


@pytest.mark.parametrize("path", PAGES)
def test_everyone_may_read_it_in_a_town_without_anything(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "Set-Cookie" not in answer.headers


def test_the_five_rules_lead_to_each_open_dialogue(client: FlaskClient, db: Session) -> None:
    towns.make_town(db)
    html = client.get("/five-rules").text
    for slug in ("budget-2028", "skoler"):
        assert f"/consultations/{slug}/rules" in html


def test_every_limit_is_told_as_the_code_holds_it(client: FlaskClient) -> None:
    html = client.get("/limits").text
    assert "når spørgsmålet er 24 timer gammelt" in html
    assert "10 verificerede borgere fra mindst 2 byer eller bydele" in html
    assert "1 gang på 10 sekunder, 30 gange i timen og 100 gange om dagen" in html
    for name, limit in limits.LIMITS.items():
        for item in limit.items():
            assert f"{item.amount:,} gang".replace(",", ".") in html, name


def test_a_language_is_kept_for_a_year_and_the_reader_goes_back(client: FlaskClient) -> None:
    answer = client.get("/language/en?next=/limits")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/limits"
    cookie = answer.headers["Set-Cookie"]
    for part in ("lang=en", "Max-Age=31536000", "SameSite=Lax", "HttpOnly"):
        assert part in cookie
    assert '<html lang="en"' in client.get("/limits").text


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org", ""])
def test_the_choice_of_language_sends_nobody_elsewhere(client: FlaskClient, target: str) -> None:
    answer = client.get("/language/da", query_string={"next": target})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/language/xx").status_code == 404
