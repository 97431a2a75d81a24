"""The chain holds, hides what it commits to, and cannot be changed."""

import hashlib
import hmac

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dialog.audit import commands, queries
from dialog.audit.models import AuditEvent, AuditSalt
from dialog.permissions import SYSTEM
from tests import make
from tests.make import NOW


def appended(db: Session, words: str) -> AuditEvent:
    """The link that commits to these words."""
    commands.append(db, SYSTEM, "post_created", ("posts", 1), now=NOW, content=words)
    found = queries.last_event(db)
    assert found
    return found


def history(db: Session) -> list[AuditEvent]:
    """A short debate, and every link it left."""
    thread = make.make_thread(db)
    question = make.make_question(db, thread)
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.")
    db.flush()
    db.expire_all()
    return queries.events_in_order(db)


def test_every_link_holds_the_one_before_it(db: Session) -> None:
    before = commands.GENESIS
    for event in history(db):
        assert event.prev_hash == before
        assert commands.hash_of(event) == event.hash
        before = event.hash


def test_links_are_numbered_without_a_gap(db: Session) -> None:
    events = history(db)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


def test_every_step_of_a_debate_is_there(db: Session) -> None:
    actions = [event.action for event in history(db)]
    assert actions[-4:] == ["duty_opened", "post_created", "duty_answered", "post_created"]


@pytest.mark.parametrize("name", ["at", "actor_id", "action", "object_id", "reason", "commitment"])
def test_a_changed_link_shows(db: Session, name: str) -> None:
    event = history(db)[-1]
    other = {"at": make.NOW.replace(year=2030), "actor_id": 99, "object_id": 99}
    setattr(event, name, other.get(name, "noget andet"))
    assert commands.hash_of(event) != event.hash
    db.rollback()


def test_the_chain_holds_no_names_and_no_text(db: Session) -> None:
    told = " ".join(repr(vars(event)) for event in history(db))
    for secret in ("Karen", "Toft", "Hvem hjælper", "eksempel.dk"):
        assert secret not in told


def test_a_text_can_be_proved_as_long_as_its_salt_is_kept(db: Session) -> None:
    event = appended(db, "Min tekst")
    salt = db.get_one(AuditSalt, event.seq).salt
    proof = hmac.new(bytes.fromhex(salt), b"Min tekst", hashlib.sha256).hexdigest()
    assert event.commitment == proof


def test_the_same_text_leaves_two_different_marks(db: Session) -> None:
    marks = [appended(db, "Ja").commitment for _ in range(2)]
    assert marks[0] != marks[1]


def test_forgetting_a_salt_leaves_the_chain_whole(db: Session) -> None:
    events = history(db)
    db.execute(text("DELETE FROM audit_salts"))
    assert db.scalars(select(AuditSalt)).all() == []
    assert all(commands.hash_of(event) == event.hash for event in events)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events WHERE seq = 1"],
)
def test_the_store_itself_refuses_to_change_the_chain(app: Flask, statement: str) -> None:
    with make.committed(app) as db:
        history(db)
    with pytest.raises(DBAPIError, match="only grows"), make.committed(app) as db:
        db.execute(text(statement))


def test_a_change_that_fails_leaves_no_link(app: Flask) -> None:
    def break_off() -> None:
        with make.committed(app) as db:
            history(db)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        break_off()
    with make.committed(app) as db:
        assert queries.last_event(db) is None
