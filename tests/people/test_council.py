"""From an empty house to a council: invitations, committees and parties."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput
from dialog.people import council, inviting, office_queries, queries
from dialog.permissions import SYSTEM, NotAllowed, Role
from tests.make import make_chief, make_committee, make_party, make_politician
from tests.people.browser import (
    ADMIN,
    KAREN,
    LINE,
    PASSWORD,
    TOFT,
    database,
    link_in,
    mails,
    make_person,
    moment,
    send,
    sign_in,
)

GITTE = "gitte@fjordby.example"


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> FlaskClient:
    make_person(app, ADMIN)
    sign_in(client, ADMIN)
    return client


def invite(client: FlaskClient, role: str = "secretary", email: str = GITTE) -> str | None:
    fields = {"name": "Gitte Lund", "email": email, "role": role}
    return send(client, "/people/new", **fields).location


def test_whoever_is_invited_chooses_a_password_by_the_mail_and_lands_at_the_desk(
    app: Flask, admin: FlaskClient
) -> None:
    assert invite(admin) == "/people"
    page, other = link_in(mails(app)[-1]), app.test_client()
    send(other, page, password=PASSWORD)
    assert sign_in(other, GITTE).location == "/desk"


def test_an_invited_politician_is_given_party_and_offices_next(
    app: Flask, admin: FlaskClient
) -> None:
    where = invite(admin, "politician")
    with database(app).reading() as db:
        user = queries.user_by_email(db, GITTE)
    assert user
    assert where == f"/people/{user.id}#offices"


def test_a_new_link_makes_the_first_one_worthless(app: Flask, admin: FlaskClient) -> None:
    page = (invite(admin, "politician") or "").partition("#")[0]
    send(admin, page, to=f"{page}/invitation")
    first, second = (link_in(mail) for mail in mails(app)[-2:])
    assert admin.get(first).status_code == 410
    assert admin.get(second).status_code == 200


def test_who_has_chosen_a_password_is_not_invited_again(app: Flask) -> None:
    user_id = make_person(app, TOFT)
    with app.app_context(), database(app).transaction() as db:
        user = queries.access_user(db, SYSTEM, user_id)
        with pytest.raises(InvalidInput):
            inviting.send_invitation(db, SYSTEM, user, now=moment())


def test_an_address_in_use_and_a_citizen_are_not_invited(app: Flask, admin: FlaskClient) -> None:
    make_person(app, KAREN)
    fields = {"name": "Karen Holm", "email": KAREN, "role": "secretary"}
    refused = send(admin, "/people/new", **fields)
    assert refused.status_code == 422
    assert "Der er allerede en konto" in refused.text
    assert "Karen Holm" in refused.text
    assert send(admin, "/people/new", **{**fields, "role": "citizen"}).status_code == 422


def test_an_admin_writes_the_council_down_from_nothing(admin: FlaskClient) -> None:
    assert "Der er ingen udvalg endnu" in admin.get("/council").text
    assert send(admin, "/council/committee/new", name="Skoleudvalget").location == "/council"
    assert send(admin, "/council/party/new", letter="n", name="Nordlisten").location == "/council"
    page = admin.get("/council").text
    assert "Skoleudvalget" in page
    assert "Ingen formand endnu" in page
    assert "Nordlisten (N)" in page


@pytest.mark.parametrize(
    ("page", "fields", "told"),
    [
        ("committee", {"name": ""}, "Skriv udvalgets navn."),
        ("committee", {"name": "x" * 81}, "Skriv et navn på højst 80 tegn."),
        ("committee", {"name": "ældreudvalget"}, "Der er allerede et udvalg med det navn."),
        ("party", {"letter": "", "name": "Nord"}, "Skriv partiets bogstav."),
        ("party", {"letter": "7", "name": "Nord"}, "Skriv bogstavet fra stemmesedlen"),
        ("party", {"letter": "l", "name": "Nord"}, "Fjordlisten har allerede det bogstav."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    app: Flask, admin: FlaskClient, page: str, fields: dict[str, str], told: str
) -> None:
    with app.app_context(), database(app).transaction() as db:
        make_committee(db)
        make_party(db)
    refused = send(admin, f"/council/{page}/new", **fields)
    assert refused.status_code == 422
    assert told in refused.text
    assert fields["name"] in refused.text


def test_a_committee_and_a_party_can_be_renamed_to_what_they_are_called_already(
    db: Session,
) -> None:
    committee, party = make_committee(db), make_party(db)
    council.edit_committee(
        db, SYSTEM, committee.id, name="Ældre- og Sundhedsudvalget", now=moment()
    )
    council.edit_party(db, SYSTEM, party.id, letter="l", name="Fjordens Liste", now=moment())
    assert committee.name == "Ældre- og Sundhedsudvalget"
    assert (party.letter, party.name) == ("L", "Fjordens Liste")


def test_what_nothing_belongs_to_can_be_deleted(app: Flask, admin: FlaskClient) -> None:
    with app.app_context(), database(app).transaction() as db:
        pages = f"/council/committee/{make_committee(db).id}", f"/council/party/{make_party(db).id}"
    for page in pages:
        assert send(admin, page, step="delete").location == "/council"
        assert admin.get(page).status_code == 404


def test_what_somebody_belongs_to_stays(app: Flask, admin: FlaskClient) -> None:
    with app.app_context(), database(app).transaction() as db:
        committee, party = make_committee(db), make_party(db)
        make_politician(db)
        pages = f"/council/committee/{committee.id}", f"/council/party/{party.id}"
    for page in pages:
        refused = send(admin, page, step="delete")
        assert refused.status_code == 422
        assert "medlemmer" in refused.text
        assert admin.get(page).status_code == 200


def test_the_council_is_the_admins_alone(db: Session) -> None:
    line, committee = make_chief(db), make_committee(db)
    with pytest.raises(NotAllowed):
        council.edit_committee(db, line, committee.id, name="Et andet", now=moment())
    with pytest.raises(NotAllowed):
        council.delete_committee(db, line, committee.id, now=moment())
    with pytest.raises(NotAllowed):
        inviting.invite(
            db, line, email=GITTE, name="Gitte", role=Role.ADMIN, title="", now=moment()
        )
    assert [one.name for one in office_queries.committees(db)] == [committee.name]


def test_everyone_finds_the_way_to_the_work_from_the_front_page(
    app: Flask, admin: FlaskClient
) -> None:
    assert 'href="/people"' in admin.get("/").text
    assert 'href="/set-up"' in admin.get("/people").text
    make_person(app, LINE)
    other = app.test_client()
    sign_in(other, LINE)
    assert 'href="/people"' not in other.get("/").text


def test_an_admin_lands_among_the_people(app: Flask, client: FlaskClient) -> None:
    make_person(app, ADMIN)
    assert sign_in(client, ADMIN).location == "/people"
