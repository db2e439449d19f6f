"""How often answers of each confidence were right, for the page."""

from typing import Any, TypeAlias

from model.card import Card
from model.evaluation import BINS

Bin: TypeAlias = tuple[float, float, int, int]


def reliability_of(card: Card) -> dict[str, list[Bin]]:
    """How often answers of each confidence were right; empty lists where it was not measured.

    Of each bin that holds answers: its lowest and highest confidence, how many there are, and how
    many of them are right; of "drawings" by other people, and of "digits" of the test images.
    """
    sources: dict[str, Any] = {"drawings": card.ink_metrics, "digits": card.metrics}
    return {
        name: [_bin(**one) for one in (metrics or {}).get("reliability", [])]
        for name, metrics in sources.items()
    }


def _bin(images: int, accuracy: float, confidence: float) -> Bin:
    place = min(int(confidence * BINS), BINS - 1)
    low, high = round(place / BINS, 4), round((place + 1) / BINS, 4)
    return low, high, images, round(accuracy * images)
