"""Pen strokes to the 28 × 28 picture that a network reads."""

from model.ink.redraw import EVERYTHING, Canvas, Normalise, render
from model.ink.stages import stages

__all__ = ["EVERYTHING", "Canvas", "Normalise", "render", "stages"]
