"""A seat at a meeting: taken, seen again with its code, changed and given back."""

from uuid import uuid4

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, languages, limits, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput, NotFound
from dialog.meetings import forgetting, queries, seat_forms, seat_queries, seats
from dialog.meetings.models import Meeting, SignUp
from dialog.meetings.views import bp
from dialog.people import codes

Answer = Response | str | tuple[str, int]

REFUSED = 422
_SHOWN_ONCE = "seat_code"  # the cookie's name for a code that was just given


@bp.route("/meetings/<int:meeting_id>/sign-up", methods=["GET", "POST"])
def sign_up(meeting_id: int) -> Answer:
    """Asks who comes. The answer tells the code, once."""
    db, actor = store.session(), web.actor()
    meeting = queries.access_meeting(db, actor, meeting_id)
    if seat_queries.seat_of(db, actor, meeting.id):
        return redirect(url_for(".own_seat", meeting_id=meeting.id), 303)
    form = seat_forms.SignUpForm()
    form.draw.data = form.draw.data or uuid4().hex
    if form.validate_on_submit():
        try:
            return _sign_up(meeting, form)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template(
        "meetings/sign_up.html",
        meeting=meeting,
        form=form,
        numbers=seat_queries.numbers(db, meeting),
        is_closed=meeting.cancelled_at is not None or meeting.ends_at <= clock.now(),
        kept_days=forgetting.KEPT.days,
    )
    return page, REFUSED if form.errors else 200


@bp.get("/meetings/<int:meeting_id>/signed-up")
def signed_up(meeting_id: int) -> Answer:
    """The seat and its code, for the one who has just got it; seen again, the way to it."""
    meeting = queries.access_meeting(store.session(), web.actor(), meeting_id)
    code = session.pop(_SHOWN_ONCE, None)
    if code is None:
        return redirect(url_for(".seat_by_code"), 303)
    seat = seat_queries.access_seat(store.session(), web.actor(), meeting_id=meeting.id, code=code)
    return _seat_page("signed_up", seat, code=code)


@bp.route("/seat", methods=["GET", "POST"])
def seat_by_code() -> Answer:
    """Asks for the code of a seat."""
    form = seat_forms.CodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            _seat_behind(form.code.data)
            return redirect(url_for(".seat", code=form.code.data.strip()), 303)
        except NotFound:
            sentence = _(
                "Vi finder ingen tilmelding med den kode. Er du meldt fra, eller er mødet holdt, "
                "har vi slettet den. Ellers se efter i mailen, om koden er rigtig."
            )
            form.code.errors = [*form.code.errors, sentence]
            status = 404
    page = render_template("meetings/seat_by_code.html", form=form)
    return page, status if status == 404 or not form.errors else REFUSED


@bp.route("/seat/<code>", methods=["GET", "POST"])
def seat(code: str) -> Answer:
    """The seat that the code opens."""
    return _seat(_seat_behind(code), code)


@bp.route("/meetings/<int:meeting_id>/seat", methods=["GET", "POST"])
def own_seat(meeting_id: int) -> Answer:
    """The seat of whoever is signed in."""
    return _seat(
        seat_queries.access_seat(store.session(), web.actor(), meeting_id=meeting_id), None
    )


def _seat(seat: SignUp, code: str | None) -> Answer:
    """The seat, changed if that was asked for."""
    form = seat_forms.SeatForm(seats=seat.seats)
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                seats.change_seats(
                    db, web.actor(), meeting_id=seat.meeting_id, code=code,
                    seats=form.seats.data, now=clock.now(),
                )  # fmt: skip
            flash(_("Din tilmelding er rettet."), "success")
            return redirect(_address_of(seat, code), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _seat_page("seat", seat, form=form, code=code), REFUSED if form.errors else 200


@bp.post("/seat/<code>/cancel")
def cancel_seat(code: str) -> Response:
    """Gives the seat back."""
    return _cancel(_seat_behind(code), code)


@bp.post("/meetings/<int:meeting_id>/seat/cancel")
def cancel_own_seat(meeting_id: int) -> Response:
    """Gives the seat of whoever is signed in back."""
    own = seat_queries.access_seat(store.session(), web.actor(), meeting_id=meeting_id)
    return _cancel(own, None)


def _cancel(seat: SignUp, code: str | None) -> Response:
    with store.transaction() as db:
        seats.cancel(db, web.actor(), meeting_id=seat.meeting_id, code=code, now=clock.now())
    flash(_("Du er meldt fra. Dit navn og din mailadresse er slettet fra listen."), "success")
    return redirect(url_for(".show", meeting_id=seat.meeting_id), 303)


def _sign_up(meeting: Meeting, form: seat_forms.SignUpForm) -> Response:
    if form.homepage.data:  # a program: it is thanked like a person, and nothing is kept
        return redirect(url_for(".show", meeting_id=meeting.id), 303)
    wish = form.wish(languages.locale())
    _count(wish)
    secret = current_app.config["SECRET_KEY"]
    code = codes.code_from(secret, f"seat/{meeting.id}/{form.draw.data}")
    with store.transaction() as db:
        seats.sign_up(db, web.actor(), meeting_id=meeting.id, wish=wish, code=code, now=clock.now())
    session[_SHOWN_ONCE] = code
    return redirect(url_for(".signed_up", meeting_id=meeting.id), 303)


def _count(wish: seats.Wish) -> None:
    limits.hit("seat", limits.address())
    if wish.email and not web.actor().signed_in:
        limits.hit("seat_mail", wish.email.lower())


def _seat_behind(code: str) -> SignUp:
    """The seat. Wrong codes are counted, and after a few no code is looked up at all."""
    limits.check("wrong_code", limits.address())
    try:
        return seat_queries.access_seat(store.session(), web.actor(), code=code)
    except NotFound:
        limits.hit("wrong_code", limits.address())
        raise


def _address_of(seat: SignUp, code: str | None) -> str:
    if code is None:
        return url_for(".own_seat", meeting_id=seat.meeting_id)
    return url_for(".seat", code=code)


def _seat_page(name: str, seat: SignUp, **more: object) -> str:
    db = store.session()
    return render_template(
        f"meetings/{name}.html",
        seat=seat,
        meeting=db.get_one(Meeting, seat.meeting_id),
        number=seat_queries.place_in_line(db, seat),
        kept_days=forgetting.KEPT.days,
        now=clock.now(),
        **more,
    )
