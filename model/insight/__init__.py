"""What a drawing does to a network, written out for people who want to look inside."""

from model.insight.geometry import field_of
from model.insight.units import LAYERS, Unit, outputs, scaling_of, shapes_of, shown_in, write_out

__all__ = [
    "LAYERS",
    "Unit",
    "field_of",
    "outputs",
    "scaling_of",
    "shapes_of",
    "shown_in",
    "write_out",
]
