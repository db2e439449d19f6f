"""Servers under the real gunicorn for the benchmarks, and clients that ask them."""

import http.client
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.common import ROOT

START_SECONDS = 60  # the time limit of a start, and of an answer
OURS = "app.asgi:create_app()"
GTHREAD = ("app:create_app()", "--worker-class=gthread", "--threads=64")


@dataclass
class Served:
    """A running server."""

    port: int
    pid: int  # of gunicorn's master
    first_answer: float  # seconds from its start to its first answer

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(child) for child in children.split()]


@contextmanager
def serving(question: bytes, *command: str, workers: int = 1) -> Iterator[Served]:
    """Start the app with gunicorn.conf.py, wait for its first answer; stop it afterwards.

    command: arguments of gunicorn; without any, the app is started as in production
    """
    port = _free_port()
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
    }
    with tempfile.TemporaryFile() as log:
        started = perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *(command or [OURS])],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while ask(port, question) is None:
                if process.poll() is not None or perf_counter() - started > START_SECONDS:
                    log.seek(0)
                    raise RuntimeError(f"gunicorn did not start:\n{log.read().decode()}")
                time.sleep(0.005)
            yield Served(port, process.pid, perf_counter() - started)
        finally:
            process.terminate()
            process.wait()


def ask(port: int, question: bytes) -> bytes | None:
    """The answer to a drawing, or None while the port is closed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/predict", question, headers)
        response = connection.getresponse()
        answer = response.read()
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(f"the server answered {response.status}: {answer[:500]!r}")
    return answer


def loaded(
    port: int, bodies: bytes, clients: int, seconds: float, a_second: float = math.inf
) -> dict[str, float]:
    """The measurement of benchmarks/load.py, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", "--port", str(port)]
    command += ["--clients", str(clients), "--seconds", str(seconds)]
    command += ["--a-second", str(a_second)]
    done = subprocess.run(command, cwd=ROOT, input=bodies, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the clients stopped:\n{done.stderr.decode()}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def alternate(
    servers: list[Served], question: bytes, clients: int, rounds: int, seconds: float
) -> list[list[dict[str, float]]]:
    """`loaded` for each server in each round; every other round runs in the opposite order."""
    found: dict[int, list[dict[str, float]]] = {server.port: [] for server in servers}
    for server in servers:
        loaded(server.port, question, clients, seconds / 2)  # unmeasured
    order = list(servers)
    for _ in range(rounds):
        for server in order:
            found[server.port].append(loaded(server.port, question, clients, seconds))
        order.reverse()
    return [found[server.port] for server in servers]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
