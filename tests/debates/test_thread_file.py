"""Reading a debate tree from a file: the order it comes in, and every way it can be wrong."""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from dialog.core.problems import PROBLEMS_SHOWN, Problem
from dialog.debates.thread_file import SENTENCES, ThreadFile, ThreadFileError, read_thread

THREADS = ROOT.parent / "shared" / "data" / "threads"
START = datetime(2028, 9, 14, 19, tzinfo=UTC)


def make_post(post_id: Any, parent_id: Any = "start", **fields: Any) -> dict[str, Any]:
    """One record; a field given as ... is left out."""
    record = {
        "id": post_id,
        "parent_id": parent_id,
        "author": "deltager-1",
        "created_at": "2028-09-14T19:00:00+02:00",
        "text": f"Indlæg {post_id}",
        "removed": False,
    } | fields
    return {name: value for name, value in record.items() if value is not ...}


def make_opening(**fields: Any) -> dict[str, Any]:
    return make_post("start", None, **({"title": "Skal skolen lukke?"} | fields))


def lines_of(*records: dict[str, Any]) -> list[bytes]:
    return [json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records]


def problems_in(lines: list[bytes], **options: Any) -> tuple[Problem, ...]:
    """The problems of a file that is refused, each of which can be said in words."""
    with pytest.raises(ThreadFileError) as refused:
        read_thread(lines, **options)
    for problem in refused.value.problems:
        sentence = SENTENCES[problem.code] % {"line": problem.line, **problem.params}
        assert "None" not in sentence
    return refused.value.problems


def codes_in(lines: list[bytes], **options: Any) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.code) for problem in problems_in(lines, **options)]


def ids_of(thread: ThreadFile) -> list[str]:
    return [post.source_id for post in thread.posts]


def real_threads() -> list[Path]:
    found = sorted(THREADS.glob("*.jsonl"))
    if not found and os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"no real debates in {THREADS}")
    if not found:
        pytest.skip(f"no real debates in {THREADS}")
    return found


# What a file gives


@pytest.mark.data
def test_the_real_debates_are_read_whole() -> None:
    for path in real_threads():
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        thread = read_thread(path)
        assert thread.title == records[0]["title"]
        assert {post.source_id: (post.parent_source_id, post.text) for post in thread.posts} == {
            record["id"]: (record["parent_id"], record["text"]) for record in records
        }


def test_a_post_keeps_everything_its_line_says() -> None:
    thread = read_thread(lines_of(make_opening(), make_post("a", text="> citat\n\nNej")))
    post = thread.posts[1]
    assert (post.source_id, post.parent_source_id, post.line) == ("a", "start", 2)
    assert (post.author, post.text, post.removed) == ("deltager-1", "> citat\n\nNej", False)
    assert post.created_at == datetime(2028, 9, 14, 17, tzinfo=UTC)


def test_parents_may_come_after_their_replies() -> None:
    thread = read_thread(lines_of(make_post("b", "a"), make_post("a"), make_opening()))
    assert ids_of(thread) == ["start", "a", "b"]


def test_siblings_come_by_time_and_then_by_line() -> None:
    late = make_post("late", created_at="2028-09-15T00:00:00Z")
    thread = read_thread(lines_of(make_opening(), late, make_post("b"), make_post("a")))
    assert ids_of(thread) == ["start", "b", "a", "late"]


def test_replies_follow_their_parent_before_its_siblings() -> None:
    below = make_post("below", "a", created_at="2028-12-24T00:00:00Z")
    thread = read_thread(lines_of(make_opening(), make_post("a"), make_post("b"), below))
    assert ids_of(thread) == ["start", "a", "below", "b"]


def test_numbers_serve_as_ids() -> None:
    opening = make_opening() | {"id": 1}
    thread = read_thread(lines_of(opening, make_post(2, 1), make_post("3", "2")))
    assert ids_of(thread) == ["1", "2", "3"]


def test_byte_order_mark_blank_lines_and_windows_line_ends_are_no_matter() -> None:
    opening, reply = lines_of(make_opening(), make_post("a"))
    data = [b"\xef\xbb\xbf" + opening.strip() + b"\r\n", b"\r\n", b"  \n", reply.strip()]
    thread = read_thread(data)
    assert [post.line for post in thread.posts] == [1, 4]


def test_a_file_on_disk_reads_as_its_lines_do(tmp_path: Path) -> None:
    path = tmp_path / "debat.jsonl"
    path.write_bytes(b"".join(lines_of(make_opening(), make_post("a", text="linje\u2028skift"))))
    assert read_thread(path).posts[1].text == "linje\u2028skift"


@pytest.mark.parametrize(
    "fields",
    [
        {"removed": True, "text": "det jeg skrev"},
        {"removed": True, "text": None, "author": None},
        {"removed": True, "text": ..., "author": ...},
        {"text": "[removed]"},
        {"text": "[deleted]", "removed": ...},
    ],
)
def test_a_removed_post_keeps_its_place_and_loses_its_text(fields: dict[str, Any]) -> None:
    thread = read_thread(lines_of(make_opening(), make_post("a", **fields), make_post("b", "a")))
    assert (thread.posts[1].removed, thread.posts[1].text) == (True, "")
    assert ids_of(thread) == ["start", "a", "b"]


def test_an_opening_post_without_text_opens_with_its_title() -> None:
    assert read_thread(lines_of(make_opening(text=""))).posts[0].text == "Skal skolen lukke?"


def test_a_title_given_beside_the_file_replaces_its_own() -> None:
    assert read_thread(lines_of(make_opening()), title="Skolen").title == "Skolen"
    assert read_thread(lines_of(make_opening(title=...)), title="Skolen").title == "Skolen"


@given(st.data())
def test_any_shuffled_tree_comes_back_with_parents_first(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    records = [make_opening()]
    for number in range(1, size):
        parent = data.draw(st.sampled_from(records))["id"]
        minutes = data.draw(st.integers(0, 30))
        at = (START + timedelta(minutes=minutes)).isoformat()
        records.append(make_post(f"p{number}", parent, created_at=at))
    thread = read_thread(lines_of(*data.draw(st.permutations(records))))
    seen: set[str | None] = {None}
    for post in thread.posts:
        assert post.parent_source_id in seen
        seen.add(post.source_id)
    assert {post.source_id: post.parent_source_id for post in thread.posts} == {
        record["id"]: record["parent_id"] for record in records
    }


def test_a_chain_of_fifty_replies_fits() -> None:
    chain = [make_post(str(n), str(n - 1) if n > 1 else "start") for n in range(1, 51)]
    random.Random(1).shuffle(chain)
    assert len(read_thread(lines_of(make_opening(), *chain)).posts) == 51


# What can be wrong with one line


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": "a", "parent', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "bad_json"),
        (b'["a", "b"]', "not_an_object"),
        ('{"id": "æ"}'.encode("latin-1"), "not_utf8"),
    ],
)
def test_a_line_that_is_no_object_is_named(line: bytes, code: str) -> None:
    assert codes_in([*lines_of(make_opening()), line]) == [(2, code)]


@pytest.mark.parametrize("field", ["id", "parent_id", "author", "created_at", "text"])
def test_a_missing_field_is_named(field: str) -> None:
    problems = problems_in(lines_of(make_opening(), make_post("a", **{field: ...})))
    assert problems == (Problem(2, "missing_field", {"field": field}),)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", None, "wrong_type"),
        ("id", True, "wrong_type"),
        ("id", 1.5, "wrong_type"),
        ("id", "", "empty_field"),
        ("id", "x" * 101, "too_long"),
        ("parent_id", ["start"], "wrong_type"),
        ("parent_id", "", "empty_field"),
        ("author", None, "wrong_type"),
        ("author", " ", "empty_field"),
        ("text", 7, "wrong_type"),
        ("text", "  ", "empty_field"),
        ("text", "x" * 5_001, "too_long"),
        ("text", "nul \x00", "bad_characters"),
        ("removed", "ja", "wrong_type"),
        ("created_at", "i går", "bad_date"),
        ("created_at", 1_700_000_000, "bad_date"),
        ("created_at", "0001-01-01T00:00:00+14:00", "bad_date"),
        ("created_at", "2028-09-14T19:00:00", "naive_date"),
        ("created_at", "2028-09-14", "naive_date"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(field: str, value: Any, code: str) -> None:
    assert codes_in(lines_of(make_opening(), make_post("a", **{field: value}))) == [(2, code)]


def test_half_of_a_surrogate_pair_is_refused() -> None:
    line = json.dumps(make_post("a", text="\ud83d")).encode()
    assert codes_in([*lines_of(make_opening()), line]) == [(2, "bad_characters")]


def test_a_file_in_another_encoding_is_said_once() -> None:
    data = json.dumps(make_opening()).encode("utf-16").splitlines(keepends=True)
    assert codes_in(data) == [(1, "not_utf8")]


# What can be wrong with the tree


def test_an_empty_file_is_refused() -> None:
    assert codes_in([]) == codes_in([b"\xef\xbb\xbf\n", b"\n"]) == [(None, "empty_file")]


def test_a_debate_needs_an_opening_post() -> None:
    assert codes_in(lines_of(make_post("a", "b"), make_post("b", "x"))) == [
        (None, "no_opening"),
        (2, "orphan"),
    ]


def test_a_debate_has_one_opening_post() -> None:
    problems = problems_in(lines_of(make_post("a", None), make_opening()))
    assert problems == (Problem(1, "second_opening", {"id": "a", "first_line": 2}),)


@pytest.mark.parametrize("title", [..., None, "", "  "])
def test_the_opening_post_needs_a_title(title: Any) -> None:
    assert (1, "missing_title") in codes_in(lines_of(make_opening(title=title), make_post("a")))


def test_an_id_is_used_once() -> None:
    problems = problems_in(lines_of(make_opening(), make_post("a"), make_post("a")))
    assert problems == (Problem(3, "duplicate_id", {"id": "a", "first_line": 2}),)


def test_a_number_and_its_text_are_the_same_id() -> None:
    assert codes_in(lines_of(make_opening(), make_post(7), make_post("7"))) == [(3, "duplicate_id")]


def test_an_orphan_is_named_with_the_parent_it_lacks() -> None:
    problems = problems_in(lines_of(make_opening(), make_post("a", "x"), make_post("b", "a")))
    assert problems == (Problem(2, "orphan", {"id": "a", "parent_id": "x"}),)


def test_orphans_are_adopted_by_the_opening_post_when_asked() -> None:
    lines = lines_of(make_post("b", "a"), make_post("a", "x"), make_opening())
    thread = read_thread(lines, adopt_orphans=True)
    assert thread.adopted == 1
    assert [(post.source_id, post.parent_source_id) for post in thread.posts] == [
        ("start", None),
        ("a", "start"),
        ("b", "a"),
    ]


def test_a_post_cannot_answer_itself() -> None:
    assert codes_in(lines_of(make_opening(), make_post("a", "a"))) == [(2, "self_parent")]


def test_a_ring_is_named_once_with_its_posts() -> None:
    ring = [make_post("a", "b"), make_post("b", "c"), make_post("c", "a"), make_post("d", "a")]
    problems = problems_in(lines_of(make_opening(), *ring), adopt_orphans=True)
    assert problems == (Problem(2, "cycle", {"ids": "a → b → c → a"}),)


def test_the_fifty_first_level_is_too_deep() -> None:
    chain = [make_post(str(n), str(n - 1) if n > 1 else "start") for n in range(1, 60)]
    assert codes_in(lines_of(make_opening(), *chain)) == [(52, "too_deep")]


def test_every_problem_is_told_up_to_fifty_and_the_rest_are_counted() -> None:
    problems = problems_in(lines_of(make_opening(), *(make_post(f"p{n}", "x") for n in range(60))))
    assert [problem.line for problem in problems[:PROBLEMS_SHOWN]] == list(range(2, 52))
    assert problems[PROBLEMS_SHOWN:] == (Problem(None, "more", {"count": 10}),)


def test_twenty_thousand_posts_in_one_ring_do_no_harm() -> None:
    count = 20_000
    ring = (make_post(n, (n + 1) % count) for n in range(count))
    assert codes_in(lines_of(make_opening(), *ring)) == [(2, "cycle")]
