"""The line of a drawing, as it lies in the picture that `render` draws, cut into short pieces.

A pixel is as dark as its distance to the nearest piece makes it. So the picture of some pieces is
the maximum of their pictures, and a piece can be left out without moving the rest.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.frames import FRAMES, SIDE
from model.ink.pen import draw
from model.ink.redraw import FULL_NORMALISATION, kept_strokes, line_stages
from model.ink.trace import DOT_SIDE, Strokes, Trace, box, longest_side, points_of, trace_of
from model.types import Array

PIECE_PX = 4.0  # length of a piece, in pixels of the picture; the ink of a digit has about 60
MOST_PIECES = 40  # of one drawing: in longer ink they are longer
DETOUR_WEIGHT = 0.25  # see `_places`: a pixel along the stroke counts as this part of one across


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece of a stroke.

    stroke:     index of the stroke in the drawing
    start, end: places in it, counted in points: 12.4 is 0.4 of the way from point 12 to point 13
    line:       (n,) complex, its smoothed line in pixels of the picture
    picture:    (28, 28) float32 in [0, 1], of it alone
    """

    stroke: int
    start: float
    end: float
    line: Array
    picture: Array


def pieces_of(strokes: Strokes, frame: str = "mnist") -> list[Piece]:
    """The pieces of all strokes, in the order of drawing.

    strokes, frame, errors: as for `render`
    The maximum of their pictures is the picture of `render`. Strokes that it leaves out as stray
    have no pieces. The list is empty for no ink, and where there are more than MOST_PIECES strokes.
    """
    style, whole = FRAMES[frame], trace_of(strokes)
    kept = kept_strokes(whole)
    if not 0 < np.count_nonzero(kept) <= MOST_PIECES:
        return []
    stages = line_stages(whole, style.pen, style, style.pen, FULL_NORMALISATION)
    smoothed, trace = stages[0][1], stages[-1][1]
    indices = [i for i, stroke in enumerate(strokes) if len(stroke)]
    originals = _strokes_of(Trace(_moved_alike(whole.points, smoothed, trace), whole.begins))
    lines = _strokes_of(trace)
    length = _piece_length(lines)
    pieces = []
    for k, line in zip(np.flatnonzero(kept), lines, strict=True):
        cuts, parts = _parts(line, length)
        places = _places(originals[k], cuts, line)
        for i, part in enumerate(parts):
            begins = np.arange(len(part)) == 0
            picture = draw(Trace(part, begins), style.pen, SIDE, style.edge)
            pieces.append(Piece(indices[k], places[i], places[i + 1], part, picture))
    return pieces


def without(strokes: Strokes, left_out: list[Piece]) -> list[Array]:
    """The strokes (n, 2) of a drawing without some of its pieces; strokes with no ink are left out.

    left_out: from `pieces_of` for these strokes
    """
    rest = []
    for i, stroke in enumerate(strokes):
        points = points_of(stroke)
        gaps = sorted((piece.start, piece.end) for piece in left_out if piece.stroke == i)
        if not gaps:
            rest += [points] if len(points) else []
            continue
        starts = [0.0, *(end for _, end in gaps)]
        ends = [*(start for start, _ in gaps), float(len(points) - 1)]
        rest += [_between(points, a, b) for a, b in zip(starts, ends, strict=True) if a < b]
    return rest


def _between(points: Array, start: float, end: float) -> Array:
    """The part of a stroke (n, 2) between two places, counted in points."""
    inner = np.arange(np.floor(start) + 1, np.ceil(end))
    places = np.concatenate([[start], inner, [end]])
    known = np.arange(len(points))
    return np.stack([np.interp(places, known, points[:, k]) for k in (0, 1)], axis=1)


def _strokes_of(trace: Trace) -> list[Array]:
    """The points (n,) of each stroke."""
    return np.split(trace.points, np.flatnonzero(trace.begins)[1:])


def _moved_alike(points: Array, before: Trace, after: Trace) -> Array:
    """Points (n,) moved and scaled as one trace was to become the other."""
    (low, high), (new_low, new_high) = box(before), box(after)
    side, new_side = longest_side(low, high)[0], longest_side(new_low, new_high)[0]
    scale = new_side / side if side > DOT_SIDE else 1.0
    return (points - (low + high) / 2) * scale + (new_low + new_high) / 2


def _piece_length(lines: list[Array]) -> float:
    """The length in pixels with which all strokes (n,) have at most MOST_PIECES pieces."""
    total = sum(float(np.abs(np.diff(line)).sum()) for line in lines)
    spare = MOST_PIECES - len(lines)  # every stroke has one piece that may be short
    return max(PIECE_PX, total / spare) if spare else np.inf


def _parts(line: Array, length: float) -> tuple[Array, list[Array]]:
    """Places (k + 1,) in pixels along a line (n,), and the k equal parts between them."""
    along = _along(line)
    count = max(1, round(along[-1] / length))
    cuts = np.linspace(0, along[-1], count + 1)
    parts = []
    for start, end in pairwise(cuts):
        inner = along[(along > start) & (along < end)]
        parts.append(np.interp(np.concatenate([[start], inner, [end]]), along, line))
    return cuts, parts


def _along(line: Array) -> Array:
    """Distance (n,) of each point of a line (n,) from its first one, along it."""
    return np.concatenate([[0.0], np.abs(np.diff(line)).cumsum()])


def _places(original: Array, cuts: Array, line: Array) -> list[float]:
    """Where the original stroke (m,) is cut, counted in points, to match cuts of its smooth line.

    cuts: (k,) distances along the line (n,), from 0 to its end
    The nearest point is taken. Where a stroke crosses itself there are several; so a point counts
    as farther by DETOUR_WEIGHT times the length by which it lies elsewhere along the stroke.
    """
    if len(original) == 1:
        return [0.0] * len(cuts)
    along, smooth_along = _along(original), _along(line)
    chord = np.diff(original)
    squares = np.maximum(np.abs(chord) ** 2, DOT_SIDE)
    places = []
    for cut in cuts[1:-1]:
        point = np.interp(cut, smooth_along, line)
        t = ((point - original[:-1]) * chord.conj()).real / squares
        t = np.clip(t, 0, 1)
        gap = np.abs(original[:-1] + t * chord - point)
        expected = cut / max(cuts[-1], DOT_SIDE) * along[-1]
        gap += DETOUR_WEIGHT * np.abs(along[:-1] + t * np.abs(chord) - expected)
        best = int(gap.argmin())
        places.append(best + float(t[best]))
    return [0.0, *np.maximum.accumulate(places).tolist(), float(len(original) - 1)]
