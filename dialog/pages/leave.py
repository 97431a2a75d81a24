"""A politician's leave and his substitute, and the council's recess."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.debates import recess as debate_recess
from dialog.duties import queries as duties
from dialog.duties import recesses
from dialog.pages import desk_queries as queries
from dialog.pages import forms
from dialog.pages.views import bp
from dialog.people import leave as leaves
from dialog.people import queries as people
from dialog.people.leave import Leave

Answer = Response | str | tuple[str, int]


@bp.route("/desk/leave", methods=["GET", "POST"])
def leave() -> Answer:
    """When the politician is away, and who answers meanwhile."""
    actor, db = web.actor(), store.session()
    user = people.access_user(db, actor, actor.id or 0)
    form = forms.LeaveForm(
        first_day=user.leave_from, leave_until=user.leave_until, substitute_id=user.substitute_id
    )
    form.offer(queries.other_politicians(db, user.id))
    if form.validate_on_submit():
        try:
            away = Leave(form.first_day.data, form.leave_until.data, form.substitute_id.data)
            with store.transaction() as db:
                leaves.set_leave(db, actor, user.id, leave=away, now=clock.now())
            flash(_("Dit fravær er gemt. Det, du skylder, går videre, når du er væk."), "success")
            return redirect(url_for("pages.leave"), 303)
        except errors.InvalidInput as refused:
            form.refuse(refused.fields)
    page = render_template("pages/leave.html", form=form, user=user)
    return page, 422 if form.errors else 200


@bp.post("/desk/leave/end")
def end_leave() -> Answer:
    """Back again, from now on."""
    actor = web.actor()
    with store.transaction() as db:
        leaves.set_leave(db, actor, actor.id or 0, leave=None, now=clock.now())
    flash(_("Velkommen tilbage. Nye spørgsmål kommer til dig igen."), "success")
    return redirect(url_for("pages.leave"), 303)


@bp.route("/recesses", methods=["GET", "POST"])
def recess() -> Answer:
    """The council's recess, told ahead: every clock stands while it lasts."""
    form = forms.RecessForm()
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                debate_recess.publish_recess(db, web.actor(), **forms.typed(form), now=clock.now())
            flash(_("Pausen er meldt ud, og de frister, den rammer, er flyttet frem."), "success")
            return redirect(url_for("pages.recess"), 303)
        except errors.InvalidInput as refused:
            form.refuse(refused.fields)
    every = duties.recesses(store.session())
    today = clock.local(clock.now()).date()
    page = render_template("pages/recess.html", form=form, recesses=every, today=today)
    return page, 422 if form.errors else 200


@bp.post("/recesses/<int:recess_id>/remove")
def remove_recess(recess_id: int) -> Answer:
    """Takes one back that has not begun."""
    with store.transaction() as db:
        recesses.remove_recess(db, web.actor(), recess_id, now=clock.now())
    flash(_("Pausen er taget tilbage. De frister, der er flyttet, bliver, hvor de er."), "success")
    return redirect(url_for("pages.recess"), 303)
