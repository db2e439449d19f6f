"""How each network is trained unless somebody says otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Everything besides the data that decides what weights come out.

    optimizer: a name in model/optimizers.py; schedule: a name in model/schedules.py
    rate:      the learning rate at its highest
    augment:   whether each image is distorted anew in every epoch
    """

    epochs: int
    batch_size: int
    optimizer: str
    schedule: str
    rate: float
    weight_decay: float = 0.0
    augment: bool = True
    seed: int = 1998


RECIPES = {
    "lenet": Recipe(60, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-32": Recipe(40, 64, "adam", "warm-cosine", rate=0.002, weight_decay=0.01),
    "lenet-sigmoid": Recipe(60, 64, "sgd", "warm-cosine", rate=0.5),
    "lenet-tanh": Recipe(30, 64, "momentum", "warm-cosine", rate=0.02),
    "lenet5-1998": Recipe(20, 1, "sdlm", "lecun-1998", rate=0.0005, augment=False),
}
