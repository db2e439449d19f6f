"""The way of a drawing from the canvas to what the network reads, to be looked at."""

import numpy as np

from model.frames import SIDE, frame_named
from model.ink.pen import Trace, draw
from model.ink.redraw import (
    EVERYTHING,
    Canvas,
    Normalise,
    Strokes,
    on_canvas,
    render,
    steps,
    trace_of,
)
from model.types import Array

SCALE = 4  # pixels of these pictures to one of the 28 × 28
LONG = 4_000  # pixels of line, of which a digit has about 60; more would take seconds to draw


def stages(
    strokes: Strokes,
    frame: str = "mnist",
    normalise: Normalise = EVERYTHING,
    canvas: Canvas | None = None,
) -> dict[str, Array]:
    """What the drawing looks like after each step of `render`, in order.

    "drawn"     on the canvas, with the user's brush
    "smoothed"  the same as a smooth line
    "cropped"   scaled to the size of the data set's digits, the brush with it
    "redrawn"   with the data set's pen
    "centred"   where the data set has it
    "picture"   (28, 28), what the network reads: just what `render` gives

    Arguments and errors are those of `render`. A step that is switched off leaves the picture
    as it was. All are float32 in [0, 1], ink high; all but the last are (112, 112).
    """
    style, trace = frame_named(frame), trace_of(strokes)
    picture = render(strokes, frame, None, normalise, canvas)
    names = ("drawn", "smoothed", "cropped", "redrawn", "centred")
    if not len(trace.points):
        blank = np.zeros((SCALE * SIDE, SCALE * SIDE), np.float32)
        return {**dict.fromkeys(names, blank), "picture": picture}
    trace, brush = on_canvas(trace, canvas)
    shown = {"drawn": _enlarged(trace, brush)}
    for name, line, width in steps(trace, brush, style, style.pen, normalise):
        shown[name] = _enlarged(line, width)
    return {**shown, "picture": picture}


def _enlarged(trace: Trace, pen: float) -> Array:
    """Drawn with SCALE times as many pixels a side; a scribble, only with larger pixels."""
    if np.abs(np.diff(trace.points)).sum() > LONG:
        return draw(trace, pen, SIDE).repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    return draw(Trace(SCALE * trace.points, trace.begins), SCALE * pen, SCALE * SIDE, piece=SCALE)
