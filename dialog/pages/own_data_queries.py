"""What the house knows of one person, table by table, and of nobody else.

What others wrote to him is told by its number alone: the words are theirs.
"""

from typing import Any

from sqlalchemy import Select, select

from dialog.agenda.models import Suggestion
from dialog.debates.models import Draft, Post, PostVersion
from dialog.duties.models import Duty, Support
from dialog.meetings.models import SignUp
from dialog.notifications.models import MailWish, Notification, QuestionFollow, ThreadFollow
from dialog.people.models import User, UserSession


def everything_of(user_id: int) -> dict[str, Select[*tuple[Any, ...]]]:
    """What to read, by the name that it gets in the file."""
    return {
        "account": _account(user_id),
        "sign_ins": select(UserSession.created_at, UserSession.seen_at).where(
            UserSession.user_id == user_id
        ),
        "posts": _posts(user_id),
        "earlier_versions": _versions(user_id),
        "contested_answers": select(Duty.question_id, Duty.contested_at, Duty.contest_reason)
        .join(Post, Post.id == Duty.question_id)
        .where(Post.author_id == user_id, Duty.contested_at.is_not(None)),
        "drafts": select(Draft.parent_id, Draft.kind, Draft.body, Draft.saved_at).where(
            Draft.user_id == user_id
        ),
        "supported_questions": select(Support.post_id, Support.created_at).where(
            Support.user_id == user_id
        ),
        "suggested_for_meetings": select(Suggestion.post_id, Suggestion.suggested_at).where(
            Suggestion.user_id == user_id
        ),
        "meetings": _seats(user_id),
        "followed_threads": select(
            ThreadFollow.thread_id, ThreadFollow.state, ThreadFollow.since
        ).where(ThreadFollow.user_id == user_id),
        "followed_questions": select(QuestionFollow.question_id, QuestionFollow.since).where(
            QuestionFollow.user_id == user_id
        ),
        "mail_wishes": select(MailWish.topic, MailWish.wish).where(MailWish.user_id == user_id),
        "messages": select(
            Notification.kind, Notification.link, Notification.created_at, Notification.read_at
        )
        .where(Notification.user_id == user_id)
        .order_by(Notification.id),
    }


def _account(user_id: int) -> Select[*tuple[Any, ...]]:
    return select(
        User.name,
        User.email,
        User.role,
        User.title,
        User.area,
        User.locale,
        User.created_at,
        User.confirmed_at,
        User.verified_at,
    ).where(User.id == user_id)


def _posts(user_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id,
            Post.thread_id,
            Post.parent_id,
            Post.kind,
            Post.state,
            Post.author_name,
            Post.author_area,
            Post.verified,
            Post.topic,
            Post.source.label("text"),
            Post.created_at,
            Post.edited_at,
        )
        .where(Post.author_id == user_id)
        .order_by(Post.id)
    )


def _versions(user_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PostVersion.post_id,
            PostVersion.number,
            PostVersion.source.label("text"),
            PostVersion.created_at,
        )
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.author_id == user_id)
        .order_by(PostVersion.post_id, PostVersion.number)
    )


def _seats(user_id: int) -> Select[*tuple[Any, ...]]:
    return select(
        SignUp.meeting_id,
        SignUp.name,
        SignUp.email,
        SignUp.seats,
        SignUp.place,
        SignUp.created_at,
        SignUp.arrived,
    ).where(SignUp.user_id == user_id)
