"""A server for the walk through each engine."""

from collections.abc import Iterator

import pytest

from tests.browser.server import Server
from tests.made import made_weights


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with all five networks, of which only lenet is trained."""
    weights = made_weights(tmp_path_factory.mktemp("weights"))
    server = Server(tmp_path_factory.mktemp("server") / "output.txt", weights)
    server.start()
    yield server
    server.stop()
