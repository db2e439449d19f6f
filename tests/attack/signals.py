"""Signals to a server under load: it comes back, it reloads, it stops; no wrong answer, no trace.

    python -m tests.attack.signals --cases 9

SIGKILL hits the worker, HUP and TERM the master. Clients ask all the time, each over one connection
after the other. A connection may be cut; every answer must be right. After TERM no process is left.
"""

import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from tests.app.test_server import connected, listened, request
from tests.attack.tally import Tally, command
from tests.attack.target import server
from tests.browser.server import Server
from tests.strokes import SEVEN

CLIENTS = 4
BACK_SECONDS = 60  # the limit of a return or a stop on a busy machine; normally about one
TRACE = b"4711.25"  # a coordinate of the drawing; a log that holds it would tell what was sent
BODY = json.dumps(
    {"strokes": [[[x + 4711.25, y + 4711.25] for x, y in stroke] for stroke in SEVEN]}
)


@dataclass
class Load:
    """What the clients have met: right answers, others, cut connections, the longest wait."""

    right: int = 0
    wrong: list[int] = field(default_factory=list)
    cut: int = 0
    last: float = field(default_factory=time.monotonic)
    longest: float = 0.0

    def answered(self) -> None:
        now = time.monotonic()
        self.longest, self.last = max(self.longest, now - self.last), now
        self.right += 1


@contextmanager
def load(target: Server) -> Iterator[Load]:
    """Clients that ask as long as the block runs."""
    found, ended, lock = Load(), threading.Event(), threading.Lock()

    def ask() -> None:
        while not ended.is_set():
            try:
                with connected(target) as client:
                    _ask(client, found, lock, ended)
            except (OSError, EOFError):
                with lock:
                    found.cut += 1
                ended.wait(0.02)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield found
    finally:
        ended.set()
        for client in clients:
            client.join()


def _ask(client: socket.socket, found: Load, lock: threading.Lock, ended: threading.Event) -> None:
    for _ in range(50):
        client.sendall(request(BODY.encode()))
        try:
            response = listened(client)
            answer = json.loads(response.read())
        except (ValueError, ConnectionError, HTTPException) as error:
            raise EOFError from error
        with lock:
            if response.status == 200 and answer["digit"] == 7:
                found.answered()
            else:
                found.wrong.append(response.status)
        if ended.is_set():
            return


def kill(target: Server) -> None:
    os.kill(target.workers()[0], signal.SIGKILL)


def reload(target: Server) -> None:
    os.kill(target.pid, signal.SIGHUP)


SIGNALS: dict[str, Callable[[Server], None]] = {"KILL": kill, "HUP": reload}


def attack(cases: int, seed: int) -> Tally:
    """That many signals: KILL, HUP and TERM in turn."""
    tally, rng = Tally(), random.Random(seed)
    longest: dict[str, float] = dict.fromkeys([*SIGNALS, "TERM"], 0.0)
    cut = 0
    while tally.cases < cases:
        with server() as target, load(target) as found:
            _wait(lambda: found.right > 10)
            for name in SIGNALS:
                longest[name] = max(longest[name], _come_back(tally, target, found, name, rng))
            cut += found.cut
            longest["TERM"] = max(longest["TERM"], _stop(tally, target))
        for status in found.wrong:
            tally.fault(f"status {status} under load")
        tally.statuses[200] += found.right
    tally.figures.append(f"{cut} connections cut")
    tally.figures += [f"{name} {seconds:.1f} s" for name, seconds in longest.items()]
    return tally


def _come_back(tally: Tally, target: Server, found: Load, name: str, rng: random.Random) -> float:
    """Send a signal; returns the longest time without an answer until a new worker answers."""
    time.sleep(rng.uniform(0, 0.3))
    before = set(target.workers())
    found.longest = 0.0
    SIGNALS[name](target)
    tally.cases += 1
    if not _wait(lambda: bool(target.workers()) and not before & set(target.workers())):
        tally.fault(f"{name}: no new worker within {BACK_SECONDS} s")
    answered = found.right
    if not _wait(lambda: found.right > answered + CLIENTS):
        tally.fault(f"{name}: no answer within {BACK_SECONDS} s")
    return found.longest


def _stop(tally: Tally, target: Server) -> float:
    """Stop the server; returns the seconds that it took."""
    processes, started = [target.pid, *target.workers()], time.monotonic()
    os.kill(target.pid, signal.SIGTERM)
    tally.cases += 1
    status = target.wait(BACK_SECONDS)
    seconds = time.monotonic() - started
    if status != 0:
        tally.fault(f"TERM: exit status {status}")
    left = [process for process in processes if Path(f"/proc/{process}").exists()]
    if left:
        tally.fault(f"TERM: {len(left)} processes are left")
    log = target.log.read_bytes()
    if TRACE in log or b"Traceback" in log:
        tally.fault(f"the log holds too much: {log[-500:]!r}")
    return seconds


def _wait(is_true: Callable[[], bool]) -> bool:
    """Whether it becomes true within BACK_SECONDS."""
    end = time.monotonic() + BACK_SECONDS
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.01)
    return False


if __name__ == "__main__":
    command(attack, 9)
