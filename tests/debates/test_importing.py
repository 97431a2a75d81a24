"""A debate from a file, stored: its tree, its counters, and a second time."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from dialog.audit.models import AuditEvent
from dialog.cli.import_thread import import_thread as command
from dialog.consultations.models import Consultation, State
from dialog.core.errors import InvalidInput
from dialog.debates import importing, queries
from dialog.debates.importing import ImportResult
from dialog.debates.models import Post, PostState, Thread
from dialog.debates.thread_file import ThreadFileError, read_thread
from dialog.people.models import OfficeTitle
from dialog.permissions import SYSTEM, NotAllowed
from tests import make
from tests.make import NOW

FOLDER = ROOT.parent / "shared" / "data" / "threads"
REAL = {
    "politik-49.jsonl": 50,
    "kost-og-klima-97.jsonl": 98,
    "skat-og-velfaerd-123.jsonl": 124,
    "skat-til-velfaerd-151.jsonl": 152,
    "mad-i-daginstitutioner-233.jsonl": 234,
}


def line(post_id: str, parent: str | None, minute: int = 0, **more: Any) -> str:
    record: Mapping[str, Any] = {
        "id": post_id,
        "parent_id": parent,
        "author": f"deltager-{post_id}",
        "created_at": f"2028-01-01T12:{minute:02}:00+00:00",
        "text": f"Tekst {post_id}",
    }
    return json.dumps({**record, **more})


OPENING = line("a", None, title="Skal skolen lukke?")
SMALL = [OPENING, line("c", "a", 2), line("b", "a", 1), line("d", "b", 3), line("e", "d", 4)]


def take_in(db: Session, consultation: Consultation, lines: list[str], **more: Any) -> ImportResult:
    adopt = more.pop("adopt_orphans", False)
    found = read_thread(lines, adopt_orphans=adopt)
    done = importing.import_thread(
        db, SYSTEM, consultation_id=consultation.id, thread_file=found, now=NOW, **more
    )
    db.expire_all()
    return done


@pytest.fixture
def consultation(db: Session) -> Consultation:
    consultation = make.make_consultation(db)
    make.make_politician(db)
    make.make_meeting(db, consultation)
    return consultation


def thread_of(db: Session, done: ImportResult) -> Thread:
    return db.get_one(Thread, done.thread_id)


def tree_of(db: Session, done: ImportResult) -> list[tuple[str | None, int, int, int]]:
    posts = make.posts_of(db, thread_of(db, done))
    return [(one.source_id, one.depth, one.child_count, one.descendant_count) for one in posts]


def assert_whole(db: Session, thread: Thread) -> None:
    """Paths, ordinals and counters agree with the parents."""
    posts = make.posts_of(db, thread)
    by_id = {post.id: post for post in posts}
    children: dict[int, list[Post]] = {}
    below = dict.fromkeys(by_id, 0)
    for post in posts:
        if post.parent_id is not None:
            children.setdefault(post.parent_id, []).append(post)
    for post in reversed(posts):
        if post.parent_id is not None:
            below[post.parent_id] += 1 + below[post.id]
    for post in posts:
        replies = children.get(post.id, [])
        assert [one.ordinal for one in replies] == list(range(len(replies)))
        assert all(one.path.startswith(post.path) for one in replies)
        assert all(one.depth == post.depth + 1 for one in replies)
        assert (post.child_count, post.descendant_count) == (len(replies), below[post.id])
        assert post.rev <= thread.rev
    assert thread.post_count == len(posts) - 1
    names = {post.author_name for post in posts if post.author_id is None and post.author_name}
    assert thread.participant_count >= len(names - {"Line Østerby"})


def test_the_tree_is_stored_with_its_order_and_counters(
    db: Session, consultation: Consultation
) -> None:
    done = take_in(db, consultation, SMALL)
    assert tree_of(db, done) == [
        ("a", 0, 2, 4),
        ("b", 1, 1, 2),
        ("d", 2, 1, 1),
        ("e", 3, 0, 0),
        ("c", 1, 0, 0),
    ]
    assert_whole(db, thread_of(db, done))


def test_the_result_tells_what_was_taken_in(db: Session, consultation: Consultation) -> None:
    done = take_in(db, consultation, SMALL)
    assert done == ImportResult(done.thread_id, posts=5, adopted=0, added=5, differing=0)


def test_the_thread_gets_the_opening_posts_title_and_time(
    db: Session, consultation: Consultation
) -> None:
    thread = thread_of(db, take_in(db, consultation, SMALL))
    assert (thread.title, thread.source_id) == ("Skal skolen lukke?", "a")
    assert thread.created_at.isoformat() == "2028-01-01T12:00:00+00:00"
    assert (thread.post_count, thread.participant_count, thread.rev) == (4, 5, 1)


def test_text_is_rendered_and_its_markup_is_harmless(
    db: Session, consultation: Consultation
) -> None:
    hostile = line("b", "a", text="**Nej** <script>alert(1)</script>")
    done = take_in(db, consultation, [OPENING, hostile])
    html = make.posts_of(db, thread_of(db, done))[1].html
    assert "<strong>Nej</strong>" in html
    assert "<script" not in html


def test_a_removed_post_is_a_tombstone_without_text(
    db: Session, consultation: Consultation
) -> None:
    done = take_in(db, consultation, [OPENING, line("b", "a", removed=True), line("c", "b")])
    gone = make.posts_of(db, thread_of(db, done))[1]
    assert (gone.state, gone.source, gone.html) == (PostState.REMOVED, "", "")
    assert gone.child_count == 1


def test_an_author_is_counted_once(db: Session, consultation: Consultation) -> None:
    same = [line(one, "a", author="deltager-a") for one in "bcd"]
    assert thread_of(db, take_in(db, consultation, [OPENING, *same])).participant_count == 1


def test_the_second_time_changes_nothing(db: Session, consultation: Consultation) -> None:
    take_in(db, consultation, SMALL)
    events = db.scalar(select(func.count()).select_from(AuditEvent))
    done = take_in(db, consultation, SMALL)
    assert (done.added, done.differing, thread_of(db, done).rev) == (0, 0, 1)
    assert db.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_a_grown_file_adds_only_what_is_new(db: Session, consultation: Consultation) -> None:
    take_in(db, consultation, SMALL)
    grown = [*SMALL, line("f", "b", 0), line("g", "f", 9), line("h", "e", 9)]
    done = take_in(db, consultation, grown)
    assert [row[0] for row in tree_of(db, done)] == ["a", "b", "d", "e", "h", "f", "g", "c"]
    assert (done.added, thread_of(db, done).rev) == (3, 2)
    assert_whole(db, thread_of(db, done))


def test_only_what_grew_gets_the_new_rev(db: Session, consultation: Consultation) -> None:
    take_in(db, consultation, SMALL)
    done = take_in(db, consultation, [*SMALL, line("f", "d", 9)])
    revs = {one.source_id: one.rev for one in make.posts_of(db, thread_of(db, done))}
    assert revs == {"a": 2, "b": 2, "d": 2, "e": 1, "f": 2, "c": 1}


def test_new_posts_come_after_replies_written_here(db: Session, consultation: Consultation) -> None:
    done = take_in(db, consultation, SMALL)
    thread = thread_of(db, done)
    make.make_post(db, thread, body="Skrevet her.")
    done = take_in(db, consultation, [*SMALL, line("z", "a", 59)])
    own = [one for one in make.posts_of(db, thread) if one.depth == 1]
    assert [one.source_id for one in own] == ["b", "c", None, "z"]
    assert_whole(db, thread_of(db, done))


def test_a_changed_text_is_counted_and_left(db: Session, consultation: Consultation) -> None:
    take_in(db, consultation, SMALL)
    done = take_in(db, consultation, [*SMALL[:-1], line("e", "d", 4, text="Noget helt andet")])
    assert (done.added, done.differing) == (0, 1)
    assert make.posts_of(db, thread_of(db, done))[3].source == "Tekst e"


def test_a_missing_ancestor_does_not_move_what_is_here(
    db: Session, consultation: Consultation
) -> None:
    take_in(db, consultation, SMALL)
    part = [OPENING, line("d", "b", 3), line("n", "d", 5)]
    done = take_in(db, consultation, part, adopt_orphans=True)
    assert (done.adopted, done.added, done.differing) == (1, 1, 1)
    assert ("n", 3, 0, 0) in tree_of(db, done)
    assert_whole(db, thread_of(db, done))


def test_orphans_hang_under_the_opening_post(db: Session, consultation: Consultation) -> None:
    done = take_in(db, consultation, [OPENING, line("x", "gone")], adopt_orphans=True)
    assert done.adopted == 1
    assert tree_of(db, done)[1] == ("x", 1, 0, 0)


def test_the_same_debate_can_stand_in_two_dialogues(
    db: Session, consultation: Consultation
) -> None:
    other = make.make_consultation(db, "skoler")
    make.make_meeting(db, other)
    first, second = take_in(db, consultation, SMALL), take_in(db, other, SMALL)
    assert (first.added, second.added) == (5, 5)


def test_the_thread_is_tied_to_the_next_meeting(db: Session, consultation: Consultation) -> None:
    make.make_meeting(db, consultation, starts_at=NOW + timedelta(days=30))
    sooner = make.make_meeting(db, consultation, starts_at=NOW + timedelta(days=1))
    make.make_meeting(db, consultation, starts_at=NOW + timedelta(hours=9), cancelled_at=NOW)
    assert thread_of(db, take_in(db, consultation, SMALL)).meeting_id == sooner.id


def test_without_a_coming_meeting_it_is_the_last_one_held(db: Session) -> None:
    consultation = make.make_consultation(db)
    make.make_politician(db)
    make.make_meeting(db, consultation, starts_at=NOW - timedelta(days=9))
    last = make.make_meeting(db, consultation, starts_at=NOW - timedelta(days=2))
    assert thread_of(db, take_in(db, consultation, SMALL)).meeting_id == last.id


def test_without_any_meeting_the_import_says_what_to_do(db: Session) -> None:
    consultation = make.make_consultation(db)
    make.make_politician(db)
    with pytest.raises(InvalidInput, match="Opret et"):
        take_in(db, consultation, SMALL)


def test_a_meeting_can_be_chosen(db: Session, consultation: Consultation) -> None:
    later = make.make_meeting(db, consultation, starts_at=NOW + timedelta(days=40))
    done = take_in(db, consultation, SMALL, meeting_id=later.id)
    assert thread_of(db, done).meeting_id == later.id


def test_a_meeting_of_another_dialogue_is_refused(db: Session, consultation: Consultation) -> None:
    other = make.make_meeting(db, make.make_consultation(db, "skoler"))
    with pytest.raises(InvalidInput, match=f"nummer {other.id}"):
        take_in(db, consultation, SMALL, meeting_id=other.id)


def test_a_cancelled_meeting_is_refused(db: Session, consultation: Consultation) -> None:
    off = make.make_meeting(db, consultation, cancelled_at=NOW)
    with pytest.raises(InvalidInput, match="aflyst"):
        take_in(db, consultation, SMALL, meeting_id=off.id)


def test_the_chairs_of_the_proposals_committees_answer(
    db: Session, consultation: Consultation
) -> None:
    ritt = make.make_politician(db, "Ritt Skov", committee="Skoleudvalget")
    make.make_politician(db, "Per Lind", committee="Teknikudvalget")
    make.make_proposal(db, consultation, "SK-01", committee="Skoleudvalget")
    make.make_proposal(db, consultation, "ÆO-01", committee="Ældreudvalget")
    done = take_in(db, consultation, SMALL)
    named = [one.name for one in queries.politicians_of(db, done.thread_id)]
    assert named == [ritt.name, "Anders Toft"]


def test_without_proposals_the_mayor_answers(db: Session, consultation: Consultation) -> None:
    make.make_politician(db, "Bodil Holm", committee="Økonomiudvalget", title=OfficeTitle.MAYOR)
    done = take_in(db, consultation, SMALL)
    named = [one.name for one in queries.politicians_of(db, done.thread_id)]
    assert named == ["Bodil Holm"]


def test_an_open_dialogue_without_politicians_refuses(db: Session) -> None:
    consultation = make.make_consultation(db)
    make.make_meeting(db, consultation)
    with pytest.raises(InvalidInput, match="politiker"):
        take_in(db, consultation, SMALL)


def test_a_draft_takes_a_debate_before_anyone_answers(db: Session) -> None:
    consultation = make.make_consultation(db, state=State.DRAFT)
    make.make_meeting(db, consultation)
    assert take_in(db, consultation, SMALL).added == 5


def test_a_citizen_cannot_import(db: Session, consultation: Consultation) -> None:
    with pytest.raises(NotAllowed):
        importing.import_thread(
            db,
            make.make_citizen(db),
            consultation_id=consultation.id,
            thread_file=read_thread(SMALL),
            now=NOW,
        )


def test_one_event_tells_how_many_came(db: Session, consultation: Consultation) -> None:
    take_in(db, consultation, SMALL)
    last = db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    assert (last.action, last.object_type, last.reason) == ("thread_imported", "threads", "5 posts")


def test_a_text_of_unseen_signs_is_refused_with_its_line(db: Session) -> None:
    with pytest.raises(ThreadFileError) as refused:
        importing.rendered(read_thread([OPENING, line("b", "a", text="\u200b\u200b")]))
    assert [(one.line, one.code) for one in refused.value.problems] == [(2, "empty_field")]


def test_a_post_can_be_answered_where_it_was_imported(
    db: Session, consultation: Consultation
) -> None:
    done = take_in(db, consultation, SMALL)
    deepest = make.posts_of(db, thread_of(db, done))[3]
    reply = make.make_post(db, thread_of(db, done), under=deepest)
    assert reply.path == deepest.path + "0000"
    assert_whole(db, thread_of(db, done))


# --- The command and the real debates -------------------------------------------------------------


@contextmanager
def site(app: Flask) -> Iterator[None]:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        make.make_politician(db)
        make.make_meeting(db, consultation)
    yield


def run(app: Flask, *words: str) -> tuple[int, str]:
    with app.app_context():  # as `flask` gives it
        done = app.test_cli_runner().invoke(command, [*words, "--consultation", "budget-2028"])
    return done.exit_code, done.output


def count(app: Flask) -> tuple[int, int]:
    with make.committed(app) as db:
        threads = db.scalar(select(func.count()).select_from(Thread)) or 0
        return threads, db.scalar(select(func.count()).select_from(Post)) or 0


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_a_real_debate_loads_and_loads_again(app: Flask, name: str) -> None:
    if not (FOLDER / name).exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not beside the repository", pytrace=False)
        pytest.skip(f"{name} is not beside the repository")
    with site(app):
        for again in (False, True):
            code, told = run(app, str(FOLDER / name))
            assert code == 0, told
            assert f"{REAL[name]} indlæg (åbningsindlægget og {REAL[name] - 1} svar)" in told
            assert ("i forvejen" in told) is again
            assert "http://localhost/threads/1" in told
            assert count(app) == (1, REAL[name])
    with make.committed(app) as db:
        assert_whole(db, db.get_one(Thread, 1))


def test_the_command_shows_how_far_it_is(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "debat.jsonl"
    file.write_text("\n".join(SMALL), encoding="utf-8")
    with site(app):
        _code, told = run(app, str(file))
    assert [row for row in told.splitlines() if row.endswith("%")] == [
        "20 %",
        "40 %",
        "60 %",
        "80 %",
        "100 %",
    ]


def test_the_command_names_every_bad_line_and_imports_nothing(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "debat.jsonl"
    file.write_text("\n".join([OPENING, "{", line("b", "nobody")]), encoding="utf-8")
    with site(app):
        code, told = run(app, str(file))
        assert code == 1
        assert "Linje 2 er ikke gyldig JSON" in told
        assert "Linje 3: Indlægget “b” svarer på “nobody”" in told
        assert count(app) == (0, 0)


def test_the_command_adopts_orphans_and_says_so(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "debat.jsonl"
    file.write_text("\n".join([OPENING, line("b", "x"), line("c", "y")]), encoding="utf-8")
    with site(app):
        code, told = run(app, str(file), "--adopt-orphans", "--title", "Min egen titel")
        assert code == 0
        assert "2 indlæg svarer på noget, der ikke er i filen." in told
    with make.committed(app) as db:
        assert db.get_one(Thread, 1).title == "Min egen titel"


def test_the_command_knows_no_other_dialogue(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "debat.jsonl"
    file.write_text(OPENING, encoding="utf-8")
    code, told = run(app, str(file))
    assert code == 1
    assert "budget-2028" in told


def test_the_command_says_when_there_is_no_meeting(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "debat.jsonl"
    file.write_text("\n".join(SMALL), encoding="utf-8")
    with make.committed(app) as db:
        make.make_consultation(db)
        make.make_politician(db)
    code, told = run(app, str(file))
    assert (code, count(app)) == (1, (0, 0))
    assert "intet borgermøde" in told
