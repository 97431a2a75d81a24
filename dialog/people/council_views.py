"""The admin's pages about the council, and the way in for whoever has a task."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.people import commands, council, forms, inviting, office_queries, queries
from dialog.permissions import Role

Answer = Response | str | tuple[str, int]
Change = Callable[[Session], None]


def show_council() -> str:
    """Committees with who chairs them, and parties with how many they have."""
    db = store.session()
    elected = office_queries.politicians(db)
    chairs = {seat.committee_id: one.name for one in elected for seat in one.offices if seat.leads}
    return render_template(
        "people/council.html",
        committees=office_queries.committees(db),
        chairs=chairs,
        parties=office_queries.parties(db),
        letters=[one.party for one in elected],
    )


def edit_committee(committee_id: int | None = None) -> Answer:
    """One committee, new or known."""
    known = committee_id and office_queries.access_committee(store.session(), committee_id)
    form = forms.CommitteeForm(obj=known or None)

    def change(db: Session) -> None:
        actor, now, name = web.actor(), clock.now(), form.name.data or ""
        if not committee_id:
            commands.create_committee(db, actor, name=name, now=now)
        elif _deletes():
            council.delete_committee(db, actor, committee_id, now=now)
        else:
            council.edit_committee(db, actor, committee_id, name=name, now=now)

    return _page("people/edit_committee.html", form, change, committee=known)


def edit_party(party_id: int | None = None) -> Answer:
    """One party, new or known."""
    known = party_id and office_queries.access_party(store.session(), party_id)
    form = forms.PartyForm(obj=known or None)

    def change(db: Session) -> None:
        actor, now = web.actor(), clock.now()
        typed = {"letter": form.letter.data or "", "name": form.name.data or ""}
        if not party_id:
            commands.create_party(db, actor, **typed, now=now)
        elif _deletes():
            council.delete_party(db, actor, party_id, now=now)
        else:
            council.edit_party(db, actor, party_id, **typed, now=now)

    return _page("people/edit_party.html", form, change, party=known)


def invite() -> Answer:
    """Someone new with a task; a politician's party and offices are chosen next."""
    form = forms.InviteForm()
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                user = inviting.invite(db, web.actor(), **form.person(), now=clock.now())
                user_id, elected = user.id, user.role is Role.POLITICIAN
            flash(_("%(name)s har fået en mail med et link.", name=form.name.data), "success")
            here = url_for("people.edit_person", user_id=user_id, _anchor="offices")
            return redirect(here if elected else url_for("people.index"), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return render_template("people/invite.html", form=form), 422 if form.errors else 200


def invite_again(user_id: int) -> Response:
    """One more link, for one who let the first grow old."""
    with store.transaction() as db:
        user = queries.access_user(db, web.actor(), user_id)
        inviting.send_invitation(db, web.actor(), user, now=clock.now())
    flash(_("Linket er sendt igen."), "success")
    return redirect(url_for("people.edit_person", user_id=user_id), 303)


def _deletes() -> bool:
    return request.form.get("step") == "delete"


def _page(template: str, form: forms.CouncilForm, change: Change, **known: object) -> Answer:
    if form.is_submitted() and (_deletes() or form.validate()):
        try:
            with store.transaction() as db:
                change(db)
            flash(_("Slettet.") if _deletes() else _("Gemt."), "success")
            return redirect(url_for("people.show_council"), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return render_template(template, form=form, **known), 422 if form.errors else 200
