"""Signing in once more, before something that only the person himself may do."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from dialog.core import clock, refusals, web
from dialog.core import db as store
from dialog.people import commands, cookies, entrance, forms, passwords, queries
from dialog.people.account import REFUSED, Answer
from dialog.people.models import User

FRESH_FOR = timedelta(minutes=5)
"""How old a sign-in may be for what nobody else may do at a screen left open (promises S9)."""


def is_fresh() -> bool:
    """Whether the reader has signed in just now."""
    if not current_user.is_authenticated:
        return False
    return bool(clock.now() - current_user.signed_in_at <= FRESH_FOR)


def stops(action: str) -> Answer | None:
    """None for a reader who has just signed in, or sends his password along.

    Else a page that asks for it and sends everything he sent again to `action`, so that
    nothing he wrote is lost.
    """
    if is_fresh():
        return None
    form = forms.AgainForm()
    if form.password.data:
        if _is_his_password(form.password.data):
            _renew()
            return None
        form.password.errors = [_("Det er ikke din adgangskode. Prøv igen.")]
    return _page(
        form, action, refusals.kept_fields(), request.path
    ), REFUSED if form.errors else 200


def sign_in_again() -> Answer:
    """The password once more; the sign-in before it ends."""
    next_path = web.own_path(request.form.get("next") or request.args.get("next"))
    form = forms.AgainForm(next=next_path)
    if form.validate_on_submit():
        if _is_his_password(form.password.data):
            _renew()
            return redirect(next_path or url_for("pages.front"), 303)
        form.password.errors = [_("Det er ikke din adgangskode. Prøv igen.")]
    kept = [("next", next_path)] if next_path else []
    page = _page(form, url_for("people.sign_in_again"), kept, next_path)
    return page, REFUSED if form.errors else 200


def _page(form: forms.AgainForm, action: str, kept: list[tuple[str, str]], back: str | None) -> str:
    user = _reader()
    return render_template(
        "people/sign_in_again.html",
        form=form,
        user=user,
        action=action,
        kept=kept,
        back=back,
        demo_password=passwords.DEMO_PASSWORD if user.is_demo else "",
        minutes=int(FRESH_FOR.total_seconds() // 60),
    )


def _reader() -> User:
    actor = web.actor()
    return queries.access_user(store.session(), actor, actor.id or 0)


def _is_his_password(password: str) -> bool:
    demo = web.settings().demo
    return entrance.person_behind(store.session(), _reader().email, password, demo=demo) is not None


def _renew() -> None:
    actor, now = web.actor(), clock.now()
    with store.transaction() as db:
        commands.end_session(db, actor, web.session_id() or 0, now=now)
        token = commands.start_session(db, actor.id or 0, now=now)
    cookies.carry(token, actor.role)
