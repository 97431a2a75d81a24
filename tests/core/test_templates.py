"""Templates are compiled before a reader asks for them."""

from flask import Flask

from dialog.core import templates


def test_after_a_start_no_page_is_compiled_for_its_first_reader(app: Flask) -> None:
    app.jinja_env.auto_reload = False  # as in production; else every use looks at the file again
    templates.compile_all(app)
    kept = {template.name for template in (app.jinja_env.cache or {}).values()}
    assert kept >= set(app.jinja_env.list_templates(extensions=["html", "txt"]))
