"""Random debates against a simple model of them: order, depth and every counter.

In CI the examples are the same every time; elsewhere new ones are tried.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dialog.debates import commands, editing, importing, tree
from dialog.debates.models import Post, PostKind, PostState, Thread
from dialog.debates.thread_file import read_thread
from dialog.duties import queries as duties
from dialog.moderation import commands as moderation
from dialog.permissions import SYSTEM, Actor
from tests import make
from tests.make import NOW

STEPS = (
    "reply", "reply", "other_reply", "question", "answer", "edit", "withdraw", "hide", "restore",
    "take_in",
)  # fmt: skip
BETWEEN = timedelta(minutes=61)  # longer than any two have to wait


class Model:
    """The same debate as plain lists: what the tree ought to say of itself."""

    def __init__(self, opening: int, author: str) -> None:
        self.parent: dict[int, int | None] = {opening: None}
        self.children: dict[int, list[int]] = {opening: []}
        self.author = {opening: author}
        self.questions: set[int] = set()
        self.gone: set[int] = set()
        self.answered_with: set[int] = set()

    def add(self, post: int, parent: int, author: str) -> None:
        self.parent[post], self.author[post] = parent, author
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

    def people(self, post: int) -> set[str]:
        """Who wrote below the post; the opener of an imported debate takes part in it too."""
        own = {self.author[post]} if self.parent[post] is None else set()
        return own | {self.author[one] for one in self.below(post)}

    def depth(self, post: int) -> int:
        depth, above = 0, self.parent[post]
        while above is not None:
            depth, above = depth + 1, self.parent[above]
        return depth


class Play:
    """Random steps done to the tree and to the model alike. It begins with an imported debate."""

    def __init__(self, db: Session) -> None:
        self.db, self.now = db, NOW
        self.citizen, self.other = make.make_citizen(db), make.make_other_citizen(db)
        self.politician, self.moderator = make.make_politician(db), make.make_moderator(db)
        self.consultation = make.make_consultation(db)
        make.make_meeting(db, self.consultation)
        self.lines: list[dict[str, Any]] = []
        self.sources: dict[str, int] = {}
        self._line(None, "Åbner")
        self._line("0", "Åbner")
        self._line("1", "Gæst")
        done = self._import()
        self.thread = db.get_one(Thread, done.thread_id)
        self.opening = make.opening_of(db, self.thread).id
        self.model = Model(self.opening, "Åbner")
        self._learn_of_imported()
        self.rev = self.thread.rev

    def step(self, name: str, at: int) -> None:
        if name != "edit":  # an edit may come at once
            self.now += BETWEEN
        post = self.db.get_one(Post, sorted(self.model.parent)[at % len(self.model.parent)])
        self.db.refresh(post)
        getattr(self, name)(post)
        self.db.refresh(self.thread)
        assert self.thread.rev >= self.rev
        self.rev = self.thread.rev

    def reply(self, parent: Post, who: Actor | None = None, kind: str = "comment") -> Post | None:
        if parent.state is not PostState.VISIBLE or parent.depth >= tree.DEEPEST:
            return None
        who = who or self.citizen
        post = make.make_post(
            self.db,
            self.thread,
            who,
            under=parent,
            body=f"Nummer {len(self.model.parent)}",
            kind=PostKind(kind),
            now=self.now,
        )
        self.model.add(post.id, parent.id, who.name)
        return post

    def other_reply(self, parent: Post) -> None:
        self.reply(parent, self.other)

    def question(self, parent: Post) -> None:
        post = self.reply(parent, kind="question")
        if post:
            self.model.questions.add(post.id)

    def answer(self, parent: Post) -> None:
        was_question = parent.kind is PostKind.QUESTION
        post = self.reply(parent, self.politician)
        if post and was_question:
            self.model.answered_with.add(post.id)

    def edit(self, post: Post) -> None:
        if post.state is PostState.VISIBLE and post.author_id == self.citizen.id:
            words = f"{post.source} og {post.edition} rettelse"
            editing.edit_post(
                self.db, self.citizen, post_id=post.id, body=words, edition=post.edition,
                now=self.now,
            )  # fmt: skip

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

    def take_in(self, post: Post) -> None:
        """The file has grown by a post under one of its own, and by its reply."""
        parent = post.source_id or "0"
        new = self._line(parent, "Gæst", removed=post.id % 3 == 0)
        self._line(new, f"Ny {post.id % 4}")
        self._import()
        self._learn_of_imported()

    def _moderate(self, command: moderation.Decide, post: Post) -> None:
        command(
            self.db, self.moderator, post_id=post.id, reason="Mod debattens regler", now=self.now
        )

    def _line(self, parent: str | None, author: str, **more: Any) -> str:
        number = str(len(self.lines))
        at = NOW - timedelta(days=30) + timedelta(minutes=len(self.lines))
        line = {"id": number, "parent_id": parent, "author": author, "text": f"Tekst {number}"}
        title = {} if parent else {"title": "Skal skolen lukke?"}
        self.lines.append({**line, "created_at": at.isoformat(), **title, **more})
        return number

    def _import(self) -> importing.ImportResult:
        found = read_thread([json.dumps(line) for line in self.lines])
        done = importing.import_thread(
            self.db, SYSTEM, consultation_id=self.consultation.id, thread_file=found, now=self.now
        )
        self.db.expire_all()
        return done

    def _learn_of_imported(self) -> None:
        here = {one.source_id: one for one in make.posts_of(self.db, self.thread)}
        for line in self.lines:
            post = here[line["id"]]
            if post.id not in self.model.parent:
                self.model.add(post.id, here[line["parent_id"]].id, line["author"])

    def check(self) -> None:
        model, posts = self.model, make.posts_of(self.db, self.thread)
        assert [post.id for post in posts] == [self.opening, *model.below(self.opening)]
        for post in posts:
            below = model.below(post.id)
            assert post.depth == model.depth(post.id) == len(post.path) // tree.LEVEL
            assert post.child_count == len(model.children[post.id])
            assert post.descendant_count == len(below)
            assert post.people == len(model.people(post.id))
            assert post.awaits_answer == (post.id in model.waits)
            assert post.open_questions == len(model.waits & {post.id, *below})
            assert post.answers == len(model.answers & set(below))
            assert post.created_rev <= post.rev <= self.rev
            for ordinal, child in enumerate(model.children[post.id]):
                assert self.db.get_one(Post, child).ordinal == ordinal
        assert self.thread.post_count == len(posts) - 1
        assert self.thread.participant_count == len(model.people(self.opening))
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


def test_every_kind_of_step_in_one_long_debate(app: Flask) -> None:
    with rolled_back(app) as db:
        play = Play(db)
        places = random.Random(7)
        for number in range(120):
            play.step(STEPS[number % len(STEPS)], places.randrange(1000))
        play.check()
        assert {one.state for one in make.posts_of(db, play.thread)} == set(PostState)


def test_a_hundred_replies_to_one_post_keep_their_order(app: Flask) -> None:
    with rolled_back(app) as db:
        play = Play(db)
        for _n in range(100):
            play.step("reply", 0)
        play.check()
