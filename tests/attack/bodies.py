"""Changed JSON bodies and forms: answered or refused, never an error of ours.

    python -m tests.attack.bodies --cases 20000

The seeds are the questions and the bad requests of tests/app/. Each goes through the whole app, but
over no connection.
"""

import json
import random
from dataclasses import dataclass

from tests.app.test_causes import CAUSES, END, FORM, IMAGE, part
from tests.app.test_openapi import PREDICT, QUESTIONS
from tests.app.test_refusals import JSON, REQUESTS
from tests.attack.asked import Asked
from tests.attack.mutate import mutated
from tests.attack.tally import Tally, command

MOST_SEED_BYTES = 20_000
MOST_SECONDS = 1.0  # of CPU for a body; 0.3 on a machine that does nothing else
VALUES = [
    *[None, True, False, "", "lenet", "7", 0, -0.0, 1, -1, 0.5, 1e-320, 1e308, -1e9, 10**400],
    *[[], {}, [[]], [[[]]], [[[0, 0]]], [[1, 2]], {"width": 1, "height": 1e9, "brush": 1e-9}],
    *[float("nan"), float("inf"), "\ud800", "x" * 3_000, list(range(300))],
]
NUMBERS = [0, -0.0, 1e-320, 1e-9, 0.5, -3, 40, 100.25, 1e5, 1e9, -1e9, 1e9 + 1, 1e308]
KEYS = ["strokes", "model", "layers", "steps", "many", "normalise", "canvas", "size", "", "x"]
TYPES = [JSON, FORM, "image/png", "text/plain", "", "application/json; charset=utf-16"]
ADDRESSES = [PREDICT, f"{PREDICT}?model=lenet", f"{PREDICT}?model=%00", f"{PREDICT}?&&=%ff"]


@dataclass(frozen=True)
class Seeds:
    """Bodies to change: as bytes, each with its media type; and those that are JSON."""

    bodies: list[tuple[bytes, str]]
    documents: list[str]


def seeds() -> Seeds:
    """The questions and refusals of tests/app/, without the long ones."""
    documents = [json.dumps(asked["json"]) for asked in QUESTIONS.values() if "json" in asked]
    bad = [make() for make in (REQUESTS | CAUSES).values()]
    bodies = [(one.body, one.media_type) for one in bad if 0 < len(one.body) < MOST_SEED_BYTES]
    bodies += [(document.encode(), JSON) for document in documents] * 5
    bodies += [(IMAGE + part("model", b"lenet") + END, FORM), (IMAGE + END, FORM)] * 5
    return Seeds(bodies, documents)


def changed_value(value: object, rng: random.Random) -> object:
    """Parsed JSON with one value in it changed, added or left out."""
    if isinstance(value, float | int) and rng.random() < 0.8:
        return not value if isinstance(value, bool) else rng.choice(NUMBERS)
    if isinstance(value, dict) and rng.random() < 0.9:
        key = rng.choice([*value, rng.choice(KEYS)])
        if rng.random() < 0.1:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: changed_value(value.get(key), rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        if rng.random() < 0.1:
            return value[:place] + value[place : place + 1] * rng.choice([0, 2, 500])
        return [*value[:place], changed_value(value[place], rng), *value[place + 1 :]]
    return rng.choice(VALUES)


def made(seeds: Seeds, rng: random.Random) -> tuple[bytes, str]:
    """A changed body, and its media type."""
    if rng.random() < 0.5:
        value = json.loads(rng.choice(seeds.documents))
        for _ in range(rng.randint(1, 3)):
            value = changed_value(value, rng)
        return json.dumps(value).encode(), JSON
    body, media_type = rng.choice(seeds.bodies)
    return mutated([body], rng), rng.choice(TYPES) if rng.random() < 0.1 else media_type


def attack(cases: int, seed: int) -> Tally:
    """That many changed bodies."""
    asked, rng, sources = Asked(Tally(), MOST_SECONDS), random.Random(seed), seeds()
    for number in range(cases):
        body, media_type = made(sources, rng)
        address = rng.choice(ADDRESSES) if rng.random() < 0.1 else PREDICT
        asked.ask(address, body, media_type, f"body {number} of seed {seed}, {body[:80]!r}")
    return asked.end()


if __name__ == "__main__":
    command(attack, 20_000)
