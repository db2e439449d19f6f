"""How the learning rate changes: a share of the full rate for every moment of a run.

Each takes the epochs done so far, as a real number, and how many there will be.
"""

import math
from collections.abc import Callable

WARM = 0.03  # share of a run in which the rate rises

# Passes and their rate, as a share of the first: 0.0005 twice, 0.0002 and 0.0001 three times
# each, 0.00005 four times, then 0.00001 (LeCun et al. 1998, section III-A).
PASSES = ((2, 1.0), (5, 0.4), (8, 0.2), (12, 0.1), (math.inf, 0.02))


def warm_cosine(done: float, epochs: int) -> float:
    """A short rise, then half a cosine down to zero.

    Loshchilov and Hutter 2017 (arXiv 1608.03983), equation 5, without restarts.
    """
    progress = done / epochs
    if progress < WARM:
        return progress / WARM
    return 0.5 * (1 + math.cos(math.pi * (progress - WARM) / (1 - WARM)))


def constant(done: float, epochs: int) -> float:
    """The full rate throughout."""
    return 1.0


def lecun_1998(done: float, epochs: int) -> float:
    """The paper's steps, by the number of the pass."""
    return next(share for last, share in PASSES if done < last)


SCHEDULES: dict[str, Callable[[float, int], float]] = {
    "warm-cosine": warm_cosine,
    "constant": constant,
    "lecun-1998": lecun_1998,
}
