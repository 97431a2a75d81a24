"""Roles, offices and the account page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.core.errors import InvalidInput
from dialog.people import commands, office_queries, queries
from dialog.people.models import OfficeTitle
from dialog.permissions import SYSTEM, VISITOR, Actor, NotAllowed, Role
from tests.people.browser import (
    ADMIN,
    BENT,
    KAREN,
    LINE,
    TOFT,
    database,
    is_signed_in,
    make_person,
    moment,
    send,
    sign_in,
)


def make_committee(app: Flask, name: str = "Ældreudvalget") -> int:
    with app.app_context(), database(app).transaction() as db:
        return commands.create_committee(db, SYSTEM, name=name, now=moment()).id


def elect(app: Flask, user_id: int, *offices: tuple[int, OfficeTitle]) -> None:
    with app.app_context(), database(app).transaction() as db:
        commands.set_offices(db, SYSTEM, user_id, offices=offices, now=moment())


def test_the_title_is_the_office_on_that_committee_else_the_most_senior(app: Flask) -> None:
    toft = make_person(app, TOFT)
    aged, schools, roads = (
        make_committee(app, n) for n in ("Ældreudvalget", "Skoleudvalget", "Vej")
    )
    elect(app, toft, (aged, OfficeTitle.MEMBER), (schools, OfficeTitle.CHAIR))
    with database(app).reading() as db:
        titles = [
            office_queries.office_title(db, toft, one) for one in (aged, schools, roads, None)
        ]
    assert titles == [
        "medlem af Ældreudvalget",
        "formand for Skoleudvalget",
        "formand for Skoleudvalget",
        "formand for Skoleudvalget",
    ]


def test_the_mayor_is_the_mayor(app: Flask) -> None:
    toft, finance = make_person(app, TOFT), make_committee(app, "Økonomiudvalget")
    elect(app, toft, (finance, OfficeTitle.MAYOR))
    with database(app).reading() as db:
        assert office_queries.office_title(db, toft, finance) == "borgmester"
        assert office_queries.chair_of(db, finance) == toft


def test_the_chair_answers_first_then_the_vice_chair(app: Flask) -> None:
    aged, toft, other = make_committee(app), make_person(app, TOFT), make_person(app, BENT)
    elect(app, other, (aged, OfficeTitle.VICE_CHAIR))
    elect(app, toft, (aged, OfficeTitle.CHAIR))
    with database(app).reading() as db:
        assert [one.id for one in office_queries.responsible_for(db, aged)] == [toft, other]


def test_a_committee_has_one_chair(app: Flask) -> None:
    aged, toft, other = make_committee(app), make_person(app, TOFT), make_person(app, BENT)
    elect(app, toft, (aged, OfficeTitle.CHAIR))
    with pytest.raises(InvalidInput):
        elect(app, other, (aged, OfficeTitle.CHAIR))


def test_only_who_manages_people_makes_people(app: Flask) -> None:
    with (
        app.app_context(),
        pytest.raises(NotAllowed),
        database(app).transaction() as db,
    ):
        commands.create_user(
            db, VISITOR, email=KAREN, name="Karen Holm", role=Role.ADMIN, now=moment()
        )


def test_an_admin_makes_a_citizen_a_politician_with_an_office(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, ADMIN)
    karen, aged = make_person(app, KAREN), make_committee(app)
    sign_in(client, ADMIN)
    page = f"/people/{karen}"
    edition = _hidden(client.get(page).get_data(as_text=True), "edition")
    fields = {"name": "Karen Møllegaard", "role": "politician", "party_id": "0"}
    fields |= {f"office_{aged}": "chair", "edition": edition}
    assert send(client, page, **fields).location == "/people"
    assert "formand for Ældreudvalget" in client.get("/people").get_data(as_text=True)
    assert send(client, page, **fields).status_code == 409


def test_an_admin_can_t_take_the_role_from_himself(app: Flask, client: FlaskClient) -> None:
    admin = make_person(app, ADMIN)
    sign_in(client, ADMIN)
    page = f"/people/{admin}"
    edition = _hidden(client.get(page).get_data(as_text=True), "edition")
    fields = {"name": "Rasmus Holt", "role": "citizen", "party_id": "0", "edition": edition}
    assert send(client, page, **fields).status_code == 422
    assert is_signed_in(client)


@pytest.mark.parametrize("email", [KAREN, TOFT, LINE])
def test_nobody_else_sees_the_list(app: Flask, client: FlaskClient, email: str) -> None:
    user_id = make_person(app, email)
    sign_in(client, email)
    assert client.get("/people").status_code == 404
    assert client.get(f"/people/{user_id}").status_code == 404


def test_people_are_found_by_part_of_the_name_or_the_whole_address(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, ADMIN)
    make_person(app, KAREN)
    sign_in(client, ADMIN)
    for words in ("møll", KAREN):
        assert "Karen Møllegaard" in client.get("/people", query_string={"q": words}).text
    assert "Karen Møllegaard" not in client.get("/people?q=karen@").text
    assert "Karen Møllegaard" not in client.get("/people").text
    assert client.get("/people/99999999999999999999").status_code == 404


def test_a_citizen_changes_name_area_and_language(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    sign_in(client, KAREN)
    send(client, "/me", name="Karen Holm", area="Havnsø", locale="en")
    page = client.get("/me").text
    assert 'value="Karen Holm"' in page
    assert 'lang="en"' in page


def test_a_citizen_does_not_become_a_politician_by_name(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    make_person(app, TOFT)
    sign_in(client, KAREN)
    assert send(client, "/me", name="Anders  TOFT", area="", locale="da").status_code == 422


def test_a_politician_s_name_is_not_his_to_change(app: Flask, client: FlaskClient) -> None:
    toft = make_person(app, TOFT)
    sign_in(client, TOFT)
    send(client, "/me", name="Birthe Ravnsborg", area="", locale="da")
    with database(app).reading() as db:
        user = queries.user_by_id(db, toft)
        assert user
        assert user.name == "Anders Toft"


def test_an_unknown_language_is_refused(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    sign_in(client, KAREN)
    assert send(client, "/me", name="Karen", area="", locale="xx").status_code == 422


def test_access_to_another_looks_like_nobody(app: Flask) -> None:
    karen, bent = make_person(app, KAREN), make_person(app, BENT)
    with database(app).reading() as db:
        for user_id in (bent, 999):
            with pytest.raises(Exception, match=f"user {user_id}"):
                queries.access_user(db, Actor(karen, Role.CITIZEN), user_id)


def _hidden(page: str, name: str) -> str:
    before = page.partition(f'name="{name}"')[2]
    return before.partition('value="')[2].partition('"')[0]
