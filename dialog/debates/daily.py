"""What the daily mail tells of the threads a person follows."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import telling_queries
from dialog.debates.models import Post, PostKind
from dialog.notifications import digest, places
from dialog.notifications import queries as notifications
from dialog.notifications.digest import Group, News
from dialog.notifications.models import Topic


def news_for(db: Session, user_id: int, since: datetime, until: datetime) -> list[Group]:
    """What others wrote in the threads he follows, and the minutes of their meetings."""
    follows = {one.thread_id: one.since for one in notifications.followed_threads(db, user_id)}
    titles = telling_queries.thread_titles(db, follows)
    minutes = dict(telling_queries.new_minutes(db, titles, since, until))
    groups = []
    for thread_id, title in titles.items():
        began = max(since, follows[thread_id])
        posts = telling_queries.new_posts(db, thread_id, began, until)
        posts = _not_known(db, user_id, posts)
        news = [_of_post(post) for post in posts]
        if thread_id in minutes:
            meeting = minutes[thread_id]
            told = _("Referatet fra borgermødet er lagt ud: %(meeting)s", meeting=meeting.title)
            at = meeting.minutes_published_at or until
            news.append(News(told, "", f"/meetings/{meeting.id}", at))
        if news:
            groups.append(Group(f"thread:{thread_id}", title, f"/threads/{thread_id}", news))
    return groups


def _not_known(db: Session, user_id: int, posts: list[Post]) -> list[Post]:
    """Without his own, and without what he was told of already."""
    told = notifications.told_already(db, user_id, "post", [post.id for post in posts])
    return [post for post in posts if post.author_id != user_id and post.id not in told]


def _of_post(post: Post) -> News:
    name = post.author_name
    if post.is_answer:
        title = _("%(name)s har svaret på et spørgsmål", name=name)
    elif post.kind is PostKind.QUESTION:
        title = _("%(name)s spørger", name=name)
    else:
        title = _("%(name)s skriver", name=name)
    return News(title, html.excerpt(post.source), f"/posts/{post.id}", post.created_at)


digest.source(Topic.THREADS, news_for)
places.name_threads_by(telling_queries.thread_titles)
