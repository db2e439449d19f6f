"""WebKit of GTK on a screen in memory, by WebDriver: https://www.w3.org/TR/webdriver2/."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection, socket
from typing import Any

from tests.engines.install import webkit
from tests.engines.process import said, started, until

SCREEN = "1600x1200x24"
ANSWER_LIMIT = 120  # seconds until it answers a command, on a busy machine

# WebDriver has no way to run a script before those of a page, and tells nothing of the console.
# So this runs after them. A module that fails at once is noticed by what the page does not do.
WATCH = """
window.complaints = [];
addEventListener("error", (event) => complaints.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => complaints.push(`error: ${event.reason}`));
for (const level of ["error", "warn"]) {
  console[level] = (...words) => complaints.push(`${level}: ${words.join(" ")}`);
}
"""


class WebKit:
    """The window of a MiniBrowser that a driver controls; see `Engine`."""

    pens = ("mouse", "pen")  # WebKitGTK 2.50: a touch arrives as a mouse

    def __init__(self, port: int, browser: Path) -> None:
        self._port = port
        self._session = ""
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = (
            f"/session/{self._call('POST', '/session', capabilities=wanted)['sessionId']}"
        )
        self._complaints: list[str] = []

    def open(self, url: str) -> None:
        self._keep_complaints()
        self._call("POST", "/url", url=url)
        self._call("POST", "/execute/sync", script=WATCH, args=[])

    def run(self, expression: str) -> Any:
        script = f"""const done = arguments[0];
          (async () => JSON.stringify({{ value: await ({expression}) }}))()
            .then(done, (error) => done(JSON.stringify({{ error: String(error) }})));"""
        found = json.loads(self._call("POST", "/execute/async", script=script, args=[]))
        if "error" in found:
            raise RuntimeError(f"{expression}: {found['error']}")
        return found.get("value")

    def act(self, sources: list[dict[str, Any]]) -> None:
        self._call("POST", "/actions", actions=sources)

    def resize(self, width: int, height: int) -> None:
        """The window is larger than the page by its bars, whose size the page knows."""
        for _ in range(3):  # the bars may grow when the window is narrow
            bars = self.run("[outerWidth - innerWidth, outerHeight - innerHeight]")
            size = {"width": width + bars[0], "height": height + bars[1]}
            self._call("POST", "/window/rect", **size)
            time.sleep(0.2)  # the page hears of it a moment later
            if self.run("[innerWidth, innerHeight]") == [width, height]:
                return
        raise RuntimeError(f"the window cannot be {width} × {height}")

    def complaints(self) -> list[str]:
        self._keep_complaints()
        found, self._complaints = self._complaints, []
        return found

    def close(self) -> None:
        self._call("DELETE", "")

    def _keep_complaints(self) -> None:
        self._complaints += self.run("window.complaints?.splice(0) ?? []")

    def _call(self, method: str, path: str, **body: Any) -> Any:
        """Send a command and return its value; RuntimeError if the driver refuses it."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_LIMIT)
        content = json.dumps(body) if method == "POST" else None
        connection.request(method, self._session + path, content)
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{path or '/session'}: {value['error']}: {value.get('message')}")
        return value


@contextmanager
def running(folder: Path) -> Iterator[WebKit]:
    """A WebKit with its files in a folder, on a screen in memory; both end with the block."""
    driver, browser, screen = webkit()
    log, number = folder / "driver.txt", folder / "screen.txt"
    in_memory = [str(screen), "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with started(in_memory, number) as process:
        display = said(process, number, r"^(\d+)\n")
        home = {"HOME": str(folder), "DISPLAY": f":{display}", "LIBGL_ALWAYS_SOFTWARE": "1"}
        port = free_port()
        with started([driver, f"--port={port}"], log, **home) as process:
            until(process, log, lambda: listens(port))
            engine = WebKit(port, browser)
            yield engine
            engine.close()


def free_port() -> int:
    """A port of this machine that nothing listens at; the driver does not choose one itself."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool | None:
    """True if something listens at a port, else None."""
    try:
        create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return None
    return True
