"""Signing in, signing up, and the links from mails."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from dialog import permissions
from dialog.core import clock, errors, languages, limits, web
from dialog.core import db as store
from dialog.people import (
    account,
    addresses,
    again,
    commands,
    cookies,
    council_views,
    entrance,
    forms,
    names,
    passwords,
    queries,
    resident_views,
    titles,
)
from dialog.people.account import REFUSED, Answer
from dialog.people.models import TokenPurpose, User
from dialog.permissions import Action, Role

bp = Blueprint("people", __name__)


MOST_ID = 2**31 - 1


bp.record_once(cookies.configure)
bp.add_app_template_filter(names.known_as, "known_as")
bp.add_app_template_filter(titles.spoken, "office")
bp.add_url_rule("/me", view_func=account.me, methods=["GET", "POST"])
bp.add_url_rule("/me/password", view_func=account.change_password, methods=["GET", "POST"])
bp.add_url_rule("/sign-in/again", view_func=again.sign_in_again, methods=["GET", "POST"])
bp.add_url_rule("/me/verify", view_func=resident_views.verify, methods=["GET", "POST"])
bp.add_url_rule("/slips", view_func=resident_views.slips, methods=["GET", "POST"])
bp.add_url_rule(
    f"/slips/<int(max={MOST_ID}):batch_id>/withdraw",
    view_func=resident_views.withdraw_slips,
    methods=["POST"],
)
bp.add_url_rule("/people", view_func=account.index)
bp.add_url_rule("/people/new", view_func=council_views.invite, methods=["GET", "POST"])
bp.add_url_rule(
    f"/people/<int(max={MOST_ID}):user_id>/invitation",
    view_func=council_views.invite_again,
    methods=["POST"],
)
bp.add_url_rule("/council", view_func=council_views.show_council)
for thing, view in (
    ("committee", council_views.edit_committee),
    ("party", council_views.edit_party),
):
    for which in ("new", f"<int(max={MOST_ID}):{thing}_id>"):
        bp.add_url_rule(f"/council/{thing}/{which}", view_func=view, methods=["GET", "POST"])
bp.add_url_rule(
    f"/people/<int(max={MOST_ID}):user_id>", view_func=account.edit_person, methods=["GET", "POST"]
)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    """The way in."""
    next_path = _next_path()
    if web.actor().signed_in and request.method == "GET":
        return redirect(next_path or _home(web.actor().role), 303)
    form = forms.SignInForm(next=next_path)
    if form.validate_on_submit():
        user = _person_behind(form)
        if user and user.confirmed_at:
            return _let_in(user, next_path)
        form.form_errors.append(_what_stopped(user, next_path))
    status = REFUSED if form.errors else 200
    demo = queries.demo_users(store.session()) if web.settings().demo else ()
    page = render_template(
        "people/sign_in.html",
        form=form,
        demo=demo,
        password=passwords.DEMO_PASSWORD,
        roles=forms.ROLES,
    )
    return page, status


@bp.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> Answer:
    """A new account. The answer is the same whether or not the address has one."""
    form = forms.SignUpForm(next=_next_path())
    if form.validate_on_submit():
        try:
            if not form.homepage.data:
                _sign_up(form)
            return _sent_to(form.email.data, "confirm")
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    return render_template("people/sign_up.html", form=form), REFUSED if form.errors else 200


@bp.get("/check-mail")
def check_mail() -> Answer:
    """Where to look now."""
    email, purpose = session.get("mail_sent", ("", ""))
    if not email:
        return redirect(url_for("people.sign_in"), 303)
    settings = web.settings()
    folder = settings.mail_folder if not (settings.production or settings.smtp_url) else None
    return render_template(
        "people/check_mail.html", email=email, purpose=purpose, mail_folder=folder
    )


@bp.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    """A button, since mail scanners open links; pressing it confirms the address."""
    if not queries.live_token(store.session(), token, TokenPurpose.CONFIRM, clock.now()):
        return _dead_link(url_for("people.sign_up"), _("Opret konto igen"))
    if request.method == "GET":
        return render_template("people/confirm.html", next_path=_next_path())
    with store.transaction() as db:
        commands.confirm_email(db, token, now=clock.now())
    flash(_("Din mailadresse er bekræftet. Nu kan du logge ind."), "success")
    return redirect(url_for("people.sign_in", next=_next_path()), 303)


@bp.route("/forgot-password", methods=["GET", "POST"])
def forgot_password() -> Answer:
    """Asks for a link to a new password. The answer is the same for every address."""
    form = forms.ForgotPasswordForm()
    if form.validate_on_submit():
        try:
            email = addresses.checked_email(form.email.data)
            _count_mail(email)
            with store.transaction() as db:
                commands.request_reset(db, email=email, now=clock.now())
            return _sent_to(email, "reset")
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    return render_template(
        "people/forgot_password.html", form=form
    ), REFUSED if form.errors else 200


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> Answer:
    """A new password for whoever has the link."""
    found = queries.live_token(store.session(), token, TokenPurpose.RESET, clock.now())
    if found is None:
        return _dead_link(url_for("people.forgot_password"), _("Få et nyt link"))
    form = forms.NewPasswordForm()
    if form.validate_on_submit():
        try:
            hashed = entrance.new_hash(
                form.password.data, queries.user_by_id(store.session(), found.user_id)
            )
            with store.transaction() as db:
                commands.reset_password(db, token=token, password_hash=hashed, now=clock.now())
            flash(_("Du har fået en ny adgangskode. Log ind med den."), "success")
            return redirect(url_for("people.sign_in"), 303)
        except errors.InvalidInput as error:
            form.refuse(error.fields)
    return render_template("people/reset_password.html", form=form), REFUSED if form.errors else 200


@bp.post("/sign-out")
def sign_out() -> Response:
    """Ends this sign-in, or with `everywhere` all of them."""
    actor, now = web.actor(), clock.now()
    with store.transaction() as db:
        if request.form.get("everywhere") and actor.id is not None:
            commands.end_all_sessions(db, actor, actor.id, now=now)
        else:
            commands.end_session(db, actor, web.session_id() or 0, now=now)
    logout_user()
    session.clear()
    flash(_("Du er logget ud."), "success")
    answer = redirect(url_for("pages.front"), 303)
    # Half-written drafts stay on no shared computer.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _person_behind(form: forms.SignInForm) -> User | None:
    limits.hit("sign_in_address", limits.address())
    return entrance.person_behind(
        store.session(), form.email.data, form.password.data, demo=web.settings().demo
    )


def _let_in(user: User, next_path: str | None) -> Response:
    stronger = entrance.fresh_hash(user, request.form["password"])
    with store.transaction() as db:
        if stronger:
            commands.renew_hash(db, user.id, stronger)
        token = commands.start_session(db, user.id, now=clock.now())
    cookies.carry(token, user.role)
    answer = redirect(next_path or _home(user.role), 303)
    chose_already = languages.COOKIE in request.cookies
    return answer if chose_already else cookies.speak(answer, user.locale)


def _what_stopped(user: User | None, next_path: str | None) -> str:
    if user is None:
        return _("Mailadressen og adgangskoden passer ikke sammen. Prøv igen, eller få en ny kode.")
    _count_mail(user.email)
    with store.transaction() as db:
        commands.send_confirmation(db, user.id, next_path=next_path, now=clock.now())
    return _("Du mangler at bekræfte din mailadresse. Vi har sendt dig linket igen.")


def _sign_up(form: forms.SignUpForm) -> None:
    email, name = addresses.checked_email(form.email.data), names.checked_name(form.name.data)
    entrance.check_new(form.password.data, name, email)
    limits.hit("sign_up_address", limits.address())
    _count_mail(email)
    hashed = passwords.hash_password(form.password.data)
    with store.transaction() as db:
        commands.sign_up(
            db,
            email=email,
            name=name,
            password_hash=hashed,
            area=form.area.data or "",
            locale=languages.locale(),
            next_path=_next_path(),
            now=clock.now(),
        )


def _next_path() -> str | None:
    """Where the reader was going, if it is a path of our own."""
    return web.own_path(request.form.get("next") or request.args.get("next"))


def _home(role: Role) -> str:
    """Where one lands who was not on the way to anything: at one's work."""
    work = {
        Action.USE_DESK: "pages.desk",
        Action.TRIAGE: "pages.triage",
        Action.MANAGE_PEOPLE: "people.index",
    }
    found = (page for action, page in work.items() if permissions.may(role, action))
    return url_for(next(found, "pages.front"))


def _sent_to(email: str, purpose: str) -> Response:
    session["mail_sent"] = (email.strip().lower(), purpose)
    return redirect(url_for("people.check_mail"), 303)


def _count_mail(email: str) -> None:
    limits.hit("mail_link_address", limits.address())
    limits.hit("mail_link", email)


def _dead_link(url: str, action: str) -> tuple[str, int]:
    return render_template("people/dead_link.html", url=url, action=action), 410
