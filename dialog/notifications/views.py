"""The inbox."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, web
from dialog.core import db as store
from dialog.notifications import commands, queries
from dialog.notifications.forms import MarkReadForm, line_number

bp = Blueprint("notifications", __name__)


@bp.get("/inbox")
def inbox() -> str:
    """What the reader has been told, newest first."""
    reader_id = web.actor().id or 0
    before = request.args.get("before", type=line_number)
    lines, older = queries.inbox_lines(store.session(), reader_id, before=before)
    return render_template("notifications/inbox.html", lines=lines, older=older)


@bp.post("/inbox/read")
def mark_read() -> Response:
    """Marks as read what the reader had before him."""
    up_to = MarkReadForm().up_to_id()
    with store.transaction() as db:
        commands.mark_read(db, web.actor(), up_to=up_to, now=clock.now())
    flash(_("Alle dine beskeder er markeret som læst."), "success")
    return redirect(url_for("notifications.inbox"), 303)
