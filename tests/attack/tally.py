"""What an attack counts, what an answer must look like, and the command line of an attack."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from benchmarks.common import resident

REFUSALS = {400, 404, 405, 408, 413, 415, 422, 503}
PROBLEM = {"type", "title", "status", "detail"}
LONGEST_REFUSAL = 2_000  # bytes; a refusal repeats only a little of what was sent
KEPT_FAULTS = 20  # are shown; all are counted


@dataclass
class Tally:
    """What an attack did.

    cases:    requests, connections or starts
    faults:   the first faults, in words
    failed:   how many faults there were
    statuses: of the answers
    figures:  what was measured, in words
    """

    cases: int = 0
    faults: list[str] = field(default_factory=list)
    failed: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    figures: list[str] = field(default_factory=list)

    def fault(self, words: str) -> None:
        """Count a fault."""
        self.failed += 1
        if len(self.faults) < KEPT_FAULTS:
            self.faults.append(words)

    def answered(self, status: int, media_type: str, body: bytes, case: str) -> None:
        """Count an answer of /api/predict and its faults; `case` names the request in a fault."""
        self.cases += 1
        self.statuses[status] += 1
        for words in faults_in(status, media_type, body):
            self.fault(f"{words}: {case}")


def faults_in(status: int, media_type: str, body: bytes) -> Iterator[str]:
    """What is wrong with an answer of /api/predict, in words."""
    try:
        answer = json.loads(body, parse_constant=_refuse)
    except ValueError as error:
        yield f"status {status}, and no JSON ({error})"
        return
    if status == 200:
        yield from _faults_in_reading(media_type, answer)
    elif status not in REFUSALS:
        yield f"status {status}"
    elif media_type != "application/problem+json" or answer.keys() != PROBLEM:
        yield f"a refusal of the wrong form, {media_type}"
    elif answer["status"] != status or not answer["detail"]:
        yield "a refusal with a wrong status, or without a detail"
    elif len(body) > LONGEST_REFUSAL:
        yield f"a refusal of {len(body):,} bytes"


def _faults_in_reading(media_type: str, answer: Any) -> Iterator[str]:
    if media_type != "application/json":
        yield f"an answer of the type {media_type}"
    shares = answer["probabilities"]
    if not (len(shares) == 10 and 0 <= min(shares) <= max(shares) <= 1):
        yield f"the probabilities {shares}"
    if abs(sum(shares) - 1) > 1e-4:
        yield f"probabilities with the sum {sum(shares)}"
    if answer["confidence"] != max(shares) and len(answer.get("digits", ())) < 2:
        yield f"the confidence {answer['confidence']}, and the probabilities {shares}"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def command(attack: Callable[[int, int], Tally], cases: int) -> None:
    """The command line of an attack; prints its tally as JSON for tests/attack/run.py.

    attack: called with the number of cases and a seed
    cases:  where the command line names no number
    """
    parser = argparse.ArgumentParser(description="One of the attacks of tests/attack/run.py.")
    parser.add_argument("--cases", type=int, default=cases)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    tally = attack(args.cases, args.seed)
    tally.figures.append(f"at most {resident(peak=True):.0f} MB")
    print(json.dumps(vars(tally)))
