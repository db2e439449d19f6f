"""Pen strokes to the 28 × 28 picture that a network reads."""

from model.ink.pieces import MOST_PIECES, Piece, pieces_of, without
from model.ink.redraw import (
    FULL_NORMALISATION,
    Canvas,
    Normalise,
    Placement,
    render,
    render_placed,
    smoothed,
)
from model.ink.stages import STAGES, stages

__all__ = [
    "FULL_NORMALISATION",
    "MOST_PIECES",
    "STAGES",
    "Canvas",
    "Normalise",
    "Piece",
    "Placement",
    "pieces_of",
    "render",
    "render_placed",
    "smoothed",
    "stages",
    "without",
]
