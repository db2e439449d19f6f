"""How each network is trained unless somebody says otherwise."""

import math
from dataclasses import dataclass

OPTIMIZERS = ("sgd", "momentum", "adam", "sdlm")  # see model/training/optimizers.py
SCHEDULES = ("warm-cosine", "constant", "lecun-1998")  # see model/training/schedules.py
LEAST = {"epochs": 1, "batch_size": 1, "seed": 0, "weight_decay": 0}
LEAST |= {"ink_times": 1, "letter_times": 1, "oddities": 0}


class RecipeError(ValueError):
    """A recipe that cannot be followed: what was found and wanted."""


@dataclass(frozen=True)
class Recipe:
    """Everything besides the data that decides what weights come out.

    optimizer: a name in model/training/optimizers.py
    schedule:  a name in model/training/schedules.py
    rate:      the learning rate at its highest
    augment:   whether each image is distorted anew in every epoch
    ink_times, letter_times: how often each digit and each letter kept as strokes counts in an
               epoch, where there are any
    oddities:  drawings of no digits that are made for each epoch besides the letters
    RecipeError for a number that makes no sense.
    """

    epochs: int
    batch_size: int
    optimizer: str
    schedule: str
    rate: float
    weight_decay: float = 0.0
    augment: bool = True
    seed: int = 1998
    ink_times: int = 3
    letter_times: int = 2
    oddities: int = 8_000

    def __post_init__(self) -> None:
        for name, value, known in (
            ("optimizer", self.optimizer, OPTIMIZERS),
            ("schedule", self.schedule, SCHEDULES),
        ):
            if value not in known:
                raise RecipeError(f"found {name} {value!r:.40}, wanted one of {', '.join(known)}")
        for name, least in LEAST.items():
            value = getattr(self, name)
            if not least <= value < math.inf:
                raise RecipeError(f"found {name} {value}, wanted {least} or more")
        if not 0 < self.rate < math.inf:
            raise RecipeError(f"found rate {self.rate}, wanted more than 0")
        if self.optimizer == "sdlm" and self.weight_decay:
            raise RecipeError(
                f"found weight_decay {self.weight_decay} with sdlm, which knows none; wanted 0"
            )


RECIPES = {
    "lenet": Recipe(60, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-32": Recipe(40, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-sigmoid": Recipe(60, 64, "sgd", "warm-cosine", rate=0.5),
    "lenet-tanh": Recipe(30, 64, "momentum", "warm-cosine", rate=0.02),
    "lenet5-1998": Recipe(20, 1, "sdlm", "lecun-1998", rate=0.0005, augment=False),
}
