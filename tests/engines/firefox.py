"""Firefox without a window, by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.engines.install import firefox
from tests.engines.process import said, started

ANSWER_LIMIT = 120  # seconds until it answers a command, on a busy machine


class Firefox:
    """One page of a Firefox that listens at a socket; see `Engine`."""

    pens = ("mouse", "touch")  # Firefox 153: "Unimplemented pointerMove for pointerType pen"

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._complaints: list[str] = []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded"])
        self._page = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def run(self, expression: str) -> Any:
        found = self._call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._page},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(f"{expression}: {found['exceptionDetails']['text']}")
        return json.loads(found["result"]["value"])

    def act(self, sources: list[dict[str, Any]]) -> None:
        self._call("input.performActions", context=self._page, actions=sources)

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._call("browsingContext.setViewport", context=self._page, viewport=viewport)

    def complaints(self) -> list[str]:
        self.run("0")  # what was said before this answer has arrived then
        found, self._complaints = self._complaints, []
        return found

    def _call(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; RuntimeError if Firefox refuses it."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(ANSWER_LIMIT))
            if message.get("id") == number:
                break
            self._note(message)
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    def _note(self, event: dict[str, Any]) -> None:
        """Keep an error or a warning of the page's scripts or of the console."""
        entry = event["params"]
        if event.get("method") == "log.entryAdded" and entry["level"] in ("error", "warn"):
            self._complaints.append(f"{entry['level']}: {entry['text']}")


@contextmanager
def running(folder: Path) -> Iterator[Firefox]:
    """A Firefox with an empty profile in a folder; it ends with the block."""
    log, profile = folder / "firefox.txt", folder / "profile"
    profile.mkdir()
    options = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"]
    command = [str(firefox()), *options, str(profile), "about:blank"]
    with started(command, log, HOME=str(folder)) as process:
        address = said(process, log, r"WebDriver BiDi listening on (ws://\S+)")
        with connect(f"{address}/session", max_size=None) as socket:
            yield Firefox(socket)
