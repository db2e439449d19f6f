"""Pen strokes normalised and drawn as the pictures of the training set are.

The picture on a canvas depends on the brush, the screen and the place where the user began to
write. So the strokes are smoothed, scaled and centred, and drawn with the pen width and in the
frame of the data set. The app and train.py both use this code. Each stage can be shown
(model/ink/stages.py) and switched off (Normalise).
"""

from dataclasses import dataclass

import numpy as np

from model.frames import FRAMES, SIDE, Frame
from model.ink.pen import Pen, centre_of_mass
from model.ink.smooth import smooth
from model.ink.trace import (
    DOT_SIDE,
    Strokes,
    Trace,
    box,
    chosen,
    longest_side,
    moved,
    owners,
    placed,
    trace_of,
)
from model.types import Array

Width = float | Array
Stage = tuple[str, Trace, Width]
DEFAULT_BRUSH = 0.06  # fraction of the side of an unknown canvas
WIDEST_BRUSH = 0.25  # fraction of the longer side; a wider one would fill every digit
STRAY_SIZE = 0.05  # a stroke is stray if its size is at most this fraction of the largest one's
STRAY_GAP = 0.5  # and its distance to the others is more than this fraction of their size


@dataclass(frozen=True)
class Normalise:
    """The normalisations of a drawing. With all of them off it is the canvas shrunk to 28 × 28."""

    smooth: bool = True  # coarse ink becomes a curve
    size: bool = True  # the ink is scaled to the size of the data set's digits
    pen: bool = True  # drawn with the data set's stroke width instead of the user's
    centre: bool = True  # centred as in the data set


@dataclass(frozen=True)
class Canvas:
    """The canvas of the strokes, in their unit: its size and the width of its brush."""

    width: float
    height: float
    brush: float


@dataclass(frozen=True)
class Placement:
    """Where a drawing lies in its picture: a point (x, y) at (scale · x + right, scale · y + down).

    In pixels of the picture, from its top left corner. Smoothing moves the ink a little beside it.
    """

    scale: float
    right: float
    down: float

    def back(self, x: float, y: float) -> tuple[float, float]:
        """The point, in the unit of the strokes, that lies at x and y of the picture."""
        return (x - self.right) / self.scale, (y - self.down) / self.scale


FULL_NORMALISATION = Normalise()


def render(
    strokes: Strokes,
    frame: str = "mnist",
    pen: float | None = None,
    normalise: Normalise = FULL_NORMALISATION,
    canvas: Canvas | None = None,
) -> Array:
    """Draw strokes as the picture that a network of this frame reads.

    strokes:   a list of strokes; a stroke is a list of points (x, y, …) in any unit, y down
    frame:     "mnist" or "emnist", see model/frames.py
    pen:       stroke width in pixels of the picture, by default the frame's own
    normalise: which normalisations are on
    canvas:    needed only if one is off; by default a square that holds the ink
    Returns (28, 28) float32 in [0, 1], ink high; all zeros if there are no points.
    ValueError for points that are no finite pairs.
    """
    style, trace = FRAMES[frame], trace_of(strokes)
    if not len(trace.points):
        return np.zeros((SIDE, SIDE), np.float32)
    pen = style.pen if pen is None else pen
    brush = pen
    if not (normalise.size and normalise.pen and normalise.centre):
        trace, brush = on_canvas(trace, canvas)
    return render_trace(trace, brush, style, pen, normalise)[0]


def render_trace(
    trace: Trace, brush: Width, style: Frame, pen: Width, normalise: Normalise
) -> Array:
    """The pictures (n, 28, 28) of the drawings in a trace; see `line_stages`."""
    *_, redrawn = _stages_before_centring(trace, brush, style, pen, normalise)
    lines, shifts = _lines_and_shifts(redrawn, style, normalise)
    return lines.draw(shifts)


def _lines_and_shifts(
    redrawn: Stage, style: Frame, normalise: Normalise
) -> tuple[Pen, Array | None]:
    """The lines of a stage, and the shifts x + iy (n,) that bring their ink to the frame's middle.

    None where ink is not centred by its mass.
    """
    _, trace, brush = redrawn
    lines = Pen(trace, brush, SIDE, style.edge if normalise.pen else 1.0)
    if not normalise.centre or style.centre != "mass":
        return lines, None
    centres = centre_of_mass(lines.draw()).view(np.complex64)
    return lines, complex(style.middle, style.middle) - centres


def render_placed(strokes: Strokes, frame: str = "mnist") -> tuple[Array, Placement | None]:
    """The picture of `render`, and where in it the points of the strokes lie.

    None where there is no ink, or a dot only: its size is that of the pen, whatever its unit.
    """
    style, trace = FRAMES[frame], trace_of(strokes)
    if not len(trace.points):
        return np.zeros((SIDE, SIDE), np.float32), None
    stages = _stages_before_centring(trace, style.pen, style, style.pen, FULL_NORMALISATION)
    lines, shifts = _lines_and_shifts(stages[-1], style, FULL_NORMALISATION)
    placement = _placement(stages[0][1], moved(stages[-1][1], shifts))
    return lines.draw(shifts)[0], placement


def _placement(before: Trace, after: Trace) -> Placement | None:
    """The scale and the shift that lead from a trace to the other, which lies as it does."""
    (low, high), (new_low, new_high) = box(before), box(after)
    side = float(longest_side(low, high)[0])
    if side <= DOT_SIDE:
        return None
    scale = float(longest_side(new_low, new_high)[0]) / side
    shift = complex(new_low[0] - low[0] * scale)
    return Placement(scale, shift.real, shift.imag)


def line_stages(
    trace: Trace, brush: Width, style: Frame, pen: Width, normalise: Normalise
) -> list[Stage]:
    """The name, the line and its width after each stage, in order; `render` draws the last one.

    trace: in pixels of 28 × 28; in any unit if size, pen and centre are all on
    brush: width of the user's brush in the same unit
    pen:   width in pixels with which the result is drawn if `pen` is on
    A width is one number or (n,), one for each drawing of the trace. A normalisation that is off
    leaves line and width as they were.
    """
    stages = _stages_before_centring(trace, brush, style, pen, normalise)
    _, trace, brush = stages[-1]
    _, shifts = _lines_and_shifts(stages[-1], style, normalise)
    return [*stages, ("centred", moved(trace, shifts), brush)]


def _stages_before_centring(
    trace: Trace, brush: Width, style: Frame, pen: Width, normalise: Normalise
) -> list[Stage]:
    """All but the last of `line_stages`."""
    if normalise.size:
        trace = _without_strays(trace)
    if normalise.smooth:
        trace = smooth(trace)
    stages = [("smoothed", trace, brush)]
    if normalise.size or normalise.centre:
        # The frame's longest side includes the width of the pen, or of the brush if `pen` is off.
        longest, margin = (style.longest - pen, 0.0) if normalise.pen else (style.longest, brush)
        size = longest if normalise.size else None
        trace, scale = placed(trace, size, margin, normalise.centre)
        brush = brush * scale
    stages.append(("cropped", trace, brush))
    if normalise.pen:
        brush = pen
    return [*stages, ("redrawn", trace, brush)]


def smoothed(strokes: Strokes) -> list[Array]:
    """Smoothed strokes (n, 2), for `render` with `smooth` off."""
    points, begins, _ = smooth(trace_of(strokes))
    lines = np.stack([points.real, points.imag], axis=1)
    return np.split(lines, np.flatnonzero(begins)[1:])


def on_canvas(trace: Trace, canvas: Canvas | None = None) -> tuple[Trace, float]:
    """Trace and brush in pixels of the canvas shrunk to 28 × 28; the aspect ratio is kept.

    Without a canvas it is the smallest square that holds the origin and the ink. The brush is at
    most WIDEST_BRUSH of the longer side.
    """
    points, begins, _ = trace
    corner = 0j
    if canvas is None:
        low, high = (complex(corners[0]) for corners in box(trace))
        corner = complex(min(low.real, 0), min(low.imag, 0))
        side = max((high - corner).real, (high - corner).imag, DOT_SIDE) / (1 - DEFAULT_BRUSH / 2)
        canvas = Canvas(side, side, DEFAULT_BRUSH * side)
    scale = SIDE / max(canvas.width, canvas.height)
    middle = corner + complex(canvas.width, canvas.height) / 2
    points = (points - middle) * scale
    brush = min(canvas.brush * scale, WIDEST_BRUSH * SIDE)
    return Trace(points + complex(SIDE / 2, SIDE / 2), begins), brush


def kept_strokes(trace: Trace) -> Array:
    """Which strokes (k,) of a trace are drawn; small ones far from a drawing's others are not.

    Such a stray stroke is, for example, the touch of a palm.
    """
    first = trace.begins.nonzero()[0]
    if len(first) <= len(trace.firsts):  # one stroke a drawing, or none
        return np.ones(len(first), bool)
    low, high = box(trace._replace(firsts=first))
    size = longest_side(low, high)
    drawings = np.searchsorted(first, trace.firsts)
    own = owners(drawings, len(first))
    main = size > STRAY_SIZE * np.maximum.reduceat(size, drawings)[own]
    if main.all():
        return main
    low, high = (corners.view(np.float64).reshape(-1, 2) for corners in (low, high))
    left = np.minimum.reduceat(np.where(main[:, None], low, np.inf), drawings, axis=0)
    right = np.maximum.reduceat(np.where(main[:, None], high, -np.inf), drawings, axis=0)
    gaps = np.maximum(np.maximum(left[own] - high, low - right[own]), 0)
    near = np.hypot(*gaps.T) <= STRAY_GAP * (right - left).max(axis=1)[own]
    dots = ~np.logical_or.reduceat(main, drawings)[own]  # where a drawing has dots alone
    return main | near | dots


def _without_strays(trace: Trace) -> Trace:
    """The trace without its stray strokes."""
    if np.count_nonzero(trace.begins) == len(trace.firsts):  # faster than to look at each
        return trace
    kept = kept_strokes(trace)
    return trace if kept.all() else chosen(trace, kept[trace.begins.cumsum() - 1])
