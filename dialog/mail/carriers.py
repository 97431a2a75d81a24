"""Whatever takes a mail away: an SMTP server, or a folder while developing."""

import re
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import click

from config import Settings
from dialog.mail import letters
from dialog.mail.writing import Letter

PATIENCE = 20  # seconds for each step of the talk with the SMTP server
LONGEST_TALK = 90  # seconds for one mail, also with a server that says one sign at a time
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class _AsWritten(EmailPolicy):
    """Keeps what the ordinary policy spoils where it breaks a line.

    It cuts the address in `List-Unsubscribe` into encoded pieces, which no mail program takes for
    an address, and loses spaces of long subjects and names in which not every word is ASCII.
    """

    def fold(self, name: str, value: Any) -> str:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}"
        if name == "Subject" and not value.isascii():
            return f"{name}: {self._encoded(name, value)}{self.linesep}"
        if name == "From" and not value.isascii():
            (sender,) = value.addresses
            said = self._encoded(name, sender.display_name)
            return f"{name}: {said}{self.linesep} <{sender.addr_spec}>{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")

    def _encoded(self, name: str, words: str) -> str:
        return Header(words, "utf-8", header_name=name).encode(linesep=self.linesep)


POLICY = _AsWritten(linesep="\r\n")


class Carrier(Protocol):
    """Whatever takes a mail away."""

    def carry(self, letter: Letter) -> None:
        """Takes one mail away. Raises: OSError, smtplib.SMTPException, ValueError."""


class Folder:
    """Puts each mail as a file into a folder, and shows its first link."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """Writes the file whole or not at all."""
        file = self.settings.mail_folder / f"{letter.id}-{_slug(letter.subject)}.eml"
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".part")
        half.touch(mode=0o600)
        half.write_bytes(bytes(message(letter, self.settings)))
        half.replace(file)
        if not self.settings.production:
            _show(file, letter)


class Server:
    """Hands mails to the SMTP server we are connected to."""

    def __init__(self, smtp: smtplib.SMTP, settings: Settings) -> None:
        self.smtp = smtp
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """Hands one mail over, or hangs up when that takes too long."""
        made = message(letter, self.settings)
        with _at_most(LONGEST_TALK, self.smtp):
            self.smtp.send_message(made)


def message(letter: Letter, settings: Settings) -> EmailMessage:
    """The mail as it travels. A line break in a header is refused by the policy."""
    domain = settings.mail_from.rpartition("@")[2]
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(f"{settings.municipality_name}, Dialog", addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=letter.recipient)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.written_at)
    # The same for every attempt, so that a mail sent twice is shown once.
    mail["Message-ID"] = (
        f"<{letter.id}.{sha256(letter.dedupe_key.encode()).hexdigest()[:24]}@{domain}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    if letter.stop_link:
        mail["List-Unsubscribe"] = f"<{letter.stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letters.as_text(letter), cte="8bit")
    mail.add_alternative(letters.as_html(letter), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = letter.locale
    return mail


@contextmanager
def carrier(settings: Settings) -> Iterator[Carrier]:
    """What takes mails away from here. Raises: OSError, smtplib.SMTPException."""
    if settings.smtp_url is None:
        yield Folder(settings)
        return
    smtp = _connect(urlsplit(settings.smtp_url), settings)
    try:
        yield Server(smtp, settings)
    finally:
        _part(smtp)


def _connect(url: SplitResult, settings: Settings) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    own = settings.mail_from.rpartition("@")[2]  # said in greeting; asking DNS for it may take long
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if url.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(host, port, own, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(host, port, own, timeout=PATIENCE)
    with _at_most(LONGEST_TALK, smtp):
        # A password never travels in the clear.
        if url.scheme == "smtp+starttls" or (url.scheme == "smtp" and url.username):
            smtp.starttls(context=context)
        if url.username:
            smtp.login(unquote(url.username), unquote(url.password or ""))
    return smtp


def _part(smtp: smtplib.SMTP) -> None:
    """Says goodbye to a server that listens, and hangs up."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


@contextmanager
def _at_most(seconds: float, smtp: smtplib.SMTP) -> Iterator[None]:
    """Hangs up when the block takes longer: a time limit for each step is none for the whole."""
    watch = threading.Timer(seconds, _hang_up, [smtp])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(smtp: smtplib.SMTP) -> None:
    sock = smtp.sock
    try:
        if sock is not None:
            sock.shutdown(2)
    except OSError:  # gone already
        pass


def _slug(subject: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:40] or "mail"


def _show(file: Path, letter: Letter) -> None:
    link = next((part.link for part in letter.parts if part.link), "")
    click.echo(f"Mail: {file}" + (f"\n      {link}" if link else ""))
