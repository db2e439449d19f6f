"""What a drawing does to a network, for people who want to look inside."""

from model.insight.answers import Answer
from model.insight.geometry import field_of
from model.insight.replay import MOST_MOMENTS, Moment, replay
from model.insight.robustness import SLANTS, TURNS, WIDTHS, Robustness, robustness
from model.insight.training import Stage, read_stages, stages_of
from model.insight.units import LAYERS, Unit, outputs, scaling_of, shapes_of, shown_in, write_out
from model.insight.why import Erasure, Why, why

__all__ = [
    "LAYERS",
    "MOST_MOMENTS",
    "SLANTS",
    "TURNS",
    "WIDTHS",
    "Answer",
    "Erasure",
    "Moment",
    "Robustness",
    "Stage",
    "Unit",
    "Why",
    "field_of",
    "outputs",
    "read_stages",
    "replay",
    "robustness",
    "scaling_of",
    "shapes_of",
    "shown_in",
    "stages_of",
    "why",
    "write_out",
]
