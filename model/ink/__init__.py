"""Pen strokes to the 28 × 28 picture that a network reads."""

from model.ink.redraw import FULL_NORMALISATION, Canvas, Normalise, render, smoothed
from model.ink.stages import STAGES, stages

__all__ = ["FULL_NORMALISATION", "STAGES", "Canvas", "Normalise", "render", "smoothed", "stages"]
