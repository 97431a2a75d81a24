"""The tree against a simple model of it, and the small functions that place a post."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dialog.debates import commands, tree
from dialog.debates.models import Post, PostKind, PostState
from dialog.duties import queries as duties
from dialog.moderation import commands as moderation
from dialog.permissions import Actor
from tests import make
from tests.make import NOW

STEPS = ("reply", "reply", "reply", "question", "answer", "withdraw", "hide", "restore")


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


class Model:
    """The same debate as plain lists: what the tree ought to say of itself."""

    def __init__(self, opening: int) -> None:
        self.parent: dict[int, int | None] = {opening: None}
        self.children: dict[int, list[int]] = {opening: []}
        self.questions: set[int] = set()
        self.gone: set[int] = set()
        self.answered_with: set[int] = set()

    def add(self, post: int, parent: int) -> None:
        self.parent[post] = parent
        self.children[parent].append(post)
        self.children[post] = []

    @property
    def answers(self) -> set[int]:
        """The answers that can be read."""
        return self.answered_with - self.gone

    @property
    def waits(self) -> set[int]:
        """The questions that can be read and have no answer that can."""
        asked = self.questions - self.gone
        return {one for one in asked if not self.answers & set(self.children[one])}

    def below(self, post: int) -> list[int]:
        """Every post below this one, in reading order."""
        found, waiting = [], list(reversed(self.children[post]))
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting.extend(reversed(self.children[one]))
        return found

    def depth(self, post: int) -> int:
        depth, above = 0, self.parent[post]
        while above is not None:
            depth, above = depth + 1, self.parent[above]
        return depth


class Play:
    """Random steps done to the tree and to the model alike."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.citizen = make.make_citizen(db)
        self.politician = make.make_politician(db)
        self.moderator = make.make_moderator(db)
        self.thread = make.make_thread(db)
        self.opening = make.opening_of(db, self.thread).id
        self.model = Model(self.opening)
        self.now = NOW

    def step(self, name: str, at: int) -> None:
        self.now += timedelta(minutes=1)
        post = self.db.get_one(Post, sorted(self.model.parent)[at % len(self.model.parent)])
        self.db.refresh(post)
        getattr(self, name)(post)

    def reply(self, parent: Post, who: Actor | None = None, kind: str = "comment") -> Post | None:
        if parent.state is not PostState.VISIBLE or parent.depth >= tree.DEEPEST:
            return None
        post = make.make_post(
            self.db,
            self.thread,
            who or self.citizen,
            under=parent,
            body=f"Nummer {len(self.model.parent)}",
            kind=PostKind(kind),
            now=self.now,
        )
        self.model.add(post.id, parent.id)
        return post

    def question(self, parent: Post) -> None:
        post = self.reply(parent, kind="question")
        if post:
            self.model.questions.add(post.id)

    def answer(self, parent: Post) -> None:
        was_question = parent.kind is PostKind.QUESTION
        post = self.reply(parent, self.politician)
        if post and was_question:
            self.model.answered_with.add(post.id)

    def withdraw(self, post: Post) -> None:
        if post.state is PostState.VISIBLE and post.author_id == self.citizen.id:
            commands.withdraw_post(self.db, self.citizen, post_id=post.id, now=self.now)
            self.model.gone.add(post.id)

    def hide(self, post: Post) -> None:
        if post.state is PostState.VISIBLE and post.depth:
            self._moderate(moderation.hide_post, post)
            self.model.gone.add(post.id)

    def restore(self, post: Post) -> None:
        if post.state is PostState.HIDDEN:
            self._moderate(moderation.restore_post, post)
            self.model.gone.discard(post.id)

    def _moderate(self, command: moderation.Decide, post: Post) -> None:
        command(
            self.db, self.moderator, post_id=post.id, reason="Mod debattens regler", now=self.now
        )

    def check(self) -> None:
        model, posts = self.model, make.posts_of(self.db, self.thread)
        assert [post.id for post in posts] == [self.opening, *model.below(self.opening)]
        for post in posts:
            below = model.below(post.id)
            assert post.depth == model.depth(post.id) == len(post.path) // 4
            assert post.child_count == len(model.children[post.id])
            assert post.descendant_count == len(below)
            assert post.awaits_answer == (post.id in model.waits)
            assert post.open_questions == len(model.waits & {post.id, *below})
            assert post.answers == len(model.answers & set(below))
        self.db.refresh(self.thread)
        assert self.thread.post_count == len(posts) - 1
        assert self.thread.rev == max(post.rev for post in posts)
        owed = duties.open_count(self.db, self.thread.consultation_id)
        assert owed == len(model.waits)


@contextmanager
def rolled_back(app: Flask) -> Iterator[Session]:
    """A session whose work leaves nothing behind, so that examples do not meet."""
    with app.app_context(), Session(app.extensions["database"].writer) as db:
        yield db
        db.rollback()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), max_size=25))
def test_the_tree_is_what_a_simple_model_says(app: Flask, steps: list[tuple[str, int]]) -> None:
    with rolled_back(app) as db:
        play = Play(db)
        for name, at in steps:
            play.step(name, at)
        play.check()


def test_a_hundred_replies_to_one_post_keep_their_order(app: Flask) -> None:
    with rolled_back(app) as db:
        play = Play(db)
        for _n in range(100):
            play.step("reply", 0)
        play.check()


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


def test_a_branch_of_5000_levels_is_laid_out_without_recursion() -> None:
    posts = [
        Post(id=n, parent_id=n - 1 or None, ordinal=0, child_count=int(n < 5000))
        for n in range(1, 5001)
    ]
    rows = tree.lay_out(posts[:1], posts[1:])
    assert (len(rows), rows[-1].level, rows[-1].closes) == (5000, 5000, 4999)
