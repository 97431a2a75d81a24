"""Who hears about a post: the one it answers, and the one it asks."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import telling_queries
from dialog.debates.models import Post
from dialog.debates.queries import ThreadPage
from dialog.duties.models import Duty
from dialog.mail import standing
from dialog.mail.standing import About
from dialog.notifications import announcing, following
from dialog.notifications import commands as notifications

standing.declare("post", telling_queries.post_can_be_read)
standing.declare("thread", telling_queries.thread_can_be_read)


def tell_of_post(
    db: Session, page: ThreadPage, parent: Post, post: Post, duty: Duty | None, now: datetime
) -> None:
    """Tells the writer above and, for a question, the politician who owes the answer.

    Whoever writes in a thread follows it.
    """
    if post.author_id is not None:
        following.take_part(db, post.author_id, page.thread.id, now=now)
    params = {"name": post.author_name, "thread": page.thread.title}
    link = f"/posts/{post.id}"
    words = html.excerpt(post.source)
    if duty is not None and duty.holder_id != post.author_id:
        notifications.tell(
            db,
            duty.holder_id,
            "duty",
            params=params | {"due": duty.due_at.isoformat()},
            link=f"/desk/{post.id}",
            excerpt=words,
            now=now,
            about=About("post", post.id),
            thread_id=page.thread.id,
        )
    if post.is_answer:
        announcing.announce(
            db,
            ("question", parent.id),
            "followed_answer",
            params=params,
            link=link,
            excerpt=words,
            now=now,
            about=About("post", post.id),
            thread_id=page.thread.id,
            but=(parent.author_id, post.author_id),
        )
    told = duty.holder_id if duty else None
    if parent.depth == 0 or parent.author_id is None or parent.author_id in (post.author_id, told):
        return  # whoever opened the thread reads it; a mail for every branch would drown the rest
    kind = "answer" if post.is_answer else "reply"
    notifications.tell(
        db,
        parent.author_id,
        kind,
        params=params,
        link=link,
        excerpt=words,
        now=now,
        about=About("post", post.id),
        thread_id=page.thread.id,
    )


def take_back(db: Session, post: Post) -> None:
    """Lets nobody's inbox go on quoting a post that was hidden or withdrawn."""
    notifications.take_back_words(db, _links(post))


def renew(db: Session, post: Post) -> None:
    """Has inboxes, and mails that have not left, quote the post as it stands now."""
    notifications.renew_words(db, _links(post), html.excerpt(post.source))


def _links(post: Post) -> tuple[str, str, str]:
    return f"/posts/{post.id}", f"/posts/{post.id}/confirm", f"/desk/{post.id}"
