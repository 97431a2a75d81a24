"""From an address and a password to a person. Slow on purpose, and never inside a transaction."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import web
from dialog.core.errors import InvalidInput
from dialog.people import attempts, passwords, queries
from dialog.people.models import User

_FIELD = "password"


def person_behind(db: Session, email: str, password: str, *, demo: bool) -> User | None:
    """Whoever has this address and this password, or None, whatever the reason.

    demo: whether the demo's people may sign in. Raises: TooMany after many wrong passwords.
    """
    email = email.strip().lower()
    attempts.begin(email)
    user = queries.user_by_email(db, email)
    right = passwords.verify_password(user.password_hash if user else None, password)
    if user is None or not right or (user.is_demo and not demo):
        return None
    attempts.succeeded(email)
    return user


def fresh_hash(user: User, password: str) -> str | None:
    """A stronger hash of the right password, when the stored one is of an older measure."""
    old = user.password_hash
    return passwords.hash_password(password) if old and passwords.needs_rehash(old) else None


def check_new(password: str, *near: str) -> None:
    """Nothing, if someone may choose this password.

    near: names that it must not be made of. Raises: InvalidInput for the field `password`.
    """
    if len(password) < passwords.SHORTEST:
        raise InvalidInput({_FIELD: _("Adgangskoden er for kort. Brug mindst 8 tegn.")})
    if len(password) > passwords.LONGEST:
        raise InvalidInput({_FIELD: _("Adgangskoden er for lang. Brug højst 128 tegn.")})
    if passwords.too_easy(password, *near, web.settings().municipality_name):
        raise InvalidInput(
            {
                _FIELD: _(
                    "Den adgangskode er for nem at gætte. Prøv med tre–fire ord efter hinanden."
                )
            }
        )


def new_hash(password: str, user: User | None) -> str:
    """The hash of a password that this person chose. Raises: InvalidInput."""
    check_new(password, *((user.name, user.email) if user else ()))
    return passwords.hash_password(password)
