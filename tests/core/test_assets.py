"""The files of static/: compressed, kept for good under their build, and nothing else served."""

import gzip

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from dialog.core import assets

STYLE = "css/dialog.css"


def test_a_page_names_a_file_by_its_build(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename=STYLE)
    assert address == f"/static/{assets.BUILD}/{STYLE}" == assets.address(STYLE)


def test_a_file_named_by_its_build_is_kept_for_good(client: FlaskClient) -> None:
    answer = client.get(assets.address(STYLE))
    assert answer.headers["Cache-Control"] == assets.FOR_GOOD
    assert answer.mimetype == "text/css"


@pytest.mark.parametrize("path", [f"/static/{STYLE}", f"/static/0123456789/{STYLE}"])
def test_any_other_address_of_a_file_is_asked_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_text_is_compressed_for_those_who_can_read_it(client: FlaskClient) -> None:
    plain = client.get(assets.address(STYLE)).get_data()
    packed = client.get(assets.address(STYLE), headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain == (assets.FOLDER / STYLE).read_bytes()


def test_a_kept_file_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get(assets.address(STYLE)).headers["ETag"]
    again = client.get(assets.address(STYLE), headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/none.css", "/static/../config.py", "/static//etc/passwd", "/static/css"]
)
def test_nothing_outside_the_folder_is_a_file(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (308, 404)
