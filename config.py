"""The settings of one installation, read once from the environment.

Every variable has a default that works on a laptop. A value that cannot be right stops the start
with one sentence for each, rather than surfacing later as a strange page.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from dialog.rules.promise import LIMITS, Numbers

ROOT = Path(__file__).resolve().parent

LEAST_CONTRAST = 7.0  # against white: WCAG 2.2, 1.4.6 (AAA), since the colour carries small text
SHORTEST_SECRET = 32  # characters, in production
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
IN_PRODUCTION = {
    "MUNICIPALITY_NAME": "the name on every page",
    "MUNICIPALITY_ADDRESS": "the address at the foot of every page",
    "MUNICIPALITY_EMAIL": "where citizens write to",
    "MAIL_FROM": "whom mails are from",
    "SMTP_URL": "the server that sends the mails, such as smtp+starttls://name:word@mail.dk:587",
}


class ConfigError(Exception):
    """Settings that cannot be right; `problems` holds one plain sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs. `from_environ` is the only maker outside the tests."""

    production: bool = False
    demo: bool = True  # whether the demo municipality and its sign-ins may be used
    instance: Path = ROOT / "instance"
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"  # what links in mails start with; no slash at the end
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    proxy_count: int = 0  # reverse proxies in front whose X-Forwarded-For and -Proto are believed
    smtp_url: str | None = field(default=None, repr=False)  # None: mail goes to instance/mail
    mail_from: str = "dialog@fjordby.example"
    redis_url: str | None = field(default=None, repr=False)  # None: one process does everything
    municipality_name: str = "Fjordby Kommune"
    municipality_address: str = "Rådhuspladsen 1, 9999 Fjordby"
    municipality_email: str = "dialog@fjordby.example"
    brand_colour: str = "#0f4c5c"
    # Where a consultation sets no numbers of its own.
    promise: Numbers = field(default_factory=Numbers)
    digest_at: time = time(7)  # when the daily mails leave, as clocks in Denmark show it
    jobs: bool = True  # False where `flask work` does the mail, the deadlines and the digests
    limits: bool = True  # False only where a test needs to send faster than a person
    log_level: str = "INFO"

    @property
    def https(self) -> bool:
        """Whether people reach this installation over https."""
        return self.base_url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """Name of the one cookie; the prefix binds it to this host and to https."""
        return "__Host-s" if self.https else "s"

    @property
    def mail_folder(self) -> Path:
        """Where mail is put as .eml files when there is no SMTP server."""
        return self.instance / "mail"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings these variables ask for. Raises: ConfigError."""
        return _Reader(os.environ if environ is None else environ).settings()


class _Reader:
    """Reads variables and gathers everything that is wrong before it complains."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def settings(self) -> Settings:
        production = self.choice("DIALOG_ENV", ("development", "production")) == "production"
        host, port = self.text("HOST", Settings.host), self.whole("PORT", 8000, 0, 65535)
        base_url = self.base_url(host, port, production)
        instance = Path(self.text("INSTANCE", str(Settings.instance))).absolute()
        if production and not self.switch("INSECURE_LOCAL", False):
            self.named()
        made = Settings(
            production=production,
            demo=self.demo(production),
            instance=instance,
            database_url=self.database_url(instance),
            secret_key=self.secret_key(instance, production),
            host=host,
            port=port,
            base_url=base_url,
            trusted_hosts=self.trusted_hosts(base_url, production),
            proxy_count=self.whole("PROXY_COUNT", 0, 0, 5),
            smtp_url=self.url("SMTP_URL", ("smtp", "smtps", "smtp+starttls")),
            mail_from=self.address("MAIL_FROM", Settings.mail_from),
            redis_url=self.url("REDIS_URL", ("redis", "rediss", "unix")),
            municipality_name=self.text("MUNICIPALITY_NAME", Settings.municipality_name),
            municipality_address=self.text("MUNICIPALITY_ADDRESS", Settings.municipality_address),
            municipality_email=self.address("MUNICIPALITY_EMAIL", Settings.municipality_email),
            brand_colour=self.brand_colour(),
            promise=Numbers(**{name: self.number(name) for name in LIMITS}),
            digest_at=self.time_of_day("DIGEST_AT", Settings.digest_at),
            jobs=self.switch("JOBS", True),
            limits=self.switch("LIMITS", True),
            log_level=self.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        )
        if self.problems:
            raise ConfigError(self.problems)
        return made

    def named(self) -> None:
        """In production nothing may come from Fjordby, and mail must have somewhere to go."""
        for name, what in IN_PRODUCTION.items():
            if not self.text(name):
                self.wrong(name, f"must be set in production: {what}.")

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.append(f"{name} {sentence}")

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default or allowed[0])
        for option in allowed:
            if value.lower() == option.lower():
                return option
        self.wrong(name, f"is {value!r}, but must be one of {', '.join(allowed)}.")
        return allowed[0]

    def switch(self, name: str, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value not in ("on", "off", "1", "0", "true", "false", "yes", "no"):
            self.wrong(name, f"is {value!r}, but must be on or off.")
        return value in ("on", "1", "true", "yes")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        self.wrong(name, f"is {value!r}, but must be a whole number from {least} to {most}.")
        return default

    def number(self, name: str) -> int:
        """A number of the promise, such as ANSWER_WORKING_DAYS."""
        default: int = getattr(Numbers(), name)
        return self.whole(name.upper(), default, *LIMITS[name])

    def time_of_day(self, name: str, default: time) -> time:
        value = self.text(name, f"{default:%H:%M}")
        if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            return time.fromisoformat(value)
        self.wrong(name, f"is {value!r}, but must be a time of day such as 07:00.")
        return default

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value and urlsplit(value).scheme not in schemes:
            self.wrong(name, f"must start with {' or '.join(s + '://' for s in schemes)}.")
        return value or None

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", value):
            self.wrong(name, f"is {value!r}, but must be one e-mail address.")
        return value

    def demo(self, production: bool) -> bool:
        demo = self.switch("DEMO", not production)
        if demo and production:
            self.wrong("DEMO", "cannot be on in production: everyone knows the demo's passwords.")
        return demo

    def database_url(self, instance: Path) -> str:
        value = self.text("DATABASE_URL", f"sqlite:///{instance / 'dialog.db'}")
        value = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", value)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.wrong("DATABASE_URL", "must start with sqlite:/// or postgresql://.")
        return value

    def secret_key(self, instance: Path, production: bool) -> str:
        value = self.text("SECRET_KEY")
        if production and len(value) < SHORTEST_SECRET:
            self.wrong("SECRET_KEY", f"must be at least {SHORTEST_SECRET} random characters.")
        if value or production:
            return value
        try:
            return _kept_secret(instance / "secret_key")
        except OSError as error:
            self.wrong("INSTANCE", f"must be a folder that can be written to ({error.strerror}).")
            return ""

    def base_url(self, host: str, port: int, production: bool) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)
        shown = f"[{shown}]" if ":" in shown else shown
        value = self.text("BASE_URL", f"http://{shown}:{port}").rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
            self.wrong("BASE_URL", f"is {value!r}, but must look like https://dialog.example.dk.")
        elif production and parts.scheme == "http" and not self.switch("INSECURE_LOCAL", False):
            self.wrong(
                "BASE_URL",
                "must start with https:// in production: without it, sign-ins can be read on the "
                "way. INSECURE_LOCAL=1 allows http on a machine that nobody else reaches.",
            )
        return value

    def trusted_hosts(self, base_url: str, production: bool) -> tuple[str, ...]:
        named = [host for host in re.split(r"[\s,]+", self.text("TRUSTED_HOSTS")) if host]
        own = urlsplit(base_url).hostname or ""
        own = f"[{own}]" if ":" in own else own
        local = [] if production else list(Settings.trusted_hosts)
        return tuple(dict.fromkeys([own, *named, *local]))

    def brand_colour(self) -> str:
        value = self.text("BRAND_COLOUR", Settings.brand_colour)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            self.wrong("BRAND_COLOUR", f"is {value!r}, but must look like #0f4c5c.")
        elif (ratio := contrast_on_white(value)) < LEAST_CONTRAST:
            self.wrong(
                "BRAND_COLOUR",
                f"is {value}, which holds {ratio:.1f}:1 against white; a darker one that holds "
                f"{LEAST_CONTRAST:.0f}:1 is needed for everyone to read it.",
            )
        return value


def contrast_on_white(colour: str) -> float:
    """Contrast of "#rrggbb" against white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _kept_secret(file: Path) -> str:
    """The secret of this folder, made on the first call and readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        own = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as new:
            new.write(secrets.token_hex(SHORTEST_SECRET))
        with suppress(FileExistsError):  # two processes may start at once: the first one's stands
            os.link(own, file)
        own.unlink()
    return file.read_text(encoding="utf-8").strip()
