"""The page in Firefox, in a minute: make browsers, or this file alone by pytest."""

from collections.abc import Iterator

import pytest

from tests.engines.firefox import Firefox, running
from tests.engines.walk import Walk


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with running(tmp_path_factory.mktemp("firefox")) as engine:
        yield engine


class TestFirefox(Walk):
    pass
