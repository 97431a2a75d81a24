"""What a person gets by mail: choosing it, and ending it from a mail."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog import permissions
from dialog.core import clock, web
from dialog.core import db as store
from dialog.notifications import digest, forms, places, queries, stopping, wishes
from dialog.notifications.models import FollowState, Topic
from dialog.notifications.stopping import Stop
from dialog.notifications.views import bp
from dialog.permissions import Action


@bp.route("/me/mails", methods=["GET", "POST"])
def mails() -> Response | tuple[str, int] | str:
    """How soon the reader wants mail about what, and the threads he follows."""
    db, actor = store.session(), web.actor()
    can_owe = permissions.may(actor.role, Action.USE_DESK)
    form = forms.wishes_form(wishes.wishes(db, actor.id or 0), with_duties=can_owe)
    if form.validate_on_submit():
        with store.transaction() as writing:
            wishes.choose(writing, actor, form.wanted(), now=clock.now())
        flash(_("Dine valg er gemt."), "success")
        return redirect(url_for(".mails"), 303)
    follows = queries.follows_of(db, actor.id or 0)
    titles = places.thread_titles(db, [follow.thread_id for follow in follows])
    page = render_template(
        "notifications/mails.html",
        form=form,
        digest_at=digest.moment_of(clock.local(clock.now()).date(), web.settings().digest_at),
        follows=[
            (follow.thread_id, titles[follow.thread_id], follow.state is FollowState.MUTED)
            for follow in follows
            if follow.thread_id in titles
        ],
    )
    return (page, 422) if form.is_submitted() else page


@bp.get("/mail/stop/<stop_token>")
def stop(stop_token: str) -> str:
    """Asks first: mail scanners follow every link of a mail, and must not end anything."""
    found = stopping.stop_of(stop_token)
    return render_template("notifications/stop.html", what=_words(found), state="asked")


@bp.post("/mail/stop/<stop_token>")
def stop_now(stop_token: str) -> str:
    """Ends it at one click, or begins it again (`undo`).

    A mail program sends this by itself, without a session and so without a CSRF token
    (RFC 8058, 3.1): the signed link is what allows it, and it allows nothing else.
    """
    found = stopping.stop_of(stop_token)
    topics = _topics(request.form.getlist("topic"))
    is_undo = "undo" in request.form
    with store.transaction() as db:
        if is_undo:
            stopping.start_again(db, found, topics, now=clock.now())
        else:
            topics = stopping.stop_mail(db, found, now=clock.now())
    state = "begun" if is_undo else "stopped"
    return render_template(
        "notifications/stop.html", what=_words(found), state=state, topics=topics
    )


web.csrf.exempt(stop_now)


def _topics(sent: list[str]) -> list[Topic]:
    return [topic for topic in Topic if topic.value in sent]


def _words(found: Stop) -> dict[str, Any]:
    """What the page says of it: a sentence for what is ended, and where to choose more finely."""
    if found.is_of_address:
        told = _("mails om det, du er tilmeldt her")
    elif found.what == stopping.THREAD:
        titles = places.thread_titles(store.session(), [int(found.which)])
        told = _("mails om tråden “%(title)s”", title=titles.get(int(found.which), ""))
    elif found.what == stopping.DIGEST:
        told = _("den daglige mail")
    else:
        topic = forms.TOPICS[Topic(str(found.which))]
        told = _("mails om: %(topic)s", topic=topic)
    return {
        "told": told,
        "has_account": not found.is_of_address,
        "is_duty": found.what == stopping.TOPIC and found.which == Topic.DUTIES,
    }
