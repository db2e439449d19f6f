"""The app with the committed weights, and a test client."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.limits import SETTINGS
from app.settings import settings_from
from tests.browser.server import Server
from tests.made import made_weights

CONFIG = {**SETTINGS, **settings_from({})}  # what app/asgi.py is given where nothing is set


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an app with all five networks; some cards are incomplete."""
    folder = made_weights(tmp_path_factory.mktemp("weights"))
    return create_app({"WEIGHTS": folder}).test_client()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app under the real gunicorn."""
    with Server(tmp_path_factory.mktemp("gunicorn") / "log") as server:
        yield server
