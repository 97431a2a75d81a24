"""Settings from the environment: defaults that work, and plain words for what cannot."""

import stat
from datetime import time
from pathlib import Path

import pytest

from config import IN_PRODUCTION, ROOT, ConfigError, Settings, contrast_on_white
from dialog.rules.promise import Numbers


def settings(folder: Path, **environ: str) -> Settings:
    """The settings of an installation in this folder."""
    return Settings.from_environ({"INSTANCE": str(folder), **environ})


def problems(folder: Path, **environ: str) -> list[str]:
    """What is wrong with these variables."""
    with pytest.raises(ConfigError) as caught:
        settings(folder, **environ)
    return caught.value.problems


PRODUCTION = {
    "DIALOG_ENV": "production",
    "SECRET_KEY": "k" * 32,
    "BASE_URL": "https://dialog.example.dk/",
    "MUNICIPALITY_NAME": "Nordby Kommune",
    "MUNICIPALITY_ADDRESS": "Torvet 1, 9998 Nordby",
    "MUNICIPALITY_EMAIL": "dialog@nordby.example",
    "MAIL_FROM": "dialog@nordby.example",
    "SMTP_URL": "smtp://mail.nordby.example",
}


def test_an_empty_environment_works(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path}/dialog.db"
    assert (made.base_url, made.session_cookie) == ("http://127.0.0.1:8000", "s")
    assert made.demo
    assert made.limits


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert settings(tmp_path).secret_key == settings(tmp_path).secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert settings(tmp_path).secret_key not in repr(settings(tmp_path))


def test_production_is_https_without_demo(tmp_path: Path) -> None:
    made = settings(tmp_path, **PRODUCTION)
    assert made.https
    assert not made.demo
    assert made.session_cookie == "__Host-s"
    assert made.trusted_hosts == ("dialog.example.dk",)


def test_production_needs_a_secret_and_https(tmp_path: Path) -> None:
    lax = {**PRODUCTION, "SECRET_KEY": "", "BASE_URL": "http://dialog.example.dk"}
    found = problems(tmp_path, **lax)
    assert [problem.split()[0] for problem in found] == ["BASE_URL", "SECRET_KEY"]


@pytest.mark.parametrize("name", IN_PRODUCTION)
def test_production_takes_nothing_from_the_demo_municipality(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path, **{**PRODUCTION, name: ""})[0].startswith(f"{name} must be set")


def test_production_can_be_tried_on_one_s_own_machine(tmp_path: Path) -> None:
    local = {"DIALOG_ENV": "production", "SECRET_KEY": "k" * 32, "INSECURE_LOCAL": "1"}
    assert settings(tmp_path, **local).production


def test_the_demo_is_refused_in_production(tmp_path: Path) -> None:
    assert problems(tmp_path, **PRODUCTION, DEMO="on")[0].startswith("DEMO cannot be on")


@pytest.mark.parametrize("address", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_postgresql_is_spoken_through_psycopg(tmp_path: Path, address: str) -> None:
    made = settings(tmp_path, DATABASE_URL=address)
    assert made.database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://u@h/d"),
        ("BASE_URL", "dialog.example.dk"),
        ("BASE_URL", "https://example.dk/dialog"),
        ("BRAND_COLOUR", "teal"),
        ("BRAND_COLOUR", "#88aaff"),
        ("MAIL_FROM", "nobody"),
        ("SMTP_URL", "mail.example.dk"),
        ("REDIS_URL", "http://h"),
        ("DEMO", "perhaps"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_named_in_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    (problem,) = problems(tmp_path, **{name: value})
    assert problem.startswith(name + " ")
    assert problem.endswith(".")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_the_daily_mail_has_its_hour(tmp_path: Path) -> None:
    assert settings(tmp_path).digest_at == time(7)
    assert settings(tmp_path, DIGEST_AT="16:30").digest_at == time(16, 30)


@pytest.mark.parametrize("value", ["7", "24:00", "07:60", "07:00:00", "morgen", "٠٧:٠٠"])
def test_an_hour_that_is_none_is_told(tmp_path: Path, value: str) -> None:
    (told,) = problems(tmp_path, DIGEST_AT=value)
    assert told.startswith("DIGEST_AT")


def test_an_installation_sets_the_numbers_of_its_promise(tmp_path: Path) -> None:
    assert settings(tmp_path).promise == Numbers()
    made = settings(tmp_path, ANSWER_WORKING_DAYS="7", SUPPORT_AREAS="1").promise
    assert made == Numbers(answer_working_days=7, support_areas=1)


@pytest.mark.parametrize("words", ["0", "21", "fem", "-3", "2.5"])
def test_a_promise_that_is_none_stops_the_start(tmp_path: Path, words: str) -> None:
    (said,) = problems(tmp_path, ANSWER_WORKING_DAYS=words)
    assert said == (f"ANSWER_WORKING_DAYS is {words!r}, but must be a whole number from 1 to 20.")


def test_the_example_for_production_lacks_nothing_but_a_secret_of_one_s_own(tmp_path: Path) -> None:
    lines = (ROOT / "deploy" / "dialog.env").read_text(encoding="utf-8").splitlines()
    pairs = (line.removeprefix("#").partition("=") for line in lines if "=" in line)
    example = {name: value.strip('"') for name, _equals, value in pairs if " " not in name}
    assert [one.split()[0] for one in problems(tmp_path, **example)] == ["SECRET_KEY"]
    made = settings(tmp_path, **example | {"SECRET_KEY": "k" * 32})
    assert made.municipality_name == "Nordby Kommune"
    assert not made.jobs
