"""Voices from elsewhere, slips, and a politician's word on the answer written down for him."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall import slips as hall_slips
from dialog.agenda.hall.models import Slip
from dialog.agenda.hall.views import bp
from dialog.core import clock, languages, limits, qr, web
from dialog.core import db as store
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound
from dialog.debates import confirming
from dialog.debates import queries as debates
from dialog.debates.models import Confirmation, Origin, Post, PostState
from dialog.debates.queries import ThreadPage
from dialog.debates.spoken import Said
from dialog.meetings.models import Meeting

HELD = "slip"  # in the browser's own cookie: which slip it has shown the code of
ELSEWHERE = (Origin.PHONE, Origin.LIBRARY, Origin.LETTER)


@bp.route("/posts/<int:post_id>/voice", methods=["GET", "POST"])
def enter_voice(post_id: int) -> Any:
    """Enters what somebody said who does not write here himself."""
    parent, page = debates.access_post(store.session(), web.actor(), post_id)
    if request.method == "GET":
        return _voice_page(parent, page, {})
    try:
        post = _entered(post_id, clock.now())
    except InvalidInput as error:
        return _voice_page(parent, page, error.fields), 422
    flash(_("Det står i tråden nu. Giv en seddel med, så ordene bliver ved med at være egne."),
          "success")  # fmt: skip
    return redirect(url_for(".slip", post_id=post.id), 303)


@bp.route("/posts/<int:post_id>/slip", methods=["GET", "POST"])
def slip(post_id: int) -> Any:
    """Makes the slip to print. Its code is shown this once."""
    post = hall_slips.access_oral(store.session(), web.actor(), post_id)
    old = hall_slip_queries.slip_of(store.session(), post_id)
    if request.method == "GET":
        return render_template("hall/slip.html", post=post, code=None, old=old)
    with store.transaction() as db:
        made, code = hall_slips.make_slip(db, web.actor(), post_id=post_id, now=clock.now())
    address = web.settings().base_url + url_for(".open_slip", kode=code)
    page = render_template(
        "hall/slip.html", post=post, code=code, old=made, qr=qr.picture(address),
        where=web.settings().base_url.partition("//")[2] + url_for(".open_slip"),
    )  # fmt: skip
    return page, 200, {"Cache-Control": "no-store"}


@bp.route("/seddel", methods=["GET", "POST"])
def open_slip() -> Any:
    """The way in with the code on a slip."""
    if request.method == "GET":
        return render_template("hall/open_slip.html", code=request.args.get("kode", ""))
    limits.check("wrong_code", limits.address())
    code = request.form.get("kode", "")
    found = hall_slip_queries.slip_with_code(store.session(), code)
    if found is None:
        limits.hit("wrong_code", limits.address())
        error = _("Vi kender ikke koden. Se på sedlen, og prøv igen.")
        return render_template("hall/open_slip.html", code=code, error=error), 422
    cookie[HELD] = [found.id, found.code_hash[:16]]
    return redirect(url_for(".own_words"), 303)


@bp.route("/seddel/ord", methods=["GET", "POST"])
def own_words() -> Any:
    """What one said, to confirm, correct or take back, and where to hear of the answer."""
    held = _held()
    if held is None:
        return redirect(url_for(".open_slip"), 303)
    if request.method == "GET":
        return _words_page(held, {}, None)
    try:
        with store.transaction() as db:
            flash(_act(db, held.id, clock.now()), "success")
    except InvalidInput as error:
        return _words_page(held, error.fields, request.form.get("body")), 422
    except AlreadyDone as error:
        return _words_page(held, {"body": str(error)}, request.form.get("body")), 409
    return redirect(url_for(".own_words"), 303)


@bp.route("/posts/<int:post_id>/confirm", methods=["GET", "POST"])
def confirm_answer(post_id: int) -> Any:
    """A politician's word on the answer that was written down for him: right, or more to say."""
    post, page = debates.access_post(store.session(), web.actor(), post_id)
    if post.author_id != web.actor().id or post.confirmation is None:
        raise NotFound("answer")
    if request.method == "GET":
        return _answer_page(post, page, "", None)
    body, now = request.form.get("body", ""), clock.now()
    try:
        with store.transaction() as db:
            if "amend" in request.form:
                confirming.amend_answer(db, web.actor(), post_id=post_id, body=body, now=now)
                flash(_("Din uddybning står under svaret nu."), "success")
            else:
                confirming.confirm_answer(db, web.actor(), post_id=post_id, now=now)
                flash(_("Tak. Det står, at du har bekræftet svaret."), "success")
    except InvalidInput as error:
        return _answer_page(post, page, body, error.fields.get("body")), 422
    if "desk" in request.form:
        return redirect(url_for("pages.desk"), 303)
    return redirect(url_for("debates.post", post_id=post_id), 303)


def _entered(post_id: int, now: datetime) -> Post:
    form = request.form
    sent = form.get("origin", "")
    many = form.get("speaks_for") or "1"
    said = Said(
        body=form.get("body", ""),
        speaker=form.get("speaker", ""),
        area=form.get("area", "")[:80],
        origin=Origin(sent) if sent in set(ELSEWHERE) else Origin.ONLINE,
        speaks_for=int(many) if many.isascii() and many.isdigit() and len(many) < 8 else 0,
        said_at=now,
    )
    with store.transaction() as db:
        return hall_slips.enter_voice(
            db, web.actor(), parent_id=post_id, said=said,
            is_question=form.get("kind") == "question", now=now,
        )  # fmt: skip


def _voice_page(parent: Post, page: ThreadPage, errors: dict[str, str]) -> str:
    return render_template(
        "hall/voice.html", parent=parent, page=page, errors=errors, sent=request.form
    )


def _act(db: Any, slip_id: int, now: datetime) -> str:
    form = request.form
    if "withdraw" in form:
        hall_slips.withdraw(db, slip_id=slip_id, now=now)
        return _("Dine ord er trukket tilbage.")
    if "mail" in form:
        email, locale = form.get("email", ""), languages.locale()
        hall_slips.leave_mail(db, slip_id=slip_id, email=email, locale=locale, now=now)
        if not email.strip():
            return _("Vi har slettet din mailadresse.")
        return _("Du får en mail, når nogen har svaret.")
    if "dissent" in form:
        try:
            hall_minutes.dissent_by_slip(db, slip_id=slip_id, body=form.get("wrong", ""), now=now)
        except InvalidInput as error:
            raise InvalidInput({"dissent": error.fields.get("body", str(error))}) from error
        return _("Din dissens står under referatet nu.")
    if "correct" in form:
        sent = form.get("edition", "")
        edition = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
        body = form.get("body", "")
        hall_slips.correct(db, slip_id=slip_id, body=body, edition=edition, now=now)
        return _("Din rettelse står i tråden nu. Den gamle tekst kan stadig læses.")
    hall_slips.confirm(db, slip_id=slip_id, now=now)
    return _("Tak. Det står, at du har bekræftet dine ord.")


def _held() -> Slip | None:
    held = cookie.get(HELD)
    if not isinstance(held, list) or len(held) != 2:
        return None
    found = store.session().get(Slip, held[0])
    return found if found and found.code_hash.startswith(str(held[1])) else None


def _words_page(held: Slip, errors: dict[str, str], body: str | None) -> str:
    post, page = debates.access_post(store.session(), web.actor(), held.post_id)
    return render_template(
        "hall/own_words.html",
        slip=held,
        post=post,
        page=page,
        errors=errors,
        body=post.source if body is None else body,
        wrong=request.form.get("wrong", ""),
        stands=post.state is PostState.VISIBLE,
        can_dissent=_can_dissent(post),
        email=request.form.get("email", held.email or ""),
    )


def _can_dissent(post: Post) -> bool:
    meeting = store.session().get(Meeting, post.meeting_id) if post.meeting_id else None
    until = hall_minutes.dissent_until(meeting) if meeting else None
    return until is not None and clock.now() <= until


def _answer_page(post: Post, page: ThreadPage, body: str, error: str | None) -> str:
    now = clock.now()
    waits = post.confirmation is Confirmation.WAITING and bool(
        post.confirm_by and post.confirm_by > now
    )
    question = store.session().get(Post, post.parent_id or 0)
    return render_template(
        "hall/confirm.html", post=post, page=page, question=question, body=body,
        error=error, waits=waits, now=now,
    )  # fmt: skip
