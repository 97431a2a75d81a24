"""The app for `flask` and for WSGI servers. `make run` starts `dialog.cli.run` instead."""

from dialog.app import create_app

app = create_app()
