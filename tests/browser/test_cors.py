"""A page of another website asks the API, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.school import ISOLATED
from tests.browser.server import Server
from tests.strokes import SEVEN

ASK = """async ([url, strokes]) => {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ strokes });
  try {
    const response = await fetch(`${url}api/predict`, { method: "POST", headers, body });
    return [(await response.json()).digit, response.headers.get("X-Request-Id") !== null];
  } catch (error) {
    return [error.name];
  }
}"""


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory, school: str) -> Iterator[Server]:
    """A server that the pages of the school may ask."""
    origins = f"https://other.example {school}"
    with Server(tmp_path_factory.mktemp("sharing") / "output.txt", CORS_ORIGINS=origins) as server:
        yield server


@pytest.fixture(params=["/", ISOLATED])
def page(request: pytest.FixtureRequest, browser: Browser, school: str) -> Iterator[Page]:
    """A page of the school; one isolates itself."""
    page = browser.new_page()
    page.goto(f"{school}{request.param}?about:blank")
    yield page
    page.close()


def test_a_page_that_may_ask_gets_the_digit(page: Page, sharing: Server) -> None:
    assert page.evaluate(ASK, [sharing.url, SEVEN]) == [7, True]


def test_any_other_page_gets_nothing(page: Page, server: Server) -> None:
    assert page.evaluate(ASK, [server.url, SEVEN]) == ["TypeError"]
