"""What this room writes to people. Links lead to pages with a button: scanners click links too."""

from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from dialog.mail import commands as mail
from dialog.mail import letters
from dialog.people.models import User


def confirm_words(locale: str, token: str, next_path: str | None) -> letters.Words:
    """The mail that asks a new person to confirm the address.

    It greets nobody by name: the name is whatever the one who signed up wanted to have sent.
    """
    onward = f"?next={quote(next_path, safe='')}" if next_path else ""
    link = letters.address_of(f"/confirm/{token}{onward}")
    return letters.write("confirm", locale, link=link)


def taken_words(locale: str) -> letters.Words:
    """The mail to one who has an account already, when somebody signs up with the address."""
    sign_in, reset = letters.address_of("/sign-in"), letters.address_of("/forgot-password")
    return letters.write("taken", locale, sign_in=sign_in, reset=reset)


def reset_words(locale: str, token: str) -> letters.Words:
    """The mail with the link to a new password."""
    return letters.write("reset", locale, link=letters.address_of(f"/reset-password/{token}"))


def invitation_words(locale: str, token: str) -> letters.Words:
    """The mail to one who has been given a task here, with the link to a first password."""
    link, forgot = f"/reset-password/{token}", letters.address_of("/forgot-password")
    return letters.write("invitation", locale, link=letters.address_of(link), forgot=forgot)


def changed_words(locale: str) -> letters.Words:
    """The mail that says that the password is another one now."""
    return letters.write("changed", locale, reset=letters.address_of("/forgot-password"))


def send(db: Session, user: User, words: letters.Words, *, key: str, now: datetime) -> None:
    """Puts the mail into the outbox."""
    mail.post_mail(db, user.email, **words._asdict(), locale=user.locale, dedupe_key=key, now=now)
