"""The web side: only HTTP. The engine in model/ reads the drawings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from werkzeug.exceptions import HTTPException

from app import api, cors, pages, problems, security
from app.limits import ROOT, SETTINGS
from app.openapi import describe
from app.proxies import with_slash
from app.reader import Reader
from app.settings import settings_from
from app.sums import check_sums
from app.version import VERSION, commit_from
from model import WeightsError


class CannotStartError(RuntimeError):
    """No network can be served. gunicorn prints a RuntimeError without its traceback."""


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, its networks loaded: ready for the first request.

    config: overrides for the environment variables of app/settings.py, for the settings of
            app/limits.py (SETTINGS), and for Flask's own
    SystemExit, with one line, for a wrong environment variable; CannotStartError, with the reason
    and the cure, where no network can be loaded.
    """
    app = Flask(__name__, template_folder="../templates", static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would leave the prefix of a silent proxy
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers read in the contract's order
    app.config.from_mapping(SETTINGS, VERSION=VERSION)
    app.config.from_mapping(settings_from(os.environ))
    app.config.from_mapping(config)
    app.config["COMMIT"] = app.config["COMMIT"] or commit_from(os.environ, ROOT)
    try:
        reader = Reader(app.config["WEIGHTS"], app.config["DEFAULT_NETWORK"])
    except WeightsError as error:
        raise CannotStartError(f"the server cannot start: {error}") from error
    check_sums(Path(app.config["WEIGHTS"]))
    app.extensions["reader"] = reader
    app.extensions["openapi"] = describe(app.config, reader.names)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_error_handler(HTTPException, problems.answer)
    pages.make_pages(app)
    app.wsgi_app = _wrapped(app)  # type: ignore[assignment,method-assign]
    return app


def _wrapped(app: Flask) -> WSGIApplication:
    """The application with what the settings say about browsers."""
    wsgi_app = with_slash(app.wsgi_app)
    if app.config["FORCE_HTTPS"]:
        wsgi_app = security.over_tls(wsgi_app)
    wsgi_app = cors.shared(wsgi_app, app.config["CORS_ORIGINS"])
    return security.protected(wsgi_app, app.config["FRAME_ANCESTORS"])
