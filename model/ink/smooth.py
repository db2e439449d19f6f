"""Smoothing: coarse ink becomes the curve that the hand drew.

A tablet may report the place of the pen ten times a second, on a coarse grid, and a mouse a
thousand times. The picture must be the same. So the points are joined by a centripetal
Catmull-Rom curve (Catmull and Rom 1974), which has no loops and cusps within a segment (Yuksel,
Schaefer and Keyser 2011). The curve is resampled at equal distances, and a Gaussian filter along
it removes the steps of the grid and the tremor of the hand. Ends and corners of strokes keep
their places.

Points are in the unit of the strokes. Lengths are in pixels of a picture in which the longest side
of a drawing is INK_SIDE_PX.
"""

import numpy as np

from model.ink.trace import DOT_SIDE, Trace, box, chosen, longest_side
from model.types import Array

INK_SIDE_PX = 20.0  # as in MNIST
COINCIDENT_PX = 1e-3  # points nearer than this count as one
STRAIGHT_RADIANS = 1e-4  # a smaller angle between two chords counts as none
LONG_CHORD_PX = 1.0  # a drawing with a longer chord is coarse, and is made a curve
CORNER_COSINE = np.cos(np.radians(88))  # turns above 88° are corners, including right angles
RESAMPLE_STEP_PX = 0.75  # distance between two points of the smoothed line
CORNER_ARM_PX = 2.0  # a corner is measured between points this far before and after it
CORNER_ARMS = np.array([[-CORNER_ARM_PX], [CORNER_ARM_PX]])
ROUNDING = 1e-9  # of a cosine
SMALLEST = np.finfo(np.float64).tiny  # keeps a division by zero away
# An angle below 60°, measured so, is no corner, and one above 90° is a full corner.
NO_CORNER_COSINE, FULL_CORNER_COSINE = np.cos(np.radians([60, 90]))
LONGEST_PX = 2_000.0  # longer ink is a scribble, and stays as it is; a digit has about 60
FILTER_PASSES = 2  # of the filter (1, 2, 1) / 4; together nearly a Gaussian of one step


def smooth(trace: Trace) -> Trace:
    """The drawings of a trace smoothed and resampled, in their own units.

    The result hardly depends on the unit, the number of points or the direction of drawing. A
    scribble is not smoothed: in so much ink no curve is seen.
    """
    pixel = np.maximum(longest_side(*box(trace)), DOT_SIDE) / INK_SIDE_PX
    original, (trace, lengths) = trace, _without_redundant_points(trace, pixel)
    scribbles = np.add.reduceat(lengths, trace.firsts) > LONGEST_PX
    if np.count_nonzero(scribbles) == len(scribbles):
        return original
    if np.maximum.reduce(lengths) > LONG_CHORD_PX:
        coarse = (np.maximum.reduceat(lengths, trace.firsts) > LONG_CHORD_PX) & ~scribbles
        trace = catmull_rom(trace, lengths, None if coarse.all() else coarse[trace.owners])
        lengths = _lengths(trace, pixel)
    trace, sharpness = resample(trace, lengths, scribbles)
    line, weight = trace.points, (1 - sharpness[1:-1]) / 4
    for _ in range(FILTER_PASSES):
        steps = line[1:] - line[:-1]
        line[1:-1] += weight * (steps[1:] - steps[:-1])
    return trace


def catmull_rom(trace: Trace, lengths: Array, coarse: Array | None = None) -> Trace:
    """A centripetal Catmull-Rom curve through all points; corners stay sharp.

    lengths: (m,) distance of each point from the previous one
    coarse:  which points (m,) belong to drawings that are made curves; None: all
    The curve is sampled at distances of at most about RESAMPLE_STEP_PX.
    """
    points, begins, firsts = trace
    chord = points[1:] - points[:-1]
    length = lengths[1:]
    knot = np.sqrt(np.maximum(length, COINCIDENT_PX))  # centripetal: intervals are roots of lengths
    speed = chord / knot
    # The tangent at an inner point: the mean of both speeds, the shorter chord weighing more.
    inner = (knot[1:] * speed[:-1] + knot[:-1] * speed[1:]) / (knot[1:] + knot[:-1])
    sharp = _bends(chord)
    _set_at_ends(sharp, begins.nonzero()[0], True)
    # Hermite tangents of each chord, at its start and at its end.
    out, into = chord.copy(), chord.copy()
    np.multiply(inner, knot[1:], out=out[1:], where=~sharp[1:-1])
    np.multiply(inner, knot[:-1], out=into[:-1], where=~sharp[1:-1])
    # Beside a corner or an end the segment is a parabola, between two of them a straight line.
    out, into = (
        np.where(sharp[:-1], 2 * chord - into, out),
        np.where(sharp[1:], 2 * chord - out, into),
    )
    straight = begins[1:] if coarse is None else begins[1:] | ~coarse[1:]
    parts = np.where(straight, 1, np.ceil(length / RESAMPLE_STEP_PX)).astype(np.intp)
    first = np.append(0, parts.cumsum())
    which = np.repeat(np.arange(len(parts)), parts)
    t = (np.arange(len(which)) - first[which]) / parts[which]
    square, cube = 3 * chord - 2 * out - into, out + into - 2 * chord  # cubic Hermite
    curve = points[which] + t * (out[which] + t * (square[which] + t * cube[which]))
    begins_of_curve = np.zeros(len(curve) + 1, bool)
    begins_of_curve[first] = begins
    return Trace(np.append(curve, points[-1]), begins_of_curve, first[firsts])


def resample(trace: Trace, lengths: Array, scribbles: Array) -> tuple[Trace, Array]:
    """The trace resampled, and the sharpness (m,) of its points.

    lengths:   (m,) distance of each point from the previous one, 0 at the beginning of a stroke
    scribbles: which of the drawings (n,) keep their points
    Between two corners or ends of strokes the distances are equal, at most RESAMPLE_STEP_PX.
    Sharpness is 1 for full corners and ends, and 0 where there is no corner.
    """
    points, begins, firsts = trace
    strokes = begins.nonzero()[0]
    lengths[strokes] = 1  # strokes are set apart by a gap
    along = np.add.accumulate(lengths)  # faster than cumsum()
    sharpness = _corners(trace, along, strokes)
    _set_at_ends(sharpness, strokes, 1)
    if some := np.count_nonzero(scribbles):
        sharpness[scribbles[trace.owners]] = 1
    anchors = sharpness.nonzero()[0]
    start, fresh = along[anchors], begins[anchors]
    parts = np.ceil((start[1:] - start[:-1]) / RESAMPLE_STEP_PX)
    parts[fresh[1:]] = 1  # no points where the pen is up
    if some:
        parts[scribbles[trace.owners[anchors[1:]]]] = 1
    first = np.zeros(len(anchors), np.intp)
    first[1:] = np.add.accumulate(parts)
    places = np.interp(np.arange(first[-1] + 1), first, start)
    begins, sharp = np.zeros(len(places), bool), np.zeros(len(places))
    begins[first], sharp[first] = fresh, sharpness[anchors]
    if len(firsts) > 1:
        firsts = first[np.searchsorted(anchors, firsts)]
    return Trace(np.interp(places, along, points), begins, firsts), sharp


def _without_redundant_points(trace: Trace, pixel: Array) -> tuple[Trace, Array]:
    """The trace without points that repeat or lie straight between neighbours, and its lengths."""
    lengths = _lengths(trace, pixel)
    fresh = trace.begins | (lengths > COINCIDENT_PX)
    lean = trace if np.count_nonzero(fresh) == len(fresh) else chosen(trace, fresh)
    chord = lean.points[1:] - lean.points[:-1]
    turn = chord[1:] * chord[:-1].conj()  # its argument is the angle between two chords
    needed = np.empty(len(lean.points), bool)
    np.greater(np.abs(turn.imag), STRAIGHT_RADIANS * turn.real, out=needed[1:-1])
    _set_at_ends(needed, lean.begins.nonzero()[0], True)
    lean = lean if np.count_nonzero(needed) == len(needed) else chosen(lean, needed)
    return lean, lengths if lean is trace else _lengths(lean, pixel)


def _corners(trace: Trace, along: Array, strokes: Array) -> Array:
    """Sharpness (m,), 0 to 1, of each point where the line turns most, and 0 elsewhere.

    along:   (m,) distance of each point along the trace
    strokes: (k,) the index of the first point of each stroke
    The angle is measured between the points CORNER_ARM_PX before and after.
    """
    points = trace.points
    places = along + CORNER_ARMS
    if len(strokes) > 1:  # an arm ends where its stroke does
        ends = along[strokes - 1]  # of the stroke before; of the first: the last
        stroke = trace.begins.cumsum()  # counted from 1
        np.maximum(places[0], along[strokes][stroke - 1], out=places[0])
        np.minimum(places[1], ends[stroke % len(strokes)], out=places[1])
    behind, before = np.interp(places, along, points)
    turn = (before - points) * (points - behind).conj()
    cosine = turn.real / np.maximum(np.abs(turn), SMALLEST)
    sharp = (NO_CORNER_COSINE - cosine) / (NO_CORNER_COSINE - FULL_CORNER_COSINE)
    np.minimum(np.maximum(sharp, 0, out=sharp), 1, out=sharp)
    # Of two that turn alike both are corners, however their cosines are rounded.
    change = cosine[1:] - cosine[:-1]
    sharp[1:][change > ROUNDING] = 0
    sharp[:-1][change < -ROUNDING] = 0
    return sharp


def _bends(chord: Array) -> Array:
    """Whether the line has a corner at each point, (m + 1,) for m chords."""
    sharp = np.zeros(len(chord) + 1, bool)
    turn = chord[1:] * chord[:-1].conj()
    sharp[1:-1] = turn.real < CORNER_COSINE * np.abs(turn)
    return sharp


def _lengths(trace: Trace, pixel: Array) -> Array:
    """Distance (m,) of each point from the previous one, 0 at the beginning of a stroke.

    pixel: (n,) its size in the unit of each drawing
    """
    points = trace.points
    lengths = np.zeros(len(points))
    np.abs(points[1:] - points[:-1], out=lengths[1:])
    lengths[trace.begins] = 0
    lengths /= pixel if len(pixel) == 1 else pixel[trace.owners]
    return lengths


def _set_at_ends(values: Array, strokes: Array, value: float) -> None:
    """Set the values (m,) of the first and of the last points of strokes."""
    values[strokes] = values[strokes - 1] = value  # before the first stroke ends the last one
