"""The account page, and the admin's list of people. `views` says at which addresses."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.people import commands, cookies, entrance, forms, office_queries, queries
from dialog.people.models import User
from dialog.permissions import Role

Answer = Response | str | tuple[str, int]

REFUSED = 422


def me() -> Answer:
    """The account page."""
    actor = web.actor()
    user = queries.access_user(store.session(), actor, actor.id or 0)
    form = forms.AccountForm(obj=user)
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                commands.change_account(db, actor, **_typed(form), now=clock.now())
            flash(_("Dine oplysninger er gemt."), "success")
            return cookies.speak(redirect(url_for("people.me"), 303), form.locale.data)
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    seats = office_queries.seats(store.session(), user.id)
    page = render_template("people/me.html", form=form, user=user, seats=seats, roles=forms.ROLES)
    return page, REFUSED if form.errors else 200


def change_password() -> Answer:
    """A new password; every other sign-in ends, and this one goes on as a new one."""
    form = forms.ChangePasswordForm()
    if form.validate_on_submit():
        try:
            return _change_password(form)
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    return render_template(
        "people/change_password.html", form=form
    ), REFUSED if form.errors else 200


def index() -> str:
    """Everyone with a task, or whoever was searched for."""
    words = request.args.get("q", "")[:100]
    db = store.session()
    offices = {one.id: one for one in office_queries.politicians(db)}
    return render_template(
        "people/index.html",
        people=queries.people_found(db, words),
        offices=offices,
        words=words,
        roles=forms.ROLES,
    )


def edit_person(user_id: int) -> Answer:
    """Role, party and offices of one person."""
    user = queries.access_user(store.session(), web.actor(), user_id)
    form = _person_form(user)
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                commands.edit_person(db, web.actor(), user_id, **_decided(form), now=clock.now())
            flash(_("%(name)s er gemt.", name=form.name.data), "success")
            return redirect(url_for("people.index"), 303)
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    page = render_template("people/edit_person.html", form=form, user=user)
    return page, REFUSED if form.errors else 200


def _change_password(form: forms.ChangePasswordForm) -> Response:
    actor = web.actor()
    user = queries.access_user(store.session(), actor, actor.id or 0)
    demo = web.settings().demo
    if not entrance.person_behind(store.session(), user.email, form.current.data, demo=demo):
        raise errors.InvalidInput({"current": _("Det er ikke din nuværende adgangskode.")})
    hashed = entrance.new_hash(form.password.data, user)
    with store.transaction() as db:
        commands.change_password(db, actor, password_hash=hashed, now=clock.now())
        token = commands.start_session(db, user.id, now=clock.now())
    cookies.carry(token, user.role)
    flash(_("Du har fået en ny adgangskode. Alle andre steder er du logget ud."), "success")
    return redirect(url_for("people.me"), 303)


def _person_form(user: User) -> forms.PersonForm:
    db = store.session()
    shown: dict[str, Any] = {
        f"office_{seat.committee_id}": seat.title.value
        for seat in office_queries.seats(db, user.id)
    }
    shown |= {"name": user.name, "title": user.title, "role": user.role.value}
    shown |= {"party_id": user.party_id or 0, "edition": office_queries.edition_of(db, user)}
    return forms.person_form(office_queries.parties(db), office_queries.committees(db), **shown)


def _typed(form: forms.AccountForm) -> Mapping[str, str]:
    return {
        "name": form.name.data or "",
        "area": form.area.data or "",
        "locale": form.locale.data,
    }


def _decided(form: forms.PersonForm) -> Mapping[str, Any]:
    return {
        "name": form.name.data,
        "title": form.title.data or "",
        "role": Role(form.role.data),
        "party_id": form.party_id.data or None,
        "offices": form.offices(),
        "edition": form.edition.data,
    }
