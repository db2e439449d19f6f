"""The page in WebKit, in a minute: make browsers, or this file alone by pytest."""

from collections.abc import Iterator

import pytest

from tests.engines.walk import Walk
from tests.engines.webkit import WebKit, running


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    with running(tmp_path_factory.mktemp("webkit")) as engine:
        yield engine


class TestWebKit(Walk):
    pass
