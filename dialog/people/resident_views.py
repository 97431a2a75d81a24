"""Becoming a verified resident, and making the slips for it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, limits, qr, web
from dialog.core import db as store
from dialog.core.errors import AlreadyDone, InvalidInput
from dialog.people import forms, queries, resident_queries, residents

Answer = Response | str | tuple[str, int]

REFUSED = 422


def verify() -> Answer:
    """Asks for the code on the slip, and where one lives."""
    user = queries.access_user(store.session(), web.actor(), web.actor().id or 0)
    typed = request.args.get("code", "")[:40]  # from the QR code of the slip
    form = forms.VerifyForm(code=typed, area=user.area)
    if form.validate_on_submit():
        try:
            _verify(form)
            flash(
                _("Du er nu verificeret borger. Det står ved det, du skriver fra nu af."), "success"
            )
            return redirect(url_for("people.me"), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template("people/verify.html", form=form, user=user)
    return page, REFUSED if form.errors else 200


def slips() -> Answer:
    """The batches that were made, and the form for one more; sent, the slips to print."""
    form = forms.SlipsForm()
    if form.validate_on_submit():
        try:
            return _print(form)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template(
        "people/slips.html",
        form=form,
        batches=resident_queries.batches(store.session()),
        now=clock.now(),
    )
    return page, REFUSED if form.errors else 200


def withdraw_slips(batch_id: int) -> Response:
    """Makes the slips of one batch worthless."""
    with store.transaction() as db:
        residents.withdraw_codes(db, web.actor(), batch_id=batch_id, now=clock.now())
    flash(_("Sedlerne virker ikke længere."), "success")
    return redirect(url_for("people.slips"), 303)


def _verify(form: forms.VerifyForm) -> None:
    """Wrong codes are counted, by person and by address, and after a few none is looked up."""
    keys = (f"u{web.actor().id}", limits.address())
    for key in keys:
        limits.check("wrong_code", key)
    try:
        with store.transaction() as db:
            residents.use_code(
                db,
                web.actor(),
                code=form.code.data or "",
                area=form.area.data or "",
                now=clock.now(),
            )
    except (InvalidInput, AlreadyDone) as error:
        if isinstance(error, InvalidInput) and "code" in error.fields:
            for key in keys:
                limits.hit("wrong_code", key)
        raise


def _print(form: forms.SlipsForm) -> str:
    wanted = residents.Slips(
        place=form.place.data or "",
        area=form.area.data or None,
        count=form.count.data,
        days=form.days.data,
    )
    with store.transaction() as db:
        batch, made = residents.make_codes(db, web.actor(), slips=wanted, now=clock.now())
    base = web.settings().base_url
    address = base + url_for("people.verify")
    return render_template(
        "people/print_slips.html",
        batch=batch,
        slips=[(code, qr.picture(f"{address}?code={code}")) for code in made],
        address=address.partition("://")[2],
    )
