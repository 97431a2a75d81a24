"""What a writer says his post is."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput
from dialog.debates.models import PostKind
from tests import make
from tests.debates.reading import a_thread, page_at, written

WORDS = {
    PostKind.ARGUMENT_FOR: "Argument for",
    PostKind.ARGUMENT_AGAINST: "Argument imod",
    PostKind.EXPERIENCE: "Erfaring",
    PostKind.ALTERNATIVE: "Andet forslag",
    PostKind.CORRECTION: "Fejl i et tal",
}


@pytest.mark.parametrize("kind", [kind for kind in PostKind if kind is not PostKind.QUESTION])
def test_a_citizens_kind_is_kept(db: Session, kind: PostKind) -> None:
    post = make.make_post(db, make.make_thread(db), kind=kind)
    # A disputed figure is owed by the administration, and has no addressee.
    is_owed = kind is PostKind.CORRECTION
    assert (post.kind, post.awaits_answer, post.addressee_id) == (kind, is_owed, None)


def test_a_question_has_someone_to_answer_it(db: Session) -> None:
    post = make.make_question(db, make.make_thread(db))
    assert (post.kind, post.addressee_name) == (PostKind.QUESTION, "Anders Toft (L)")


def test_a_question_nobody_answers_for_is_refused(db: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.make_question(db, make.make_thread(db, politicians=[]))
    assert set(refused.value.fields) == {"kind"}


@pytest.mark.parametrize("kind", list(PostKind))
def test_politicians_and_staff_have_no_kind(db: Session, kind: PostKind) -> None:
    thread = make.make_thread(db)
    for author in (make.make_politician(db), make.make_chief(db)):
        post = make.make_post(db, thread, author, body=f"Svar fra {author.name}", kind=kind)
        assert post.kind is PostKind.COMMENT


@pytest.mark.parametrize(("kind", "word"), WORDS.items())
def test_the_kind_stands_in_words_beside_the_name(
    app: Flask, client: FlaskClient, kind: PostKind, word: str
) -> None:
    thread = a_thread(app)
    written(app, thread, "Min tekst", kind=kind)
    shown = page_at(client, f"/threads/{thread.id}")
    assert f'skriver <span class="post__kind">{word}</span>' in shown


def test_a_plain_comment_has_no_word(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    written(app, thread, "Min tekst")
    assert "post__kind" not in page_at(client, f"/threads/{thread.id}")


def composer(app: Flask, *, who: str = "citizen", path: str = "", politicians: bool = True) -> str:
    with make.committed(app) as db:
        actor = {
            "citizen": make.make_citizen,
            "politician": make.make_politician,
            "chief": make.make_chief,
        }[who](db)
        thread = make.make_thread(db, politicians=None if politicians else [])
        opening = make.opening_of(db, thread).id
    client = app.test_client()
    make.sign_in(app, client, actor)
    return page_at(client, f"/posts/{opening}/reply{path}")


def test_a_citizen_chooses_among_seven_kinds(app: Flask) -> None:
    form = composer(app)
    assert form.count('name="kind"') == len(PostKind)
    assert 'value="comment" id="kind-comment" checked' in form


def test_the_link_chooses_the_kind(app: Flask) -> None:
    assert 'value="experience" id="kind-experience" checked' in composer(
        app, path="?kind=experience"
    )


def test_an_unknown_kind_in_the_link_is_a_comment(app: Flask) -> None:
    assert 'id="kind-comment" checked' in composer(app, path="?kind=%00rant")


def test_without_politicians_a_question_is_not_offered(app: Flask) -> None:
    form = composer(app, politicians=False, path="?kind=question")
    assert 'id="kind-question"' not in form
    assert 'id="kind-comment" checked' in form


@pytest.mark.parametrize("who", ["politician", "chief"])
def test_those_who_answer_are_not_asked_for_a_kind(app: Flask, who: str) -> None:
    form = composer(app, who=who)
    assert 'type="radio" name="kind"' not in form


def test_a_question_can_be_put_to_nobody_in_particular(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        thread, karen = make.make_thread(db), make.make_citizen(db)
        opening = make.opening_of(db, thread)
    make.sign_in(app, client, karen)
    page = page_at(client, f"/posts/{opening.id}/reply")
    assert '<option value="everyone">' in page
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    sent = {"body": "Hvad koster 14 hjemmesider?", "kind": "question", "to": "everyone"}
    answer = client.post(f"/threads/{thread.id}/posts", data=sent | {"csrf_token": found[1]})
    assert answer.status_code == 303
    with make.committed(app) as db:
        asked = make.posts_of(db, thread)[-1]
        assert (asked.kind, asked.awaits_answer) == (PostKind.QUESTION, False)
        assert asked.addressee_id is None
