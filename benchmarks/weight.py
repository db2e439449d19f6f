"""Question 6: time to start; memory to serve and to train; size of the install and the page."""

import json
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from re import findall
from urllib.parse import urljoin

from app import create_app
from benchmarks.common import ROOT, Row, command, exactly, resident, spread
from benchmarks.drawing import body
from benchmarks.served import loaded, serving

MB = 1e6  # bytes; all sizes here are in powers of ten
STEPS = 300  # of training before memory is measured: it has stopped growing long before


def measure(quick: bool) -> list[Row]:
    return [*start_and_worker(2 if quick else 9), install(), training(), *page()]


def start_and_worker(times: int) -> list[Row]:
    """From gunicorn's start to its first answer; then a worker's memory under load."""
    starts, memory, question = [], [], body()
    for _ in range(times):
        with serving(question) as app:
            starts.append(app.first_answer)
            loaded(app.port, question, clients=8, seconds=0.5)
            memory += [resident(pid) for pid in app.workers()]
    return [
        Row(6, "start to first answer", spread(starts), "s", at_most=0.6),
        Row(6, "a worker's resident memory, after load", spread(memory), "MB", at_most=60),
    ]


def install() -> Row:
    """The size of all files that requirements.txt installs, bytecode included."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        requirements = str(ROOT / "requirements.txt")
        subprocess.run([*pip, "--target", folder, "-r", requirements], check=True)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return Row(6, "run-time install, site-packages", exactly(size / MB), "MB", at_most=120)


def training() -> Row:
    """The peak memory of a process that trains on EMNIST's number of images."""
    run = [sys.executable, "-m", "benchmarks.memory", "--train", str(STEPS)]
    peak = json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True).stdout)["peak"]
    return Row(6, "training on 240,000 images, peak", exactly(peak), "MB", at_most=1000)


# --- the page -----------------------------------------------------------------------------------


class References(HTMLParser):
    """The addresses that a page refers to, and those of them that block the first paint."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.blocking: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        address = has.get("src") or (has.get("href") if tag == "link" else None)
        if address:
            self.addresses.append(address)
        waits = has.get("type") == "module" or "defer" in has or "async" in has
        if tag == "script" and not waits:
            self.blocking.append(address or "a script on the page")


def page() -> list[Row]:
    """Uncompressed bytes of "/" and of all files that it refers to, directly or indirectly."""
    client = create_app().test_client()
    html = client.get("/").text
    references = References(html)
    sizes = {"/": len(html.encode())}
    waiting = [urljoin("/", address) for address in references.addresses]
    while waiting:
        address = waiting.pop()
        if address not in sizes and address.startswith("/static/"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            sizes[address] = len(answer.data)
            waiting += referred(address, answer.text)
    total = sum(sizes.values()) / 1e3
    return [
        Row(6, f"the page, {len(sizes)} files", exactly(total), "kB", at_most=200),
        Row(
            6,
            "besides CSS, what the first paint waits for",
            exactly(len(references.blocking)),
            "files",
            at_most=0,
        ),
    ]


def referred(address: str, text: str) -> list[str]:
    """The addresses that a style sheet or a module refers to."""
    patterns = {"css": r"""url\(["']?([^"')]+)""", "js": r"""(?:from|import) ["']([^"']+)["']"""}
    found = findall(patterns.get(address.rsplit(".", 1)[-1], r"(?!)"), text)
    return [normpath(join(dirname(address), name)) for name in found if ":" not in name]


if __name__ == "__main__":
    command(measure)
