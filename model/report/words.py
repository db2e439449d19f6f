"""Numbers, and what a network's card says about its training, in words for a page."""

from model.card import Card, InkMetrics, InkSource, Metrics
from model.data.datasets import DATASETS
from model.frames import FRAMES, SIDE
from model.recipes import Recipe
from model.variants import VARIANTS

OPTIMIZERS = {
    "sgd": "gradient descent",
    "momentum": "gradient descent with momentum",
    "adam": "Adam",
    "sdlm": "stochastic diagonal Levenberg–Marquardt",
}
SCHEDULES = {
    "warm-cosine": "rises to {rate:g}, then falls to zero along half a cosine",
    "constant": "stays at {rate:g}",
    "lecun-1998": "starts at {rate:g} and falls in the steps of 1998",
}
CENTRES = {"mass": "its centre of mass", "box": "the middle of its box"}
SPACE = "\u202f"  # narrow; keeps a number and its unit on one line
INTERVAL = f"95{SPACE}% interval"


def percent(fraction: float, places: int = 2) -> str:
    """0.9937 as 99.37 %; less than 1 is never 100 %."""
    most = 100 - 10**-places if fraction < 1 else 100
    return f"{min(100 * fraction, most):.{places}f}{SPACE}%"


def sureness(probability: float) -> str:
    """A probability with one decimal; above 0.999 and below 0.001 only the limit."""
    if probability > 0.999:
        return f">{SPACE}99.9{SPACE}%"
    return percent(probability, 1) if probability >= 0.001 else f"<{SPACE}0.1{SPACE}%"


def interval(low_high: list[float]) -> str:
    """Two fractions."""
    low, high = low_high
    return f"{percent(low)} to {percent(high)}"


def dataset_title(name: str) -> str:
    """The title of one of DATASETS, without its counts; another name is returned unchanged."""
    return DATASETS[name].title.partition(",")[0] if name in DATASETS else name


def learned_from(card: Card) -> str:
    """The data set, and the drawings beside it; empty where the card names neither."""
    digits = (card.ink["digits"] if card.ink else 0) + sum(r["digits"] for r in card.fine_tuning)
    drawings = f"{digits:,} drawings" if digits else None
    return ", ".join(filter(None, [card.dataset and dataset_title(card.dataset), drawings]))


def scores(metrics: Metrics) -> list[tuple[str, str]]:
    """How well test images were read: names and numbers, in order."""
    images = metrics["images"]
    right = sum(row[digit] for digit, row in enumerate(metrics["confusion"]))
    return [
        ("Accuracy", percent(metrics["accuracy"])),
        (INTERVAL, interval(metrics["interval"])),
        ("Mistakes", f"{images - right:,} of {images:,}"),
        ("Top-3 accuracy", percent(metrics["top3"])),
        ("Macro F1", f"{metrics['macro_f1']:.4f}"),
        ("Calibration error", percent(metrics["ece"])),
    ]


def facts(card: Card) -> list[tuple[str, str]]:
    """Names and sentences, in order; what the card does not say is left out."""
    data = [card.dataset and dataset_title(card.dataset), card.source]
    found = [
        ("Origin", VARIANTS[card.model].origin),
        ("Learned from", "; ".join(filter(None, data))),
        ("Also learned from", card.ink and _ink(card.ink)),
        ("Taught afterwards", _taught(card)),
        ("Size and place of a digit", _placement(card)),
        ("Pixels", _normalised(card)),
        ("Training", _epochs(card)),
        ("Recipe", card.recipe and recipe_in_words(card.recipe)),
        ("Seed of the random numbers", None if card.seed is None else str(card.seed)),
        ("Accuracy on its training images", _percent_or_none(card.training_accuracy)),
        ("Accuracy on validation images", _accuracy(card.validation)),
        ("Accuracy on drawings by other people", _accuracy(card.ink_metrics)),
        ("Temperature, by which its scores are divided", f"{card.temperature:.3f}"),
    ]
    return [(name, text) for name, text in found if text]


def gate_in_words(card: Card) -> str:
    """What the gate is for and, if its card says so, how well it tells digits from other things."""
    words = "Before a network reads, another one, the gate, asks: is this a digit at all?"
    ink = card.ink_metrics or {}
    others = ink.get("no_digits")
    if "accepted" not in ink or not others or others["rejected"] is None:
        return words
    return (
        f"{words} Of drawings by people from whom it learned nothing, it turned away "
        f"{percent(others['rejected'], 1)} of {others['drawings']:,} letters that resemble no "
        f"digit, and let {percent(ink['accepted'], 1)} of {ink.get('images', 0):,} digits through."
    )


def recipe_in_words(recipe: Recipe) -> str:
    """A card's recipe, see model/recipes.py."""
    n, decay = recipe.batch_size, recipe.weight_decay
    schedule = SCHEDULES[recipe.schedule].format(rate=recipe.rate)
    distorted = "group of images distorted alike," if recipe.groups else "image distorted"
    parts = [
        f"{OPTIMIZERS[recipe.optimizer]}, a step for {f'{n} images' if n > 1 else 'each image'}",
        f"the learning rate {schedule}",
        f"weight decay {decay:g}" if decay else None,
        f"every {distorted} anew in every epoch" if recipe.augment else "no distortions",
    ]
    return "; ".join(part for part in parts if part)


def _ink(ink: InkSource) -> str:
    return f"{ink['digits']:,} drawings of digits, by {ink['writers']:,} people"


def _taught(card: Card) -> str | None:
    counts = [row["digits"] + row["no_digits"] for row in card.fine_tuning]
    return f"{sum(counts):,} drawings; not measured since" if counts else None


def _placement(card: Card) -> str:
    frame = FRAMES[card.frame]
    return (
        f"at most {frame.longest:g} of {SIDE} pixels high and wide, "
        f"{CENTRES[frame.centre]} in the middle"
    )


def _normalised(card: Card) -> str | None:
    if card.mean is None or card.deviation is None:
        return None
    return f"minus their mean {card.mean:g}, divided by their standard deviation {card.deviation:g}"


def _epochs(card: Card) -> str | None:
    if card.epochs is None:
        return None
    images = f" of {card.training_images:,} images" if card.training_images else ""
    return f"{card.epochs:,} epoch{'s' if card.epochs > 1 else ''}{images}"


def _accuracy(metrics: Metrics | InkMetrics | None) -> str | None:
    if not metrics or "accuracy" not in metrics:
        return None
    low_high = interval(metrics["interval"])
    return f"{percent(metrics['accuracy'])} of {metrics['images']:,}, {INTERVAL} {low_high}"


def _percent_or_none(fraction: float | None) -> str | None:
    return None if fraction is None else percent(fraction)
