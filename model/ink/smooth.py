"""Smoothing: coarse ink becomes the curve that the hand drew.

A tablet may report the place of the pen ten times a second, on a coarse grid, and a mouse a
thousand times. The picture must be the same. So the points are joined by a centripetal
Catmull-Rom curve (Catmull and Rom 1974), which has no loops and cusps within a segment (Yuksel,
Schaefer and Keyser 2011). The curve is resampled at equal distances, and a Gaussian filter along
it removes the steps of the grid and the tremor of the hand. Ends and corners of strokes keep
their places.

All lengths but those of `smooth` itself are in pixels of a picture in which the ink's longest side
is INK_SIDE_PX.
"""

import numpy as np

from model.ink.pen import DOT_SIDE, Trace
from model.types import Array

INK_SIDE_PX = 20.0  # as in MNIST
COINCIDENT_PX = 1e-3  # points nearer than this count as one
STRAIGHT_RADIANS = 1e-4  # a smaller angle between two chords counts as none
LONG_CHORD_PX = 1.0  # a trace with a longer chord is coarse, and is made a curve
CORNER_COSINE = np.cos(np.radians(88))  # turns above 88° are corners, including right angles
RESAMPLE_STEP_PX = 0.75  # distance between two points of the smoothed line
CORNER_ARM_PX = 2.0  # a corner is measured between points this far before and after it
# An angle below 60°, measured so, is no corner, and one above 90° is a full corner.
NO_CORNER_COSINE, FULL_CORNER_COSINE = np.cos(np.radians([60, 90]))
LONGEST_PX = 2_000.0  # longer ink is a scribble, and stays as it is; a digit has about 60
FILTER_PASSES = 2  # of the filter (1, 2, 1) / 4; together nearly a Gaussian of one step


def smooth(trace: Trace) -> Trace:
    """The trace smoothed and resampled, in its own unit.

    The result hardly depends on the unit, the number of points or the direction of drawing. A
    scribble is not smoothed: in so much ink no curve is seen.
    """
    points, begins = trace
    corner = complex(np.minimum.reduce(points.real), np.minimum.reduce(points.imag))
    from_corner = points - corner
    side = float(max(np.maximum.reduce(from_corner.real), np.maximum.reduce(from_corner.imag)))
    if side <= DOT_SIDE:
        return trace
    scaled = Trace(from_corner * (INK_SIDE_PX / side), begins)
    smoothed = smooth_px(scaled)
    if smoothed is scaled:
        return trace
    points, begins = smoothed
    return Trace(points * (side / INK_SIDE_PX) + corner, begins)


def smooth_px(trace: Trace) -> Trace:
    """The same for a trace whose ink's longest side is INK_SIDE_PX; a scribble itself."""
    original, trace = trace, _without_redundant_points(trace)
    if len(trace.points) - np.count_nonzero(trace.begins) < 2:  # no stroke has three points
        return trace
    lengths = _lengths(trace)
    if np.add.reduce(lengths) > LONGEST_PX:
        return original
    if np.maximum.reduce(lengths) > LONG_CHORD_PX:
        trace = catmull_rom(trace)
    trace, sharpness = resample(trace)
    line = trace.points
    weight = (1 - sharpness[1:-1]) / 4
    for _ in range(FILTER_PASSES):
        line[1:-1] += weight * (line[:-2] + line[2:] - 2 * line[1:-1])
    return trace


def catmull_rom(trace: Trace) -> Trace:
    """A centripetal Catmull-Rom curve through all points; corners stay sharp.

    The curve is sampled at distances of at most about RESAMPLE_STEP_PX.
    """
    points, begins = trace
    chord = points[1:] - points[:-1]
    length = np.abs(chord)
    knot = np.sqrt(np.maximum(length, COINCIDENT_PX))  # centripetal: intervals are roots of lengths
    speed = chord / knot
    # The tangent at an inner point: the mean of both speeds, the shorter chord weighing more.
    inner = (knot[1:] * speed[:-1] + knot[:-1] * speed[1:]) / (knot[1:] + knot[:-1])
    sharp = _ends(begins) | _bends(chord)
    # Hermite tangents of each chord, at its start and at its end.
    out, into = chord.copy(), chord.copy()
    np.multiply(inner, knot[1:], out=out[1:], where=~sharp[1:-1])
    np.multiply(inner, knot[:-1], out=into[:-1], where=~sharp[1:-1])
    # Beside a corner or an end the segment is a parabola, between two of them a straight line.
    out, into = (
        np.where(sharp[:-1], 2 * chord - into, out),
        np.where(sharp[1:], 2 * chord - out, into),
    )
    parts = np.where(begins[1:], 1, np.ceil(length / RESAMPLE_STEP_PX)).astype(np.intp)
    first = parts.cumsum() - parts
    which = np.repeat(np.arange(len(parts)), parts)
    t = (np.arange(len(which)) - first[which]) / parts[which]
    square, cube = 3 * chord - 2 * out - into, out + into - 2 * chord  # cubic Hermite
    curve = points[which] + t * (out[which] + t * (square[which] + t * cube[which]))
    begins_of_curve = np.zeros(len(curve) + 1, bool)
    begins_of_curve[np.append(first, len(curve))] = begins
    return Trace(np.append(curve, points[-1]), begins_of_curve)


def resample(trace: Trace) -> tuple[Trace, Array]:
    """The trace resampled, and the sharpness (n,) of its points.

    Between two corners or ends of strokes the distances are equal, at most RESAMPLE_STEP_PX.
    Sharpness is 1 for full corners and ends, and 0 where there is no corner.
    """
    points, begins = trace
    along = (_lengths(trace) + begins).cumsum()  # strokes are set apart by a gap of 1
    sharpness = np.maximum(_ends(begins), _corners(trace, along))
    anchors = np.flatnonzero(sharpness)
    start = along[anchors]
    spans, parts = np.zeros(len(anchors)), np.ones(len(anchors), np.intp)
    np.subtract(start[1:], start[:-1], out=spans[:-1])
    parts[:-1] = np.maximum(np.ceil(spans[:-1] / RESAMPLE_STEP_PX), 1)
    parts[:-1][begins[anchors[1:]]] = 1  # no points where the pen is up
    first = parts.cumsum() - parts
    distances = np.repeat(spans / parts, parts)
    places = distances.cumsum() - distances + start[0]
    fresh, sharp = np.zeros(len(places), bool), np.zeros(len(places))
    fresh[first] = begins[anchors]
    sharp[first] = sharpness[anchors]
    return Trace(np.interp(places, along, points), fresh), sharp


def _without_redundant_points(trace: Trace) -> Trace:
    """The trace without repeated points and points on the straight line of their neighbours."""
    points, begins = trace
    fresh = begins.copy()
    fresh |= _lengths(trace) > COINCIDENT_PX
    if not fresh.all():
        points, begins = points[fresh], begins[fresh]
    chord = points[1:] - points[:-1]
    turn = chord[1:] * chord[:-1].conj()  # its argument is the angle between two chords
    needed = _ends(begins)
    needed[1:-1] |= (np.abs(turn.imag) > STRAIGHT_RADIANS * np.abs(turn.real)) | (turn.real < 0)
    return Trace(points[needed], begins[needed])


def _corners(trace: Trace, along: Array) -> Array:
    """Sharpness (n,), 0 to 1, of each point where the line turns most, and 0 elsewhere.

    along: (n,) distance of each point along the trace
    The angle is measured between the points CORNER_ARM_PX before and after.
    """
    points, begins = trace
    first = np.flatnonzero(begins)
    start, end = along[first], along[np.append(first[1:], len(points)) - 1]
    stroke = begins.cumsum() - 1
    back = points - np.interp(np.maximum(along - CORNER_ARM_PX, start[stroke]), along, points)
    ahead = np.interp(np.minimum(along + CORNER_ARM_PX, end[stroke]), along, points) - points
    turn = ahead * back.conj()
    cosine = turn.real / np.maximum(np.abs(turn), COINCIDENT_PX**2)
    sharp = (NO_CORNER_COSINE - cosine) / (NO_CORNER_COSINE - FULL_CORNER_COSINE)
    sharp = np.minimum(np.maximum(sharp, 0), 1)
    sharp[1:] *= cosine[1:] <= cosine[:-1]
    sharp[:-1] *= cosine[:-1] <= cosine[1:]
    return sharp


def _bends(chord: Array) -> Array:
    """Whether the line has a corner at each point, (n + 1,) for n chords."""
    sharp = np.zeros(len(chord) + 1, bool)
    turn = chord[1:] * chord[:-1].conj()
    sharp[1:-1] = turn.real < CORNER_COSINE * np.abs(turn)
    return sharp


def _lengths(trace: Trace) -> Array:
    """Distance (n,) of each point from the previous one, 0 at the beginning of a stroke."""
    points, begins = trace
    lengths = np.zeros(len(points))
    np.abs(points[1:] - points[:-1], out=lengths[1:])
    lengths[begins] = 0
    return lengths


def _ends(begins: Array) -> Array:
    """Whether each point (n,) is the first or the last one of a stroke."""
    ends = begins.copy()
    ends[:-1] |= begins[1:]
    ends[-1] = True
    return ends
