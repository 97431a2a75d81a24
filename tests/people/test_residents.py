"""Slips that show that somebody lives here: made, used once, and forgotten."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from dialog.audit.models import AuditEvent
from dialog.core import clock
from dialog.core.db import Database
from dialog.core.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, TooLate
from dialog.core.limits import limiter
from dialog.people import commands, residents
from dialog.people.models import CodeBatch, ResidentCode, User
from dialog.people.residents import Slips
from dialog.permissions import Actor
from tests import make
from tests.make import NOW

LIBRARY = Slips(place="Hovedbiblioteket", area=None, count=3, days=30)


def make_codes(db: Session, slips: Slips = LIBRARY) -> list[str]:
    return residents.make_codes(db, make.make_chief(db), slips=slips, now=NOW)[1]


def use(db: Session, actor: Actor, code: str, area: str = "Havnen", days: int = 0) -> User:
    now = NOW + timedelta(days=days)
    return residents.use_code(db, actor, code=code, area=area, now=now)


def user_of(db: Session, actor: Actor) -> User:
    return db.get_one(User, actor.id)


def test_a_code_makes_a_citizen_a_verified_one(db: Session) -> None:
    karen = make.make_citizen(db)
    code = make_codes(db)[0]
    user = use(db, karen, code.lower().replace("-", " "))
    assert (user.verified_at, user.area) == (NOW, "Havnen")


def test_a_code_works_once(db: Session) -> None:
    code = make_codes(db)[0]
    use(db, make.make_citizen(db), code)
    with pytest.raises(InvalidInput, match="Vi kender ikke den kode"):
        use(db, make.make_other_citizen(db), code)
    assert user_of(db, make.make_other_citizen(db)).verified_at is None


def test_wrong_used_old_and_withdrawn_codes_are_answered_alike(db: Session) -> None:
    bent = make.make_other_citizen(db)
    used, old, *_rest = make_codes(db)
    use(db, make.make_citizen(db), used)
    withdrawn = make_codes(db)[0]
    batch = db.scalars(select(CodeBatch).order_by(CodeBatch.id.desc())).first()
    assert batch is not None
    residents.withdraw_codes(db, make.make_chief(db), batch_id=batch.id, now=NOW)
    said = set()
    for code, days in (("AAAA-BBBB-CCCC", 0), (used, 0), (old, 30), (withdrawn, 0)):
        with pytest.raises(InvalidInput) as refused:
            use(db, bent, code, days=days)
        said.add(str(refused.value.fields))
    assert len(said) == 1


def test_only_hashes_are_stored_and_a_used_one_is_gone(db: Session) -> None:
    made = make_codes(db)
    stored = set(db.scalars(select(ResidentCode.code_hash)))
    assert len(stored) == 3
    assert not stored & set(made)
    use(db, make.make_citizen(db), made[0])
    assert db.scalar(select(func.count()).select_from(ResidentCode)) == 2
    batch = db.scalars(select(CodeBatch).execution_options(populate_existing=True)).one()
    assert (batch.made, batch.used) == (3, 1)


def test_slips_for_one_part_of_town_decide_the_area(db: Session) -> None:
    code = make_codes(db, replace(LIBRARY, area="Kær"))[0]
    assert use(db, make.make_citizen(db), code, area="").area == "Kær"


def test_without_an_area_the_code_is_kept_for_another_try(db: Session) -> None:
    karen, code = make.make_citizen(db), make_codes(db)[0]
    with pytest.raises(InvalidInput) as refused:
        use(db, karen, code, area=" ")
    assert list(refused.value.fields) == ["area"]
    assert use(db, karen, code).verified_at == NOW


def test_the_area_of_a_verified_resident_stays_when_he_changes_his_account(db: Session) -> None:
    karen = make.make_citizen(db)
    use(db, karen, make_codes(db)[0])
    commands.change_account(db, karen, name=karen.name, area="Et andet", locale="da", now=NOW)
    assert user_of(db, karen).area == "Havnen"


def test_a_second_code_is_not_spent_on_one_who_needs_none(db: Session) -> None:
    karen, made = make.make_citizen(db), make_codes(db)
    use(db, karen, made[0])
    for one in (karen, make.make_politician(db), make.make_chief(db)):
        with pytest.raises(AlreadyDone):
            use(db, one, made[1])
    assert use(db, make.make_other_citizen(db), made[1]).verified_at == NOW


def test_what_is_written_before_stays_unverified_and_what_comes_after_says_it(
    db: Session,
) -> None:
    karen, thread = make.make_citizen(db), make.make_thread(db)
    before = make.make_post(db, thread, karen)
    use(db, karen, make_codes(db)[0])
    after = make.make_post(db, thread, karen, body="Og nu ved I, at jeg bor her.")
    assert (before.verified, after.verified) == (False, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"place": " "}, "place"), ({"count": 0}, "count"), ({"count": 501}, "count"),
     ({"days": 0}, "days"), ({"days": 181}, "days"), ({"area": "x" * 61}, "area")],
)  # fmt: skip
def test_slips_that_cannot_be_made_are_refused(
    db: Session, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_codes(db, replace(LIBRARY, **change))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_only_a_comms_chief_makes_and_withdraws_slips(db: Session) -> None:
    make_codes(db)
    for one in (make.make_citizen(db), make.make_politician(db), make.make_moderator(db)):
        with pytest.raises(NotAllowed):
            residents.make_codes(db, one, slips=LIBRARY, now=NOW)
        with pytest.raises(NotAllowed):
            residents.withdraw_codes(db, one, batch_id=1, now=NOW)


def test_a_batch_is_withdrawn_once_and_must_be_there(db: Session) -> None:
    make_codes(db)
    chief = make.make_chief(db)
    residents.withdraw_codes(db, chief, batch_id=1, now=NOW)
    with pytest.raises(TooLate):
        residents.withdraw_codes(db, chief, batch_id=1, now=NOW)
    with pytest.raises(NotFound):
        residents.withdraw_codes(db, chief, batch_id=987_654, now=NOW)


def test_every_step_is_in_the_audit_and_no_step_names_a_code(db: Session) -> None:
    made = make_codes(db)
    use(db, make.make_citizen(db), made[0])
    residents.withdraw_codes(db, make.make_chief(db), batch_id=1, now=NOW)
    about = AuditEvent.action.in_(("codes_made", "resident_verified", "codes_withdrawn"))
    events = db.scalars(select(AuditEvent).where(about).order_by(AuditEvent.seq)).all()
    assert [(event.action, event.reason, event.object_type) for event in events] == [
        ("codes_made", None, "code_batches"),
        ("resident_verified", None, "users"),
        ("codes_withdrawn", None, "code_batches"),
    ]


def test_two_who_use_one_code_at_the_same_moment_are_one_resident(app: Flask) -> None:
    database: Database = app.extensions["database"]
    with make.committed(app) as db:
        people = [make.make_citizen(db, f"Borger {sign}") for sign in ("Ax", "Bo", "Cy", "Di")]
        code = make_codes(db)[0]
    start, verified = threading.Barrier(len(people)), []

    def press(actor: Actor) -> None:
        start.wait()
        try:
            with app.test_request_context(), database.transaction() as db:
                residents.use_code(db, actor, code=code, area="Havnen", now=NOW)
            verified.append(actor.name)
        except InvalidInput:
            pass

    threads = [threading.Thread(target=press, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(verified) == 1
    with make.committed(app) as db:
        found = db.scalars(select(User.name).where(User.verified_at.is_not(None))).all()
    assert list(found) == verified


class Browser:
    """Somebody signed in, without JavaScript."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        make.sign_in(app, self.client, actor)

    def send(self, path: str, to: str = "", **fields: str) -> tuple[int, str]:
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]*)"', self.client.get(path).text)[0]
        answer = self.client.post(to or path, data={"csrf_token": token, **fields})
        return answer.status_code, answer.text


def test_the_chief_prints_slips_and_a_citizen_uses_one(app: Flask) -> None:
    with make.committed(app) as db:
        chief, karen = make.make_chief(db), make.make_citizen(db)
    line, citizen = Browser(app, chief), Browser(app, karen)
    status, sheet = line.send("/slips", place="Borgermødet", count="4", days="14")
    assert status == 200
    made = re.findall(r"<b>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</b>", sheet)
    assert len(made) == 4
    assert sheet.count("data:image/svg+xml") == 4
    assert "localhost/me/verify" in sheet
    listed = line.client.get("/slips").text
    assert "Borgermødet" in listed
    assert not any(code in listed for code in made)
    assert f'value="{made[0]}"' in citizen.client.get(f"/me/verify?code={made[0]}").text
    assert citizen.send("/me/verify", code="AAAA-BBBB-CCCC", area="Havnen")[0] == 422
    assert citizen.send("/me/verify", code=made[0], area="Havnen")[0] == 303
    assert "Du er verificeret borger." in citizen.client.get("/me").text
    assert "1 af 4 er brugt." in line.client.get("/slips").text
    assert line.send("/slips", to="/slips/1/withdraw")[0] == 303
    assert "Trukket tilbage" in line.client.get("/slips").text


def test_numbers_that_are_none_come_back_in_danish(app: Flask) -> None:
    with make.committed(app) as db:
        chief = make.make_chief(db)
    status, page = Browser(app, chief).send("/slips", place="Hallen", count="mange", days="x")
    assert status == 422
    assert "Skriv, hvor mange sedler du skal bruge." in page
    assert "Not a valid" not in page


class TestWithLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, limits=True)

    def test_after_ten_wrong_codes_not_even_the_right_one_works(self, app: Flask) -> None:
        with app.app_context():
            limiter.reset()
        with make.committed(app) as db:
            karen = make.make_citizen(db)
            slips = replace(LIBRARY, days=30)
            made = residents.make_codes(db, make.make_chief(db), slips=slips, now=clock.now())[1]
        citizen = Browser(app, karen)
        for number in range(10):
            assert citizen.send("/me/verify", code=f"AAAA-BBBB-CC{number:02}", area="Kær")[0] == 422
        assert citizen.send("/me/verify", code=made[0], area="Kær")[0] == 429
