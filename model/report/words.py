"""Shares, and what a network's card says about its training, in words for a page."""

from model.card import Card
from model.data.datasets import DATASETS
from model.frames import FRAMES, SIDE
from model.recipes import Recipe

OPTIMIZERS = {
    "sgd": "gradient descent",
    "momentum": "gradient descent with momentum",
    "adam": "Adam",
    "sdlm": "stochastic diagonal Levenberg–Marquardt",
}
SCHEDULES = {
    "warm-cosine": "rises to {rate:g}, then falls to zero along half a cosine",
    "constant": "stays at {rate:g}",
    "lecun-1998": "begins at {rate:g} and falls in the steps of 1998",
}
CENTRES = {"mass": "its centre of mass", "box": "the middle of its box"}
SPACE = "\u202f"  # narrow; keeps a number and its unit on one line


def percent(share: float, places: int = 2) -> str:
    """0.9937 as 99.37 %; what is not all is never 100 %."""
    most = 100 - 10**-places if share < 1 else 100
    return f"{min(100 * share, most):.{places}f}{SPACE}%"


def sureness(probability: float) -> str:
    """A probability with one decimal, and no certainty where there is none."""
    if probability > 0.999:
        return f">{SPACE}99.9{SPACE}%"
    return percent(probability, 1) if probability >= 0.001 else f"<{SPACE}0.1{SPACE}%"


def dataset_title(name: str) -> str:
    """Of one of DATASETS; another name stands for itself."""
    return DATASETS[name].title if name in DATASETS else name


def facts(card: Card) -> list[tuple[str, str]]:
    """Names and sentences, in order; what the card does not say is left out."""
    frame = FRAMES[card.frame]
    data = [card.dataset and dataset_title(card.dataset), card.source]
    place = (
        f"at most {frame.longest:g} of {SIDE} pixels high and wide, "
        f"{CENTRES[frame.centre]} in the middle"
    )
    images = card.training_images
    found = [
        ("Learnt from", "; ".join(filter(None, data))),
        ("Each digit", place),
        ("Epochs", images and f"{card.epochs} of {images:,} images"),
        ("Recipe", card.recipe and recipe_in_words(card.recipe)),
        ("Seed", None if card.seed is None else str(card.seed)),
        ("Read right in training", _accuracies(card)),
        ("Temperature of its scores", f"{card.temperature:.3f}"),
    ]
    return [(name, text) for name, text in found if text]


def recipe_in_words(recipe: Recipe) -> str:
    """A card's recipe, see model/recipes.py."""
    n, decay = recipe.batch_size, recipe.weight_decay
    schedule = SCHEDULES[recipe.schedule].format(rate=recipe.rate)
    parts = [
        f"{OPTIMIZERS[recipe.optimizer]}, a step for {f'{n} images' if n > 1 else 'each image'}",
        f"the rate {schedule}",
        f"weight decay {decay:g}" if decay else None,
        "every image distorted anew in every epoch" if recipe.augment else "no distortions",
    ]
    return "; ".join(part for part in parts if part)


def _accuracies(card: Card) -> str:
    parts = []
    if card.training_accuracy is not None:
        parts.append(f"{percent(card.training_accuracy)} of the images it learnt")
    if kept := card.validation:
        parts.append(f"{percent(kept['accuracy'])} of {kept['images']:,} kept for validation")
    return ", ".join(parts)
