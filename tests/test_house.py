"""The house keeps its own plan."""

import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask

from config import ROOT, Settings
from dialog import permissions
from dialog.app import create_app
from dialog.core import web
from dialog.permissions import Action, Role

PYTHON = sorted((ROOT / "dialog").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def files_with(pattern: str, files: list[Path]) -> list[str]:
    """The files, seen from the root, in which `pattern` occurs."""
    found = re.compile(pattern)
    return [str(file.relative_to(ROOT)) for file in files if found.search(file.read_text("utf-8"))]


def test_every_route_has_a_permission(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert permissions.routes_without_entry(endpoints) == []


def test_no_permission_stands_for_a_route_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert sorted(permissions.ROUTES.keys() - endpoints) == []


def test_a_route_without_a_permission_keeps_the_app_from_starting(settings: Settings) -> None:
    app = create_app(settings)  # one of its own: a route is added to it
    app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        web.check_routes(app)


def test_every_action_is_somebodys_and_no_role_has_them_all() -> None:
    assert set(permissions.TABLE) == set(Action)
    assert not [role for role in Role if all(permissions.may(role, one) for one in Action)]


def test_there_is_one_commit_in_the_house() -> None:
    assert files_with(r"\.commit\(", PYTHON) == ["dialog/core/db.py"]


def test_there_is_one_emit_in_the_house() -> None:
    assert files_with(r"socketio\.emit\(", PYTHON) == ["dialog/core/live.py"]


def test_stored_html_passes_escaping_in_one_place() -> None:
    assert files_with(r"\bMarkup\(", PYTHON) == ["dialog/core/html.py"]
    assert files_with(r"\|\s*safe\b|autoescape false", TEMPLATES) == []


def test_no_page_holds_inline_script_or_style() -> None:
    inline = r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:"
    # A mail carries its looks itself: there is no site behind it to fetch a stylesheet from.
    pages = [file for file in TEMPLATES if file.parent.name != "mail"]
    assert files_with(inline, pages) == []


def test_scripts_make_no_code_from_text() -> None:
    assert files_with(r"\beval\(|new Function|document\.write", SCRIPTS) == []


def test_every_form_that_writes_carries_a_token() -> None:
    posting = [
        file
        for file in TEMPLATES
        if re.search(r"<form[^>]*method=\"post\"", file.read_text("utf-8"))
    ]
    tokens = re.compile(r"csrf_token|hidden_tag")
    without = [file.name for file in posting if not tokens.search(file.read_text("utf-8"))]
    assert without == ["_follow.html"]  # on pages that are the same for all: the test below


def test_two_posts_need_no_token_and_no_more() -> None:
    """Mail programs end a mail's like by themselves, without a session (RFC 8058).

    And a thread's page, the same for all, ends its mails: there the browser has to say that the
    form stood on a page of ours (tests/notifications/test_following.py).
    """
    from dialog.core import web

    assert web.csrf._exempt_views == {
        "dialog.notifications.mail_views.stop_now",
        "dialog.debates.follow_views.mute",
    }
    assert web.csrf._exempt_blueprints == set()


def test_there_is_one_migration_head() -> None:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_no_lock_names_a_registry() -> None:
    names = ("requirements.lock", "requirements-dev.lock", "package-lock.json")
    locks = [ROOT / name for name in names]
    assert files_with(r"\"resolved\"|registry\.|pythonhosted|index-url|find-links", locks) == []


def test_architecture_begins_with_the_five_rules() -> None:
    words = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert "rules" in words.split("\n\n")[1]
