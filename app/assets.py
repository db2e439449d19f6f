"""Static files: read, hashed and compressed once, when the app starts.

`url_for("static", filename="js/main.js")` is `/static/<version>/js/main.js`. The version is a hash
of all files, and it is a part of the path. So a module imports others of its own version, without a
build step, and browsers keep every file for a year.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request

from app.compression import PLAIN, coding_for, codings_of

IMMUTABLE = "public, max-age=31536000, immutable"  # seconds of a year
REVALIDATED = "no-cache"  # it may be stored, but the server is asked each time whether it is new
VERSION_LENGTH = 12  # hexadecimal digits
MEDIA_TYPES = {  # the system's own list may lack them, or be wrong
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """Content that does not change, as it is sent.

    bodies:     by content coding; PLAIN, and each one that makes it smaller
    media_type: with its charset
    tag:        hash of the content, for the header ETag
    """

    bodies: Mapping[str, bytes]
    media_type: str
    tag: str


def asset_of(content: bytes, media_type: str) -> Asset:
    """The content with its compressed forms."""
    return Asset(codings_of(content), media_type, hashlib.sha256(content).hexdigest()[:16])


def answer(asset: Asset, caching: str) -> Response:
    """The asset in the coding that the client likes best; 304 if it has that already.

    caching: IMMUTABLE or REVALIDATED
    """
    coding = coding_for(request.accept_encodings, asset.bodies)
    response = Response(asset.bodies[coding], content_type=asset.media_type)
    response.headers["Cache-Control"] = caching
    if len(asset.bodies) > 1:
        response.vary.add("Accept-Encoding")
    if coding != PLAIN:
        response.headers["Content-Encoding"] = coding
    # Two codings are two representations (RFC 9110, 8.8).
    response.set_etag(f"{asset.tag}-{coding}")
    response.make_conditional(request)
    return response


def serve_static(app: Flask, *folders: tuple[str, Path], more: Mapping[str, bytes]) -> None:
    """Serve the files of these folders, and more by name, under /static/.

    folders: (name, folder): its files are at /static/<name>/…, or at /static/… without a name
    """
    files = dict(more)
    for name, folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                files[str(Path(name, path.relative_to(folder)).as_posix())] = path.read_bytes()
    version = _version_of(files)
    assets = {name: asset_of(content, _media_type(name)) for name, content in files.items()}

    def static(filename: str) -> Response:
        first, _, rest = filename.partition("/")
        if first == version and rest in assets:
            return answer(assets[rest], IMMUTABLE)
        # Without a version, or with another one: the page is from before a deploy, or after it.
        name = rest if _is_version(first) else filename
        return answer(assets[name], REVALIDATED) if name in assets else abort(404)

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"{version}/{values['filename']}"

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.url_defaults(add_version)


def _version_of(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:VERSION_LENGTH]


def _is_version(text: str) -> bool:
    return len(text) == VERSION_LENGTH and set(text) <= set("0123456789abcdef")


def _media_type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return MEDIA_TYPES.get(Path(name).suffix, guessed)
