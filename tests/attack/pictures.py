"""Changed pictures of every format: read or refused, never an error of ours.

    python -m tests.attack.pictures --cases 20000

Each goes through the whole app, but over no connection. What a decoder prints is a fault too: the
log would hold it.
"""

import random
from time import process_time

from app import create_app
from app.uploads import PICTURES
from tests.attack.files import seeds
from tests.attack.mutate import mutated, with_right_sums
from tests.attack.tally import Tally, command

MOST_SECONDS = 3.0  # of CPU for a picture; 0.9 on a machine that does nothing else


def attack(cases: int, seed: int) -> Tally:
    """That many changed pictures."""
    tally, rng, files = Tally(), random.Random(seed), seeds()
    client = create_app().test_client()
    slowest = 0.0
    for number in range(cases):
        body = mutated(files, rng)
        if rng.random() < 0.7:
            body = with_right_sums(body)
        media_type = rng.choice(list(PICTURES))
        started = process_time()
        answer = client.post("/api/predict", data=body, content_type=media_type)
        seconds = process_time() - started
        slowest = max(slowest, seconds)
        case = f"picture {number} of seed {seed}"
        tally.answered(answer.status_code, answer.content_type, answer.data, case)
        if seconds > MOST_SECONDS:
            tally.fault(f"{seconds:.1f} s of CPU: {case}")
    tally.figures.append(f"slowest {slowest:.2f} s of CPU")
    return tally


if __name__ == "__main__":
    command(attack, 20_000)
