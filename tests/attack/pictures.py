"""Changed pictures of every format: read or refused, never an error of ours.

    python -m tests.attack.pictures --cases 20000

Each goes through the whole app, but over no connection. What a decoder prints is a fault too: the
log would hold it.
"""

import random

from app.uploads import PICTURES
from tests.attack.asked import Asked
from tests.attack.files import seeds
from tests.attack.mutate import mutated, with_right_sums
from tests.attack.tally import Tally, command

MOST_SECONDS = 3.0  # of CPU for a picture; 0.9 on a machine that does nothing else


def attack(cases: int, seed: int) -> Tally:
    """That many changed pictures."""
    asked, rng, files = Asked(Tally(), MOST_SECONDS), random.Random(seed), seeds()
    for number in range(cases):
        body = mutated(files, rng)
        if rng.random() < 0.7:
            body = with_right_sums(body)
        media_type = rng.choice(list(PICTURES))
        asked.ask("/api/predict", body, media_type, f"picture {number} of seed {seed}")
    return asked.end()


if __name__ == "__main__":
    command(attack, 20_000)
