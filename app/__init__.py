"""The web side: only HTTP. The engine in model/ reads the drawings."""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from app import api, pages, problems, security
from app.limits import SETTINGS
from app.openapi import describe
from app.reader import Reader
from app.settings import settings_from
from model import WeightsError

VERSION = "1.0.0"


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
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers read in the contract's order
    app.config.from_mapping(SETTINGS, VERSION=VERSION)
    app.config.from_mapping(settings_from(os.environ))
    app.config.from_mapping(config)
    try:
        reader = Reader(app.config["WEIGHTS"], app.config["DEFAULT_NETWORK"])
    except WeightsError as error:
        raise CannotStartError(f"the server cannot start: {error}") from error
    app.extensions["reader"] = reader
    app.extensions["openapi"] = describe(app.config, reader.names)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_error_handler(HTTPException, problems.answer)
    pages.make_pages(app)
    wsgi_app = security.protected(app.wsgi_app, app.config["FRAME_ANCESTORS"])
    app.wsgi_app = wsgi_app  # type: ignore[assignment,method-assign]
    return app
