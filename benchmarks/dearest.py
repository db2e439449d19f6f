"""The dearest legal request of each kind, found by a search: its CPU time and its memory.

    python -m benchmarks.dearest              # two minutes, more on a busy machine
    python -m benchmarks.dearest --seconds 5  # for each kind; the search finds less

Hypothesis makes drawings of many shapes, sizes and numbers of points, and climbs towards those that
take more time and more memory. Pictures are not searched.
"""

import argparse
import json
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from app import create_app
from app.limits import LIMITS, SMALLEST_SIDE

SECONDS, EXAMPLES = 24.0, 200  # of the search for each kind, at most
SWITCHES = ("smooth", "size", "pen", "centre")
SHAPES = ("zigzag", "walk", "cloud", "same places", "line")
INSIGHTS = ("replay", "snapshots")  # at addresses of their own
KINDS = ("plain", "steps", "switches off", "many", "canvas", *INSIGHTS)
MOST_POINTS = int(LIMITS["MAX_POINTS"].most)
LARGEST = LIMITS["MAX_COORDINATE"].most


@dataclass(frozen=True)
class Cost:
    """What a request costs: seconds of CPU, bytes of memory at most, bytes of its body."""

    seconds: float
    memory: int
    body: bytes


def ink(
    shape: str, points: int, strokes: int, size: float, height: float, noise: float, seed: int
) -> list[Any]:
    """A drawing of that many points, at least one a stroke.

    size:   its width; height: its height in widths
    noise:  deviation of the points, in widths
    """
    rng = np.random.default_rng(seed)
    places = np.linspace(0, 1, points)
    x, y = {
        "zigzag": (places, np.arange(points) % 2),
        "walk": rng.normal(size=(2, points)).cumsum(axis=1) / np.sqrt(points),
        "cloud": rng.random((2, points)),
        "same places": rng.integers(0, 3, (2, points)) / 2,
        "line": (places, places),
    }[shape]
    line = np.stack([x, y * height], axis=1) + noise * rng.normal(size=(points, 2))
    line = np.clip(line * size, -LARGEST, LARGEST)
    return [part.tolist() for part in np.array_split(line, min(strokes, points))]


def whole(most: int) -> st.SearchStrategy[int]:
    """Whole numbers up to the most, of every order of magnitude."""
    return st.floats(0, float(np.log10(most))).map(lambda power: round(10**power))


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers from low to high, of every order of magnitude."""
    bounds = st.floats(float(np.log10(low)), float(np.log10(high)))
    return bounds.map(lambda power: float(np.clip(10**power, low, high)))


def inks(most_strokes: int, most_points: int = MOST_POINTS) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of `ink`."""
    return st.fixed_dictionaries(
        {
            "shape": st.sampled_from(SHAPES),
            "points": st.just(most_points) | whole(most_points),
            "strokes": whole(most_strokes),
            "size": powers(1e-9, LARGEST),
            "height": powers(0.01, 100),
            "noise": st.just(0.0) | powers(1e-6, 1),
            "seed": st.integers(0, 9),
        }
    )


def options(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """The options of a question of a kind."""
    fixed: dict[str, st.SearchStrategy[Any]] = {}
    if kind == "many":
        fixed["many"] = st.just(True)
    if kind in ("steps", "canvas"):
        fixed["steps"] = st.just(True)
    if kind in ("switches off", "canvas"):
        fixed["normalise"] = st.fixed_dictionaries(dict.fromkeys(SWITCHES, st.booleans()))
    if kind == "canvas":
        side = powers(SMALLEST_SIDE, LARGEST)
        fixed["canvas"] = st.fixed_dictionaries(dict.fromkeys(("width", "height", "brush"), side))
    return st.fixed_dictionaries(fixed)


def address_of(kind: str) -> str:
    """Where questions of a kind are asked."""
    return f"/api/{kind if kind in INSIGHTS else 'predict'}"


def seconds_of(client: FlaskClient, address: str, body: bytes) -> float:
    """CPU seconds of an answer."""
    started = process_time()
    answer = client.post(address, data=body, content_type="application/json")
    elapsed = process_time() - started
    assert answer.status_code == 200, answer.text
    return elapsed


def memory_of(client: FlaskClient, address: str, body: bytes) -> int:
    """The most bytes that an answer takes, besides what is there already."""
    tracemalloc.start()
    try:
        seconds_of(client, address, body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def dearest(kind: str, seconds: float, examples: int = EXAMPLES) -> tuple[Cost, Cost]:
    """Of the requests that a search tries: the slowest, and the largest."""
    client, address = create_app().test_client(), address_of(kind)
    tried: list[Cost] = []
    end = perf_counter() + seconds
    limit = "MAX_STROKES_OF_A_NUMBER" if kind == "many" else "MAX_STROKES"

    @settings(
        max_examples=examples,
        phases=[Phase.generate, Phase.target],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(inks(int(LIMITS[limit].most)), options(kind))
    def search(drawing: dict[str, Any], chosen: dict[str, Any]) -> None:
        if tried and perf_counter() > end:
            return
        body = json.dumps({"strokes": ink(**drawing), **chosen}).encode()
        tried.append(
            Cost(seconds_of(client, address, body), memory_of(client, address, body), body)
        )
        target(tried[-1].seconds, label="CPU seconds")
        target(tried[-1].memory / 1e6, label="megabytes")

    search()
    slow = max(tried, key=lambda cost: cost.seconds)
    again = median(seconds_of(client, address, slow.body) for _ in range(3))
    return Cost(again, slow.memory, slow.body), max(tried, key=lambda cost: cost.memory)


def table(found: dict[str, tuple[Cost, Cost]]) -> str:
    """The dearest requests of each kind, in Markdown."""
    rows = ["| kind | CPU | of a body of | memory | of a body of |", "|---|---:|---:|---:|---:|"]
    rows += [
        f"| {kind} | {slow.seconds:.2f} s | {len(slow.body) / 1e3:,.0f} kB "
        f"| {large.memory / 1e6:.0f} MB | {len(large.body) / 1e3:,.0f} kB |"
        for kind, (slow, large) in found.items()
    ]
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Search the dearest legal requests.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of the search for a kind")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, metavar="KIND")
    args = parser.parse_args(arguments)
    print(table({kind: dearest(kind, args.seconds) for kind in args.only}))


if __name__ == "__main__":
    main()
