"""The memory of a worker under the dearest requests, and of several workers together.

In a row of the first table eight clients send the same body ROUNDS times, one right after the
other, to a new server of one worker. In the last rows other clients hold what the worker must keep.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.common import resident
from benchmarks.crowds import MESSAGES, Crowd
from benchmarks.drawing import body
from benchmarks.heavy_bodies import Body, bodies
from benchmarks.served import Served, loaded, serving

CLIENTS, ROUNDS = 8, 3
ANSWER_SECONDS = 120
CROWD = 480  # clients of one sort; a worker has 500 connections
# All sorts at once, as many of each as fill what the worker keeps.
MIXED = dict(zip(MESSAGES, (120, 110, 110, 60, 4), strict=True))
DEAREST = ("PNG, transparent, 16 bits", "PNG, interlaced", "JPEG, progressive", "WebP, lossless",
           "JPEG, progressive, CMYK", "GIF, animated", "BMP of 4 MB",
           "4 MB of text with an emoji")  # fmt: skip
WORKERS = (1, 2, 4)
LOAD_SECONDS = 2


def peak(server: Served) -> float:
    """The most memory in MB that the one worker has used so far."""
    (worker,) = server.workers()
    return resident(worker, peak=True)


def asked(server: Served, sent: list[Body], rounds: int = ROUNDS) -> Counter[int]:
    """How often which status was answered to clients that ask at once, each with its body."""
    with ThreadPoolExecutor(len(sent)) as clients:
        answers = [clients.submit(_ask, server.port, one, rounds) for one in sent]
        return Counter(status for one in answers for status in one.result())


def _ask(port: int, sent: Body, rounds: int) -> list[int]:
    """The statuses that one client is answered; 0 where the server hung up."""
    path, media_type, content = sent
    found = []
    for _ in range(rounds):
        connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", path, content, {"Content-Type": media_type})
            response = connection.getresponse()
            response.read()
            found.append(response.status)
        except ConnectionError:
            found.append(0)
        finally:
            connection.close()
    return found


@contextmanager
def crowds(server: Served, sizes: dict[str, int]) -> Iterator[None]:
    """So many clients of each sort of benchmarks/crowds.py, while the block runs."""
    with ExitStack() as all_of_them:
        for name, size in sizes.items():
            crowd = Crowd(server.port, size, MESSAGES[name]())
            all_of_them.callback(crowd.close)
        yield


def print_peaks() -> None:
    """Print the table of peaks."""
    print("| clients send | a body of | worker's peak | answers |")
    print("|---|---:|---:|---|")
    makers = bodies()
    for name, make in makers.items():
        sent = make()
        _print_row(name, {}, [sent] * CLIENTS, f"{len(sent[2]) / 1e3:,.0f} kB")
    for name in MESSAGES:
        size = 12 if "4 MB" in name else CROWD
        _print_row(f"{size} clients that {name}", {name: size}, [])
    dearest = [makers[name]() for name in DEAREST]
    _print_row("all of these clients, and eight different bodies", MIXED, dearest)


def _print_row(name: str, sizes: dict[str, int], sent: list[Body], size: str = "–") -> None:
    with serving(body()) as server, crowds(server, sizes):
        counts = asked(server, sent) if sent else Counter[int]()
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
        print(f"| {name} | {size} | {peak(server):.0f} MB | {answers or '–'} |", flush=True)


def print_shares() -> None:
    """Print what the master and each worker hold, shared pages divided by their number."""
    print("| workers | master | each worker at rest | after drawings | together |")
    print("|---:|---:|---:|---:|---:|")
    for count in WORKERS:
        with serving(body(), workers=count) as server:
            before = [share(pid) for pid in server.workers()]
            loaded(server.port, body(), CLIENTS, LOAD_SECONDS)
            after, master = [share(pid) for pid in server.workers()], share(server.pid)
            cells = [master, max(before), max(after), master + sum(after)]
            print(f"| {count} | {' | '.join(f'{cell:.0f} MB' for cell in cells)} |", flush=True)


def share(pid: int) -> float:
    """Proportional memory of a process in MB: its own, and its part of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:"))
