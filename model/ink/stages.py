"""Pictures of each stage of `render`, from the canvas to the network's input."""

import numpy as np

from model.frames import FRAMES, SIDE
from model.ink.pen import Trace, draw
from model.ink.redraw import (
    FULL_NORMALISATION,
    Canvas,
    Normalise,
    Strokes,
    line_stages,
    on_canvas,
    render,
    trace_of,
)
from model.types import Array

STAGES = ("drawn", "smoothed", "cropped", "redrawn", "centred", "picture")  # in order
SCALE = 4  # pixels of these pictures for each pixel of 28 × 28
LONGEST_LINE_PX = 4_000  # a longer line would take seconds to draw enlarged; a digit has about 60


def stages(
    strokes: Strokes,
    frame: str = "mnist",
    normalise: Normalise = FULL_NORMALISATION,
    canvas: Canvas | None = None,
) -> dict[str, Array]:
    """Pictures of the drawing after each stage of `render`, in order.

    "drawn"     on the canvas, with the user's brush
    "smoothed"  with smooth lines
    "cropped"   scaled to the size of the data set's digits, and the brush with it
    "redrawn"   with the data set's pen
    "centred"   at the data set's place
    "picture"   (28, 28), the result of `render`

    Arguments and errors are those of `render`. A normalisation that is off leaves the picture as
    it was. All are float32 in [0, 1], ink high; all but the last are (112, 112).
    """
    style, trace = FRAMES[frame], trace_of(strokes)
    picture = render(strokes, frame, None, normalise, canvas)
    if not len(trace.points):
        blank = np.zeros((SCALE * SIDE, SCALE * SIDE), np.float32)
        return {**dict.fromkeys(STAGES, blank), "picture": picture}
    trace, brush = on_canvas(trace, canvas)
    shown = {"drawn": _enlarged(trace, brush)}
    for name, line, width in line_stages(trace, brush, style, style.pen, normalise):
        shown[name] = _enlarged(line, width)
    return {**shown, "picture": picture}


def _enlarged(trace: Trace, pen: float) -> Array:
    """Drawn with SCALE times as many pixels a side; a very long line with larger pixels instead."""
    if np.abs(np.diff(trace.points)).sum() > LONGEST_LINE_PX:
        return draw(trace, pen, SIDE).repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    return draw(Trace(SCALE * trace.points, trace.begins), SCALE * pen, SCALE * SIDE, piece=SCALE)
