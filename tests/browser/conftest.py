"""A browser for all tests, a server for most, and for each test a page."""

from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.hand import Finger, Mouse, Pen
from tests.browser.school import School
from tests.browser.server import Server
from tests.browser.watch import WATCH
from tests.made import made_weights

OpenPage = Callable[..., Page]
expect.set_options(timeout=20_000)  # milliseconds; 5 s are too few on a machine that is busy
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with all five networks, of which only lenet is trained."""
    weights = made_weights(tmp_path_factory.mktemp("weights"))
    with Server(tmp_path_factory.mktemp("server") / "output.txt", weights) as server:
        yield server


@pytest.fixture(scope="session")
def school() -> Iterator[str]:
    """The origin of a school's website on this machine."""
    website = ThreadingHTTPServer(("127.0.0.1", 0), School)
    Thread(target=website.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{website.server_port}"
    website.shutdown()
    website.server_close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Opens the page in such a window; fails if a page had an error or a foreign request."""
    contexts = []
    wrong: list[str] = []

    def open_page(url: str = "", **window: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **window})
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        home = url or server.url
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda message: wrong.extend(complaints(message)))
        page.on("request", lambda request: wrong.extend(foreign(request.url, home)))
        page.goto(home)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def complaints(message: ConsoleMessage) -> list[str]:
    """An error message of the console, but not about failed requests: some tests make them."""
    expected = message.text.startswith("Failed to load resource")
    if message.type not in ("error", "warning") or expected:
        return []
    return [f"console: {message.text}"]


def foreign(url: str, home: str) -> list[str]:
    """The address, if it is not on the test's own server, nor of a picture in the page's memory."""
    url = url.removeprefix("blob:")
    return [] if urlsplit(url).netloc == urlsplit(home).netloc else [f"foreign address: {url}"]


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The page on a desktop."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """The page on a phone, held upright."""
    return open_page(**PHONE)


@pytest.fixture
def mouse(page: Page) -> Mouse:
    return Mouse(page)


@pytest.fixture
def finger(phone: Page) -> Finger:
    return Finger(phone)


@pytest.fixture(params=["mouse", "touch"])
def any_pen(request: pytest.FixtureRequest) -> Pen:
    """A mouse on the page of a desktop, and a finger on the page of a phone."""
    pen: Pen = request.getfixturevalue("mouse" if request.param == "mouse" else "finger")
    return pen
