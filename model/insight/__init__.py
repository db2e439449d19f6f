"""What a drawing does to a network: questions that are asked once the pen has rested."""

from model.insight.answers import Answer
from model.insight.robustness import SLANTS, TURNS, WIDTHS, Robustness, robustness
from model.insight.why import Erasure, Why, why

__all__ = [
    "SLANTS",
    "TURNS",
    "WIDTHS",
    "Answer",
    "Erasure",
    "Robustness",
    "Why",
    "robustness",
    "why",
]
