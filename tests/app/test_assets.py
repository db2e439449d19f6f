"""Static files: their addresses, their caching, their compressed forms."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from app import create_app
from app.assets import asset_of, serve_static
from app.compression import CODINGS, PLAIN, codings_of
from tests.pages import ROOT

IMMUTABLE = "public, max-age=31536000, immutable"
FOLDERS = {"": ROOT / "static", "report": ROOT / "model" / "report" / "styles"}
FILES = sorted(
    str(Path(name, path.relative_to(folder)))
    for name, folder in FOLDERS.items()
    for path in folder.rglob("*")
    if path.is_file()
)
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
}
TEXT = b"one line after the other\n" * 100


def address(app: Flask, name: str) -> str:
    """The address that pages have of a file."""
    with app.test_request_context():
        return url_for("static", filename=name)


def made(folder: Path) -> Flask:
    """An app that serves this folder and nothing else."""
    app = Flask(__name__, static_folder=None)
    serve_static(app, ("", folder), more={})
    return app


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_for_a_year_under_its_version(app: Flask, name: str) -> None:
    client = app.test_client()
    where = address(app, name)
    assert re.fullmatch(rf"/static/[0-9a-f]{{12}}/{re.escape(name)}", where)
    response = client.get(where)
    folder = "report" if name.startswith("report/") else ""
    assert response.data == (FOLDERS[folder] / name.removeprefix("report/")).read_bytes()
    assert response.headers["Cache-Control"] == IMMUTABLE
    assert response.headers["Content-Type"] == MEDIA_TYPES[Path(name).suffix]


@pytest.mark.parametrize("version", ["", "0123456789ab/"])
@pytest.mark.parametrize("name", ["js/main.js", "page.css", "report/network.css", "link.png"])
def test_without_its_version_a_file_is_revalidated(
    client: FlaskClient, version: str, name: str
) -> None:
    first = client.get(f"/static/{version}{name}")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    again = client.get(f"/static/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"


def test_the_version_changes_with_any_byte_any_name_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("a")
    (tmp_path / "b.css").write_text("b")
    first = address(made(tmp_path), "b.css")
    assert address(made(tmp_path), "b.css") == first
    (tmp_path / ".hidden").write_text("of an editor")
    assert address(made(tmp_path), "b.css") == first
    (tmp_path / "js" / "a.js").write_text("A")
    second = address(made(tmp_path), "b.css")
    (tmp_path / "js" / "a.js").rename(tmp_path / "js" / "c.js")
    assert len({first, second, address(made(tmp_path), "b.css")}) == 3


@pytest.mark.parametrize(
    "path",
    [
        *("none.js", "", "js", "js/", ".hidden", "js//main.js"),
        *("../app/assets.py", "%2e%2e/app/assets.py"),
        *("0123456789ab", "0123456789ab/", "0123456789ab/none.js"),
        "0123456789ab/0123456789ab/page.css",
    ],
)
def test_what_is_no_file_is_a_problem_that_is_not_cached(client: FlaskClient, path: str) -> None:
    response = client.get(f"/static/{path}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_file_on_the_disk_is_read_when_the_app_starts(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("old")
    client = made(tmp_path).test_client()
    (tmp_path / "a.js").write_text("new")
    (tmp_path / "b.js").write_text("new")
    assert client.get("/static/a.js").text == "old"
    assert client.get("/static/b.js").status_code == 404


# --- codings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/models", "/static/js/main.js", "/static/page.css"])
def test_pages_and_files_are_compressed_for_those_who_accept_it(
    client: FlaskClient, path: str
) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 0.6 * len(plain.data)
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_a_304_is_about_the_form_that_would_be_sent(client: FlaskClient) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    tag = client.get("/static/page.css", headers=accepts).headers["ETag"]
    known = client.get("/static/page.css", headers={**accepts, "If-None-Match": tag})
    assert (known.status_code, known.headers["Vary"]) == (304, "Accept-Encoding")
    assert client.get("/static/page.css", headers={"If-None-Match": tag}).status_code == 200
    weak = {**accepts, "If-None-Match": f"W/{tag}"}  # as a proxy that compresses anew may make it
    assert client.get("/static/page.css", headers=weak).status_code == 304


def test_what_is_compressed_already_is_sent_as_it_is(client: FlaskClient) -> None:
    response = client.get("/static/link.png", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, ""),
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("br, compress", ""),
        ("gzip;q=0", ""),
        ("gzip;q=0.5, identity", ""),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0.5, identity;q=0.2", "gzip"),
        ("gzip;q=0, *", "zstd"),
        ("*", "zstd"),
        ("*;q=0", ""),  # nothing is acceptable: plain bytes are better than none
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=nonsense", ""),
        (",;=", ""),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: str | None, coding: str
) -> None:
    # Python 3.14 has zstd; what counts here is the choice, so a stand-in does for all versions.
    monkeypatch.setattr("app.compression.CODINGS", {"zstd": lambda _: b"z", **GZIP})
    (tmp_path / "a.txt").write_bytes(TEXT)
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = made(tmp_path).test_client().get("/static/a.txt", headers=headers)
    assert response.headers.get("Content-Encoding", "") == coding
    assert response.status_code == 200


GZIP = {"gzip": CODINGS["gzip"]}


def test_a_compressed_form_is_kept_only_if_it_is_smaller() -> None:
    assert list(codings_of(TEXT)) == [*CODINGS, PLAIN]
    assert list(codings_of(b"short")) == [PLAIN]
    assert list(asset_of(b"", "text/plain").bodies) == [PLAIN]


def test_every_form_decodes_to_the_content() -> None:
    bodies = codings_of(TEXT)
    assert gzip.decompress(bodies["gzip"]) == TEXT
    if "zstd" in bodies:  # Python 3.14
        from importlib import import_module

        assert import_module("compression.zstd").decompress(bodies["zstd"]) == TEXT


def test_two_starts_give_the_same_bytes() -> None:
    pages = [create_app().test_client().get("/", headers={"Accept-Encoding": "gzip"}) for _ in "ab"]
    assert pages[0].data == pages[1].data
    assert pages[0].headers["ETag"] == pages[1].headers["ETag"]
