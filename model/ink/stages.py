"""Pictures of each stage of `render`, from the canvas to the network's input."""

import numpy as np

from model.frames import FRAMES, SIDE
from model.ink.pen import draw
from model.ink.redraw import (
    FULL_NORMALISATION,
    Canvas,
    Normalise,
    Width,
    line_stages,
    on_canvas,
    render,
)
from model.ink.trace import Strokes, Trace, trace_of
from model.types import Array

STAGES = ("drawn", "smoothed", "cropped", "redrawn", "centred", "picture")  # in order
SCALE = 4  # pixels of these pictures for each pixel of 28 × 28
MAX_LINES = 1_000  # drawn enlarged; more would take long, and a digit has about 100


def stages(
    strokes: Strokes,
    frame: str = "mnist",
    normalise: Normalise = FULL_NORMALISATION,
    canvas: Canvas | None = None,
    picture: Array | None = None,
) -> dict[str, Array]:
    """Pictures of the drawing after each stage of `render`, in order.

    "drawn"     on the canvas, with the user's brush
    "smoothed"  with smooth lines
    "cropped"   scaled to the size of the data set's digits, and the brush with it
    "redrawn"   with the data set's pen
    "centred"   at the data set's place
    "picture"   (28, 28), the result of `render`

    Arguments and errors are those of `render`; `picture` is its result if it is there already. A
    normalisation that is off leaves the picture as it was. All are float32 in [0, 1], ink high; all
    but the last are (112, 112).
    """
    style, trace = FRAMES[frame], trace_of(strokes)
    if picture is None:
        picture = render(strokes, frame, None, normalise, canvas)
    if not len(trace.points):
        blank = np.zeros((SCALE * SIDE, SCALE * SIDE), np.float32)
        return {**dict.fromkeys(STAGES, blank), "picture": picture}
    width: Width
    brush: Width
    trace, brush = on_canvas(trace, canvas)
    shown = {"drawn": _enlarged(trace, brush)}
    previous = "drawn"
    for name, line, width in line_stages(trace, brush, style, style.pen, normalise):
        same = line is trace and width == brush
        shown[name] = shown[previous] if same else _enlarged(line, width)
        previous, trace, brush = name, line, width
    return {**shown, "picture": picture}


def _enlarged(trace: Trace, pen: Width) -> Array:
    """Drawn with SCALE times as many pixels a side; a scribble with larger pixels instead."""
    enlarged = _thinned(trace._replace(points=SCALE * trace.points))
    if len(enlarged.points) > MAX_LINES:
        small = draw(enlarged._replace(points=enlarged.points / SCALE), pen, SIDE)
        return small.repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    return draw(enlarged, SCALE * pen, SCALE * SIDE)


def _thinned(trace: Trace) -> Trace:
    """The trace, in pixels, with about one point where several lie within a pixel."""
    points, begins, _ = trace
    pixel = np.floor(np.abs(np.diff(points, prepend=points[0])).cumsum())
    kept = begins.copy()
    kept[1:] |= pixel[1:] > pixel[:-1]
    kept[:-1] |= begins[1:]  # the last points of strokes
    kept[-1] = True
    return Trace(points[kept], begins[kept])
