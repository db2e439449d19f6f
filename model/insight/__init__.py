"""What a drawing does to a network, for people who want to look inside."""

from model.insight.answers import Answer
from model.insight.geometry import field_of
from model.insight.robustness import SLANTS, TURNS, WIDTHS, Robustness, robustness
from model.insight.units import LAYERS, Unit, outputs, scaling_of, shapes_of, shown_in, write_out
from model.insight.why import Erasure, Why, why

__all__ = [
    "LAYERS",
    "SLANTS",
    "TURNS",
    "WIDTHS",
    "Answer",
    "Erasure",
    "Robustness",
    "Unit",
    "Why",
    "field_of",
    "outputs",
    "robustness",
    "scaling_of",
    "shapes_of",
    "shown_in",
    "why",
    "write_out",
]
