"""Closing one's own account: what happens, and then it has happened."""

from datetime import datetime

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.debates import commands as debates
from dialog.debates import leaving_queries
from dialog.meetings import seat_queries
from dialog.pages import forms
from dialog.pages.views import bp
from dialog.people import again
from dialog.people import closing as accounts

Answer = Response | str | tuple[str, int]


@bp.route("/me/close", methods=["GET", "POST"])
def close_account() -> Answer:
    """What happens to all that is his; sent, the account is gone."""
    form, actor, now = forms.CloseAccountForm(), web.actor(), clock.now()
    written = leaving_queries.written(store.session(), actor.id or 0)
    if not written.posts:
        del form.posts
    if form.validate_on_submit():
        asked = again.stops(url_for("pages.close_account"))
        if asked is not None:
            return asked
        try:
            return _close(withdraws=bool(form.posts) and form.posts.data == "withdraw", now=now)
        except errors.InvalidInput as refused:
            form.refuse(refused.fields)
    page = render_template(
        "pages/close_account.html",
        form=form,
        held=accounts.holds(store.session(), actor, now=now),
        written=written,
        seats=seat_queries.coming_seats(store.session(), actor.id or 0, now),
    )
    return page, 422 if form.errors else 200


def _close(*, withdraws: bool, now: datetime) -> Response:
    """Raises: InvalidInput, before anything is withdrawn."""
    actor, db = web.actor(), store.session()
    held = accounts.holds(db, actor, now=now)
    if held:
        raise errors.InvalidInput({"account": held[0]})
    for post_id in leaving_queries.to_withdraw(db, actor.id or 0) if withdraws else ():
        _withdraw(post_id, now)
    with store.transaction() as db:
        accounts.close_account(db, actor, now=now)
    logout_user()
    session.clear()
    flash(
        _("Din konto er lukket, og dine oplysninger er slettet. Tak, fordi du var med."), "success"
    )
    answer = redirect(url_for("pages.front"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # half-written drafts among it
    return answer


def _withdraw(post_id: int, now: datetime) -> None:
    """One at a time, so that nobody waits for the thread of somebody who wrote a great deal."""
    try:
        with store.transaction() as db:
            debates.withdraw_post(db, web.actor(), post_id=post_id, now=now)
    except errors.TooLate:
        pass  # hidden in the same moment
