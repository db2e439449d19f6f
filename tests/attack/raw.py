"""Changed requests as bytes on real connections: no 500, no line in the log, the same worker.

    python -m tests.attack.raw --cases 3000

The seeds are good requests, and what is no HTTP of tests/app/test_faults.py; a part of them carries
changed pictures and bodies. Only gunicorn's refusals (400 … 431, 501) may lack our form.
"""

import random
import re
import socket
from contextlib import suppress

from tests.app.test_faults import CHUNK, CHUNKED, FAULTS, GET
from tests.app.test_server import PLAIN, connected
from tests.attack import bodies, files
from tests.attack.mutate import mutated
from tests.attack.tally import LONGEST_REFUSAL, REFUSALS, Tally, command
from tests.attack.target import attacked
from tests.browser.server import Server

HTTP = {200, 304, 414, 431, 501, 505} | REFUSALS
METHODS = [b"GET", b"HEAD", b"POST", b"PUT", b"OPTIONS", b"TRACE", b"CONNECT", b"get", b""]
PLACES = [b"/", b"/models", b"/health", b"/api/models", b"/static/../app", b"//", b"*", b"/%00"]
MOMENT = 0.1  # seconds
SECONDS = 30  # an answer that takes longer is a fault
FORM_HEAD = b"POST /api/predict HTTP/1.1\r\nHost: here\r\nContent-Type: %s\r\n"


def requests() -> list[bytes]:
    """Whole requests to change, good and bad."""
    good = [PLAIN, PLAIN * 3, CHUNKED + CHUNK + b"0\r\n\r\n", GET + b"\r\n"]
    return good * 5 + [b"".join(parts) for _, *parts in FAULTS.values()]


def made(whole: list[bytes], rng: random.Random) -> bytes:
    """A request: changed bytes, or any method for any address."""
    if rng.random() < 0.8:
        return mutated(whole, rng)
    line = b"%s %s HTTP/1.%d\r\n" % (rng.choice(METHODS), rng.choice(PLACES), rng.randrange(2))
    return line + b"Host: here\r\n" + rng.choice([b"", b"Expect: 100-continue\r\n"]) + b"\r\n"


def sent(target: Server, message: bytes, ended: bool) -> bytes:
    """All that the server answers. It may hang up before it has read everything.

    ended: whether to say that no more comes, if no answer has come after a moment
    """
    received = b""
    with suppress(ConnectionError), connected(target) as client:  # it has hung up
        client.settimeout(MOMENT if ended else SECONDS)
        client.sendall(message)
        while piece := _received(client):
            received += piece
    return received


def _received(client: socket.socket) -> bytes:
    try:
        return client.recv(65_536)
    except TimeoutError:
        if client.gettimeout() == SECONDS:
            raise
    client.settimeout(SECONDS)
    client.shutdown(socket.SHUT_WR)
    return client.recv(65_536)


def attack(cases: int, seed: int) -> Tally:
    """That many raw requests, and a tenth as many bodies and pictures."""
    tally, rng, whole = Tally(), random.Random(seed), requests()
    with attacked(tally) as target:
        for number in range(cases):
            _raw(tally, target, made(whole, rng), f"request {number} of seed {seed}")
        sources, pictures = bodies.seeds(), files.seeds()
        for number in range(cases // 10):
            body, media_type = bodies.made(sources, rng)
            if number % 2:
                body, media_type = mutated(pictures, rng), "image/png"
            case = f"body {number} of seed {seed}"
            _body(tally, sent(target, with_head(body, media_type), ended=False), case)
    return tally


def with_head(body: bytes, media_type: str) -> bytes:
    """A whole request that asks for the end of the connection."""
    head = FORM_HEAD % media_type.encode() + b"Connection: close\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _raw(tally: Tally, target: Server, message: bytes, case: str) -> None:
    tally.cases += 1
    try:
        answer = sent(target, message, ended=True)
    except TimeoutError:
        tally.fault(f"no answer within {SECONDS} s: {case}, {message[:200]!r}")
        return
    status = int(answer[9:12]) if re.match(rb"HTTP/1\.[01] \d{3} ", answer) else 0
    tally.statuses[status] += 1
    if (answer and status not in HTTP) or re.search(rb"HTTP/1\.[01] 500", answer):
        tally.fault(f"status {status}: {case}, {message[:200]!r}")
    if status in REFUSALS and len(answer) > 3 * LONGEST_REFUSAL and answer.count(b"HTTP/") == 1:
        tally.fault(f"a refusal of {len(answer):,} bytes: {case}")


def _body(tally: Tally, answer: bytes, case: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().splitlines()
    types = [line.split(": ")[1] for line in lines if line.startswith("content-type: ")]
    if not lines or len(types) != 1:
        tally.cases += 1
        tally.fault(f"no answer: {case}")
    else:
        tally.answered(int(lines[0].split()[1]), types[0], body, case)


if __name__ == "__main__":
    command(attack, 3_000)
