"""Learning-rate schedules: the fraction of the recipe's rate at each moment of a run.

Each schedule takes the epochs done so far (a real number: 2.5 is in the middle of the third) and
the number of epochs of the run. It returns a number from 0 to 1.
"""

import math
from collections.abc import Callable

from model.recipes import Recipe

WARM_UP_FRACTION = 0.03  # of the run: the learning rate rises from zero

# (end, fraction): until so many epochs are done, this fraction of the first rate applies.
# The rates are 0.0005 for 2 passes, 0.0002 and 0.0001 for 3 passes each, 0.00005 for 4 passes,
# then 0.00001 (LeCun et al. 1998, section III-A).
FRACTIONS_OF_1998 = ((2, 1.0), (5, 0.4), (8, 0.2), (12, 0.1), (math.inf, 0.02))


def warm_cosine(epochs_done: float, epochs: int) -> float:
    """A linear rise from 0 to 1, then half a cosine down to 0.

    Loshchilov and Hutter 2017 (arXiv 1608.03983), equation 5, without restarts.
    """
    progress = epochs_done / epochs
    if progress < WARM_UP_FRACTION:
        return progress / WARM_UP_FRACTION
    decay_progress = (progress - WARM_UP_FRACTION) / (1 - WARM_UP_FRACTION)
    return 0.5 * (1 + math.cos(math.pi * decay_progress))


def constant(epochs_done: float, epochs: int) -> float:
    """The full rate throughout."""
    return 1.0


def lecun_1998(epochs_done: float, epochs: int) -> float:
    """The steps of the 1998 paper, by the number of passes done."""
    return next(fraction for end, fraction in FRACTIONS_OF_1998 if epochs_done < end)


SCHEDULES: dict[str, Callable[[float, int], float]] = {
    "warm-cosine": warm_cosine,
    "constant": constant,
    "lecun-1998": lecun_1998,
}


def learning_rate(recipe: Recipe, epochs_done: float) -> float:
    """The learning rate after so many epochs of a run with this recipe."""
    return recipe.rate * SCHEDULES[recipe.schedule](epochs_done, recipe.epochs)
