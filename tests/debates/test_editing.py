"""Mending what one wrote: free for a quarter of an hour, then in the open."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from dialog.app import create_app
from dialog.audit.models import AuditEvent
from dialog.consultations.models import State
from dialog.core import clock, limits
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import commands, differing, editing, writing_queries
from dialog.debates.differing import Change
from dialog.debates.models import Post, PostVersion, Thread
from dialog.moderation import commands as moderation
from dialog.permissions import VISITOR, Actor, NotAllowed
from tests import make
from tests.make import NOW

SOON, LATER = NOW + timedelta(minutes=15), NOW + timedelta(minutes=15, seconds=1)


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


@pytest.fixture
def karen(db: Session) -> Actor:
    return make.make_citizen(db)


def edit(
    db: Session,
    actor: Actor,
    post: Post,
    body: str = "Rettet",
    *,
    now: datetime = SOON,
    edition: int | None = None,
) -> Post:
    """The post with new words, from a page that was up to date unless told otherwise."""
    return editing.edit_post(
        db, actor, post_id=post.id, body=body, edition=edition or post.edition, now=now
    )


def versions(db: Session, post: Post) -> list[tuple[int, str, datetime]]:
    found = writing_queries.versions_of(db, post.id, 100)
    return [(one.number, one.source, one.created_at) for one in found]


# --- The free quarter -----------------------------------------------------------------------------


def test_a_free_edit_replaces_the_text_and_is_marked(
    db: Session, thread: Thread, karen: Actor
) -> None:
    post = make.make_post(db, thread, karen, body="Min mor er 48")
    edit(db, karen, post, "Min mor er **84**")
    assert (post.source, post.edited_at) == ("Min mor er **84**", SOON)
    assert post.html == "<p>Min mor er <strong>84</strong></p>"
    assert versions(db, post) == []


def test_every_edit_is_in_the_chain_without_its_words(
    db: Session, thread: Thread, karen: Actor
) -> None:
    post = make.make_post(db, thread, karen)
    edit(db, karen, post, "Hemmelige ord")
    last = db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    assert (last.action, last.object_id) == ("post_edited", post.id)
    assert last.commitment
    assert "Hemmelige" not in repr(vars(last))


def test_an_edit_is_a_visible_change(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen)
    before = post.rev
    edit(db, karen, post)
    assert post.rev == before + 1 == db.get_one(Thread, thread.id).rev


def test_the_same_words_change_nothing(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen, body="Det samme")
    before = post.rev
    edit(db, karen, post, " Det samme\r\n", edition=99)
    assert (post.edited_at, post.rev) == (None, before)


# --- Later ----------------------------------------------------------------------------------------


def test_the_first_later_edit_keeps_what_stood(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen, body="Først")
    edit(db, karen, post, "Så", now=LATER)
    assert versions(db, post) == [(2, "Så", LATER), (1, "Først", NOW)]


def test_each_later_edit_is_one_more(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen, body="Først")
    edit(db, karen, post, "Frit")
    edit(db, karen, post, "Så", now=LATER)
    edit(db, karen, post, "Til sidst", now=LATER + timedelta(days=1))
    assert [(number, words) for number, words, _at in versions(db, post)] == [
        (3, "Til sidst"),
        (2, "Så"),
        (1, "Frit"),
    ]
    assert versions(db, post)[-1][2] == SOON  # the first text got its words at the free edit


def test_an_edit_changes_no_counter_and_no_duty(db: Session, thread: Thread, karen: Actor) -> None:
    question = make.make_question(db, thread, karen)
    edit(db, karen, question, "Hvem hjælper så?", now=LATER)
    opening = make.opening_of(db, thread)
    assert (opening.child_count, opening.open_questions, question.awaits_answer) == (1, 1, True)


# --- Who, what and when ---------------------------------------------------------------------------


def test_only_the_author_may(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen)
    for other in (make.make_other_citizen(db), make.make_politician(db), make.make_chief(db)):
        with pytest.raises(NotFound):
            edit(db, other, post)
    for nobody in (VISITOR, make.make_moderator(db)):
        with pytest.raises(NotAllowed):
            edit(db, nobody, post)


def test_the_opening_post_is_mended_elsewhere(db: Session, thread: Thread) -> None:
    with pytest.raises(NotFound):
        edit(db, make.make_chief(db), make.opening_of(db, thread))


def test_what_is_gone_is_not_mended(db: Session, thread: Thread, karen: Actor) -> None:
    withdrawn = make.make_post(db, thread, karen, body="Et")
    commands.withdraw_post(db, karen, post_id=withdrawn.id, now=NOW)
    hidden = make.make_post(db, thread, karen, body="To")
    moderator = make.make_moderator(db)
    moderation.hide_post(
        db, moderator, post_id=hidden.id, reason="Personangreb mod en ansat.", now=NOW
    )
    for post in (withdrawn, hidden):
        with pytest.raises(TooLate):
            edit(db, karen, post)


@pytest.mark.parametrize("body", ["", " \n ", "\u202e\u200b", "x" * 5_001])
def test_what_could_not_be_sent_cannot_be_saved(
    db: Session, thread: Thread, karen: Actor, body: str
) -> None:
    post = make.make_post(db, thread, karen, body="Som det var")
    with pytest.raises(InvalidInput):
        edit(db, karen, post, body)
    assert post.source == "Som det var"


def test_two_browsers_do_not_overwrite_each_other(
    db: Session, thread: Thread, karen: Actor
) -> None:
    post = make.make_post(db, thread, karen)
    edit(db, karen, post, "Fra telefonen", edition=1)
    with pytest.raises(AlreadyDone):
        edit(db, karen, post, "Fra computeren", edition=1)
    assert post.source == "Fra telefonen"


def test_replies_meanwhile_are_no_conflict(db: Session, thread: Thread, karen: Actor) -> None:
    post = make.make_post(db, thread, karen)
    make.make_post(db, thread, make.make_other_citizen(db), under=post)
    db.expire(post)
    assert edit(db, karen, post, edition=1).source == "Rettet"


def test_when_the_debate_closes_nothing_is_mended(db: Session) -> None:
    thread = make.make_thread(db, make.make_consultation(db, closes_at=NOW + timedelta(minutes=5)))
    post = make.make_post(db, thread)
    with pytest.raises(TooLate):
        edit(db, make.make_citizen(db), post, now=NOW + timedelta(minutes=6))


def test_an_owed_answer_has_its_free_quarter_also_after_the_last_day(db: Session) -> None:
    consultation = make.make_consultation(db)
    thread = make.make_thread(db, consultation)
    question = make.make_question(db, thread)
    consultation.state = State.CLOSED
    anders = make.make_politician(db)
    answer = make.make_post(db, thread, anders, under=question, body="Hjemmepljen.")
    assert edit(db, anders, answer, "Hjemmeplejen.").source == "Hjemmeplejen."
    with pytest.raises(TooLate):
        edit(db, anders, answer, "Noget helt andet.", now=LATER)


def test_a_politicians_later_edits_are_in_the_open_like_everyones(
    db: Session, thread: Thread
) -> None:
    anders = make.make_politician(db)
    answer = make.make_post(db, thread, anders, under=make.make_question(db, thread), body="Ja.")
    edit(db, anders, answer, "Nej.", now=LATER)
    assert [words for _number, words, _at in versions(db, answer)] == ["Nej.", "Ja."]


# --- The difference -------------------------------------------------------------------------------


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.change.value, one.text) for one in differing.word_diff(before, after)]


def test_the_difference_is_told_word_by_word() -> None:
    assert pieces("Min mor er 48 år.", "Min mor er 84 år.") == [
        ("same", "Min mor er "),
        ("out", "48 "),
        ("in", "84 "),
        ("same", "år. "),
    ]


def test_white_space_alone_is_no_difference() -> None:
    assert pieces("Et to", "Et\n\nto") == [("same", "Et\n\nto ")]
    assert pieces("", "") == []


@pytest.mark.parametrize(("before", "after"), [("a b c", "c b a"), ("x " * 900, "x y " * 400)])
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    found = differing.word_diff(before, after)
    new = "".join(one.text for one in found if one.change is not Change.OUT)
    old = "".join(one.text for one in found if one.change is not Change.IN)
    assert (new.split(), old.split()) == (after.split(), before.split())


# --- In the browser -------------------------------------------------------------------------------


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Karen's browser."""
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        actor = make.make_citizen(db)
    make.sign_in(app, client, actor)
    return client


def sent(app: Flask, *, minutes_ago: int, body: str = "Min mor er 48") -> Post:
    """What Karen has sent."""
    with make.committed(app) as db:
        now = clock.now() - timedelta(minutes=minutes_ago)
        return make.make_post(db, make.make_thread(db), body=body, now=now)


def save(client: FlaskClient, post: Post, body: str, **more: str) -> tuple[int, str]:
    data = {"body": body, "edition": "1"} | more
    answer = client.post(f"/posts/{post.id}/edit", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_form_holds_the_text_and_saves_it(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=1)
    form = browser.get(f"/posts/{post.id}/edit").get_data(as_text=True)
    assert "Min mor er 48</textarea>" in form
    assert "retter du frit" in form
    assert save(browser, post, "Min mor er 84")[0] == 303
    page = browser.get(f"/posts/{post.id}").get_data(as_text=True)
    assert "Min mor er 84" in page
    assert f'<a href="/posts/{post.id}/versions">rettet ' in page


def test_the_thread_page_shows_the_edit_at_once(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=1)
    assert "Min mor er 48" in browser.get(f"/threads/{post.thread_id}").get_data(as_text=True)
    save(browser, post, "Min mor er 84")
    page = browser.get(f"/threads/{post.thread_id}").get_data(as_text=True)
    assert "Min mor er 84" in page
    assert "Min mor er 48" not in page


def test_a_later_edit_is_announced_and_shown_to_all(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=20)
    assert "Derfor kan alle se, hvad du retter" in browser.get(f"/posts/{post.id}/edit").get_data(
        as_text=True
    )
    save(browser, post, "Min mor er 84")
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert '<del><span class="sr-only">[taget ud:] </span>48' in page
    assert '<ins><span class="sr-only">[sat ind:] </span>84' in page


def test_what_an_edit_changed_is_shown_without_the_marks_it_was_written_with(
    app: Flask, browser: FlaskClient
) -> None:
    post = sent(app, minutes_ago=60, body="Vi har **24** børn, og > 20 er mange.")
    for words, edition in (("Vi har **26** børn, og > 20 er mange.", 1), ("Vi har 26 børn.", 2)):
        browser.post(f"/posts/{post.id}/edit", data={"body": words, "edition": edition})
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert "**" not in page
    assert re.search(r"<del>.*?24<.*?<ins>.*?26<", page)


def test_an_edit_of_the_marks_alone_says_that_the_words_are_the_same(
    app: Flask, browser: FlaskClient
) -> None:
    post = sent(app, minutes_ago=60, body="Vi har 24 børn.")
    browser.post(f"/posts/{post.id}/edit", data={"body": "Vi har *24* børn.", "edition": 1})
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert "Ordene er de samme." in page
    assert "<ins>" not in page


def test_a_free_edit_has_no_versions_and_the_page_says_why(
    app: Flask, browser: FlaskClient
) -> None:
    post = sent(app, minutes_ago=1)
    save(browser, post, "Min mor er 84")
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert "I de første 15 minutter kan man rette frit" in page
    assert "48" not in page.split("<main")[1].split("<time")[0]


@pytest.mark.parametrize("how", ["withdrawn", "hidden"])
def test_a_tombstone_hides_its_versions_too(app: Flask, browser: FlaskClient, how: str) -> None:
    post = sent(app, minutes_ago=20, body="Det hemmelige ord")
    save(browser, post, "Et andet hemmeligt ord")
    with make.committed(app) as db:
        if how == "hidden":
            reason = "Personangreb mod en ansat."
            moderator = make.make_moderator(db)
            moderation.hide_post(db, moderator, post_id=post.id, reason=reason, now=clock.now())
        else:
            commands.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=clock.now())
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert "hemmelig" not in page
    assert "Derfor vises de tidligere udgaver heller ikke." in page


def test_what_is_markup_in_an_old_text_stays_text(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=20, body="<b>fed</b> <script>alert(1)</script>")
    save(browser, post, "<img src=x onerror=alert(1)> fed")
    page = app.test_client().get(f"/posts/{post.id}/versions").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_many_versions_come_ten_at_a_time(app: Flask, client: FlaskClient) -> None:
    post = sent(app, minutes_ago=20)
    with make.committed(app) as db:
        for number in range(1, 24):
            words = f"Udgave nummer {number}"
            one = PostVersion(
                post_id=post.id, number=number, source=words, html=words, created_at=NOW
            )
            db.add(one)
    address, seen = f"/posts/{post.id}/versions", 0
    while address:
        page = client.get(address).get_data(as_text=True)
        seen += page.count('class="post__text')
        address = f"/posts/{post.id}/versions?before={24 - seen}" if "Vis ældre" in page else ""
    assert seen == 23


def test_an_error_keeps_the_text(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=1)
    status, page = save(browser, post, "x" * 5_001)
    assert status == 422
    assert "x" * 5_001 + "</textarea>" in page
    assert "1 tegn for lang" in page


def test_a_stale_page_keeps_the_text_and_overwrites_nothing(
    app: Flask, browser: FlaskClient
) -> None:
    post = sent(app, minutes_ago=1)
    save(browser, post, "Fra telefonen")
    status, page = save(browser, post, "Fra computeren")
    assert status == 409
    assert "Fra computeren</textarea>" in page
    assert "Intet er overskrevet." in page


def test_looking_first_saves_nothing(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=1)
    status, page = save(browser, post, "Min mor er *84*", look="1")
    assert status == 200
    assert "Sådan kommer det til at se ud" in page
    assert "Min mor er <em>84</em>" in page
    assert "Min mor er *84*</textarea>" in page
    assert "Min mor er 48" in browser.get(f"/posts/{post.id}").get_data(as_text=True)


def test_the_form_of_anothers_post_is_not_found(app: Flask, browser: FlaskClient) -> None:
    with make.committed(app) as db:
        post = make.make_post(db, make.make_thread(db), make.make_other_citizen(db))
    assert browser.get(f"/posts/{post.id}/edit").status_code == 404
    assert save(browser, post, "Mit")[0] == 404


def test_ten_later_edits_a_day_and_no_more(settings: Settings) -> None:
    app = create_app(replace(settings, limits=True))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    post = sent(app, minutes_ago=20)
    with make.committed(app) as db:
        limits.limiter.reset()
        karen = make.make_citizen(db)
    make.sign_in(app, browser, karen)
    try:
        answers = [save(browser, post, f"Udgave {n}", edition=str(n + 1))[0] for n in range(10)]
        status, page = save(browser, post, "En for meget", edition="11")
    finally:
        app.extensions["database"].dispose()
    assert answers == [303] * 10
    assert status == 429
    assert "En for meget</textarea>" in page


# --- Looking before one sends ---------------------------------------------------------------------


def test_the_preview_shows_the_text_above_the_form_and_sends_nothing(
    app: Flask, browser: FlaskClient
) -> None:
    post = sent(app, minutes_ago=1)
    data = {"body": "Et *vigtigt* ord", "parent_id": str(post.id), "idempotency_key": "k1"}
    answer = browser.post(f"/posts/{post.id}/preview", data=data)
    page = answer.get_data(as_text=True)
    assert "Et <em>vigtigt</em> ord" in page
    assert "Et *vigtigt* ord</textarea>" in page
    assert 'name="idempotency_key" value="k1"' in page
    assert page.index("Sådan kommer det til at se ud") < page.index("<textarea")
    with make.committed(app) as db:
        assert len(make.posts_of(db, db.get_one(Thread, post.thread_id))) == 2


def test_an_empty_preview_says_what_is_missing(app: Flask, browser: FlaskClient) -> None:
    post = sent(app, minutes_ago=1)
    answer = browser.post(f"/posts/{post.id}/preview?fragment=1", data={"body": "  "})
    assert answer.status_code == 422
    assert "Skriv noget, før du sender." in answer.get_data(as_text=True)


def test_a_visitor_who_looks_first_keeps_his_text(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    post = sent(app, minutes_ago=1)
    answer = client.post(f"/posts/{post.id}/preview", data={"body": "Min tekst"})
    assert answer.status_code == 303
    assert "kept%3D" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [("question", "Spørg om én ting ad gangen"), ("comment", "Fortæl, hvad det betyder for dig")],
)
def test_the_word_before_sending_fits_what_is_written(
    app: Flask, browser: FlaskClient, kind: str, word: str
) -> None:
    post = sent(app, minutes_ago=1)
    page = browser.get(f"/posts/{post.id}/reply?kind={kind}").get_data(as_text=True)
    shown = page.split(f'data-word-for="{kind}"')[1]
    assert shown.startswith(f">{word}")
