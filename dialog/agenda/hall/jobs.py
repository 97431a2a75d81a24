"""What happens of itself after a meeting: what nobody confirmed, and who is told of an answer."""

from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall.models import Slip
from dialog.core import db as store
from dialog.core import html, jobs
from dialog.debates import confirming, reminding
from dialog.debates.models import Post
from dialog.mail import commands as mails
from dialog.mail import letters
from dialog.mail.standing import About


@jobs.job("let oral answers stand", every=timedelta(minutes=1))
def let_answers_stand(now: datetime) -> None:
    """Says of the answers that nobody confirmed in 48 hours that they stand as written down."""
    with store.transaction() as db:
        confirming.let_lapse(db, now=now)


@jobs.job("remind of oral answers", every=timedelta(minutes=1))
def remind_of_answers(now: datetime) -> None:
    """Reminds politicians of the answers that they have not confirmed with half a day left."""
    with store.transaction() as db:
        reminding.remind(db, now=now)


@jobs.job("tell holders of slips", every=timedelta(minutes=1))
def tell_holders(now: datetime) -> None:
    """Mails those who left an address on a slip that their words were answered."""
    with store.transaction() as db:
        for slip, answer in hall_slip_queries.to_tell(db):
            _tell(db, slip, answer, now)
            slip.told_post_id = answer.id


def _tell(db: Session, slip: Slip, answer: Post, now: datetime) -> None:
    with force_locale(slip.locale):
        title = _("%(name)s har svaret på det, du sagde", name=answer.author_name)
    words = letters.write(
        "slip",
        slip.locale,
        title=title,
        excerpt=html.excerpt(answer.source),
        link=letters.address_of(f"/posts/{answer.id}"),
        slip=letters.address_of("/seddel"),
    )
    mails.post_notice(
        db,
        slip.email or "",
        subject=words.subject,
        body=words.body,
        locale=slip.locale,
        about=About("post", answer.id),
        stop_path=None,
        dedupe_key=f"slip:{slip.id}:{answer.id}",
        now=now,
    )
