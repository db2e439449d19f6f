"""The recipe of each network: the default hyperparameters of its training."""

import math
from dataclasses import dataclass

OPTIMIZERS = ("sgd", "momentum", "adam", "sdlm")  # see model/training/optimizers.py
SCHEDULES = ("warm-cosine", "constant", "lecun-1998")  # see model/training/schedules.py
MINIMUM = {"epochs": 1, "batch_size": 1, "seed": 0, "weight_decay": 0}
MINIMUM |= {"ink_repeats": 1, "letter_repeats": 1, "made_digits": 0, "made_outliers": 0}


class RecipeError(ValueError):
    """A recipe with an impossible value: what was found and wanted."""


@dataclass(frozen=True)
class Recipe:
    """All settings of a training run except the data.

    optimizer: a name in model/training/optimizers.py
    schedule:  a name in model/training/schedules.py
    rate:      the highest learning rate of the schedule
    augment:   whether each image is distorted anew in every epoch
    groups:    whether images are distorted in groups, each alike, which is much faster
    ink_repeats, letter_repeats: how often each digit and each letter kept as strokes counts in
               an epoch
    made_digits: digits in rare hands that are made for each epoch, see model/data/hands.py
    made_outliers: drawings of no digits that are made for each epoch besides the letters, which
               like them only the gate learns from
    RecipeError for a value outside its range.
    """

    epochs: int
    batch_size: int
    optimizer: str
    schedule: str
    rate: float
    weight_decay: float = 0.0
    augment: bool = True
    groups: bool = False
    seed: int = 1998
    ink_repeats: int = 3
    letter_repeats: int = 2
    made_digits: int = 3_000
    made_outliers: int = 14_000

    def __post_init__(self) -> None:
        for name, value, known in (
            ("optimizer", self.optimizer, OPTIMIZERS),
            ("schedule", self.schedule, SCHEDULES),
        ):
            if value not in known:
                raise RecipeError(f"found {name} {value!r:.40}, wanted one of {', '.join(known)}")
        for name, minimum in MINIMUM.items():
            value = getattr(self, name)
            if not minimum <= value < math.inf:
                raise RecipeError(f"found {name} {value}, wanted {minimum} or more")
        if not 0 < self.rate < math.inf:
            raise RecipeError(f"found rate {self.rate}, wanted more than 0")
        if self.optimizer == "sdlm" and self.weight_decay:
            raise RecipeError(
                f"found weight_decay {self.weight_decay} with sdlm, which has none; wanted 0"
            )


RECIPES = {
    "lenet": Recipe(50, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-32": Recipe(30, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-sigmoid": Recipe(25, 64, "sgd", "warm-cosine", rate=0.5),
    "lenet-tanh": Recipe(18, 64, "momentum", "warm-cosine", rate=0.02),
    "gate": Recipe(20, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01, letter_repeats=4),
    "lenet5-1998": Recipe(20, 1, "sdlm", "lecun-1998", rate=0.0005, augment=False),
}

# For --quick: seconds until a network reads 99 % of MNIST's test images. They are distorted in
# groups: one by one, that would cost more than learning. docs/experiments.md says what was tried.
QUICK = {
    "lenet": Recipe(*(6, 64, "adam", "warm-cosine"), rate=0.006, weight_decay=0.01, groups=True),
}

# For a trained network of any name that learns a few drawings, see model/training/fine_tuning.py.
FINE_TUNING = Recipe(
    *(4, 64, "adam", "warm-cosine"), rate=0.0005, made_digits=2_000, made_outliers=1_000
)
