"""The small functions that place a post and lay a tree out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dialog.debates import tree
from dialog.debates.models import Post
from tests import make


@pytest.mark.parametrize(
    ("ordinal", "path"), [(0, "0000"), (9, "0009"), (10, "000A"), (61, "000z"), (62, "0010")]
)
def test_an_ordinal_is_four_base_62_signs(ordinal: int, path: str) -> None:
    assert tree.child_path("", ordinal) == path


@given(st.lists(st.integers(0, 62**4 - 1), min_size=2, max_size=2))
def test_paths_sort_as_their_ordinals(pair: list[int]) -> None:
    one, other = pair
    assert (tree.child_path("", one) < tree.child_path("", other)) == (one < other)


@given(st.lists(st.integers(0, 62**4 - 1), max_size=50))
def test_every_prefix_of_a_path_is_an_ancestor(ordinals: list[int]) -> None:
    paths = [""]
    for ordinal in ordinals:
        paths.append(tree.child_path(paths[-1], ordinal))
    assert tree.ancestor_paths(paths[-1]) == paths[:-1]


def test_a_subtree_is_a_range_without_its_own_root() -> None:
    low, high = tree.subtree("0001")
    assert low < "00010000" < "0001zzzzzzzz" < high < "0002"
    assert not low < "0001"


# --- Laying out -----------------------------------------------------------------------------------


def test_rows_say_where_lists_begin_and_end(db: Session) -> None:
    thread = make.make_thread(db)
    a = make.make_post(db, thread, body="a")
    b = make.make_post(db, thread, under=a, body="b")
    make.make_post(db, thread, under=b, body="c")
    make.make_post(db, thread, body="d")
    posts = make.posts_of(db, thread)[1:]
    rows = tree.lay_out([one for one in posts if one.depth == 1], posts)
    assert [(row.post.source, row.level, row.opens, row.closes) for row in rows] == [
        ("a", 1, True, 0),
        ("b", 2, True, 0),
        ("c", 3, False, 2),
        ("d", 1, False, 0),
    ]


def test_what_is_not_shown_becomes_a_link_that_counts_it(db: Session) -> None:
    thread = make.make_thread(db)
    a = make.make_post(db, thread, body="a")
    for n in range(5):
        make.make_post(db, thread, under=a, body=f"Svar {n}")
    posts = make.posts_of(db, thread)[1:]
    rows = tree.lay_out(posts[:1], posts[1:3])
    assert [(row.is_more, row.more, row.first_unshown) for row in rows] == [
        (False, 0, 0),
        (False, 0, 0),
        (False, 0, 0),
        (True, 3, 2),
    ]


def test_the_link_to_what_is_not_shown_says_what_lies_behind_it_alone(db: Session) -> None:
    thread = make.make_thread(db)
    top = make.make_question(db, thread)
    politician = make.make_politician(db)
    make.make_post(db, thread, politician, under=top, body="Vist svar")
    make.make_question(db, thread, under=top, body="Vist spørgsmål")
    hidden = make.make_question(db, thread, under=top, body="Bag linket")
    make.make_post(db, thread, politician, under=hidden, body="Svar bag linket")
    make.make_question(db, thread, under=hidden, body="Venter bag linket")
    posts = make.posts_of(db, thread)[1:]
    shown = [one for one in posts if one.source.startswith("Vist")]
    link = tree.lay_out(posts[:1], shown)[-1]
    assert (link.more, link.answers, link.waiting) == (1, 1, 1)
    link = tree.lay_out(posts[:1], [])[-1]
    assert (link.more, link.answers, link.waiting) == (3, 2, 2)


def test_a_branch_of_5000_levels_is_laid_out_without_recursion() -> None:
    posts = [
        Post(id=n, parent_id=n - 1 or None, ordinal=0, child_count=int(n < 5000))
        for n in range(1, 5001)
    ]
    rows = tree.lay_out(posts[:1], posts[1:])
    assert (len(rows), rows[-1].level, rows[-1].closes) == (5000, 5000, 4999)
