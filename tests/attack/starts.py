"""Starts with every bad setting: one line and exit status 1, at once.

    python -m tests.attack.starts

The bad settings are those of tests/app/test_settings.py. Each is tried on app/settings.py, and
every tenth on gunicorn alone; but gunicorn reads WEB_CONCURRENCY itself, before any file of ours.
"""

import os
import random
import subprocess
import sys
from time import perf_counter

from app.settings import SETTINGS
from tests.app.test_settings import NONE
from tests.attack.tally import Tally, command
from tests.browser.server import ROOT

SECONDS = 120  # the limit of a start on a busy machine; normally half a second
GUNICORN = ["-m", "gunicorn", "app.asgi:create_app()"]


def attack(cases: int, seed: int) -> Tally:
    """At most that many starts."""
    tally = Tally()
    wrong = [(name, text) for name, texts in NONE.items() for text in texts]
    random.Random(seed).shuffle(wrong)
    slowest = 0.0
    for number, (name, text) in enumerate(wrong[:cases]):
        started = perf_counter()
        _start(tally, ["app/settings.py", sys.executable, *GUNICORN], name, text)
        slowest = max(slowest, perf_counter() - started)
        if number % 10 == 0 and name != "WEB_CONCURRENCY":
            _start(tally, GUNICORN, name, text)
    tally.figures.append(f"slowest {slowest:.2f} s")
    return tally


def _start(tally: Tally, arguments: list[str], name: str, text: str) -> None:
    others = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    tally.cases += 1
    try:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**others, name: text},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        tally.fault(f"{name}={text[:40]!r}: it had not ended after {SECONDS} s")
        return
    said = result.stdout + result.stderr
    if result.returncode != 1 or not said.startswith(f"Error: {name} is ") or said.count("\n") != 1:
        tally.fault(f"{name}={text[:40]!r}: status {result.returncode}, {said[:200]!r}")


if __name__ == "__main__":
    command(attack, 1_000)
