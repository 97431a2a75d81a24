"""Signing in once more, before something that only the person himself may do."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from dialog.core import clock, web
from dialog.core import db as store
from dialog.people import commands, cookies, entrance, forms, passwords, queries
from dialog.people.account import REFUSED, Answer

FRESH_FOR = timedelta(minutes=5)
"""How old a sign-in may be for what nobody else may do at a screen left open (promises S9)."""


def is_fresh() -> bool:
    """Whether the reader has signed in just now."""
    if not current_user.is_authenticated:
        return False
    return bool(clock.now() - current_user.signed_in_at <= FRESH_FOR)


def first(next_path: str) -> Response:
    """The way to signing in once more, and back to `next_path`, where what was written waits."""
    return redirect(url_for("people.sign_in_again", next=next_path), 303)


def sign_in_again() -> Answer:
    """The password once more; the sign-in before it ends."""
    next_path = web.own_path(request.form.get("next") or request.args.get("next"))
    form = forms.AgainForm(next=next_path)
    user = queries.access_user(store.session(), web.actor(), web.actor().id or 0)
    if form.validate_on_submit():
        demo = web.settings().demo
        if entrance.person_behind(store.session(), user.email, form.password.data, demo=demo):
            return _let_in_again(next_path)
        form.password.errors = [_("Det er ikke din adgangskode. Prøv igen.")]
    page = render_template(
        "people/sign_in_again.html",
        form=form,
        user=user,
        next_path=next_path,
        demo_password=passwords.DEMO_PASSWORD if user.is_demo else "",
        minutes=int(FRESH_FOR.total_seconds() // 60),
    )
    return page, REFUSED if form.errors else 200


def _let_in_again(next_path: str | None) -> Response:
    actor, now = web.actor(), clock.now()
    with store.transaction() as db:
        commands.end_session(db, actor, web.session_id() or 0, now=now)
        token = commands.start_session(db, actor.id or 0, now=now)
    cookies.carry(token, actor.role)
    return redirect(next_path or url_for("pages.front"), 303)
