"""Coarse ink made into the curve that the hand drew.

A tablet tells where the pen is perhaps ten times a second, and on a grid; a mouse may tell it a
thousand times. The same digit must come out. So what lies between the points is a centripetal
Catmull-Rom curve (Catmull and Rom 1974; Yuksel, Schaefer and Keyser 2011: of that family the
one without loops and cusps of its own), it is measured off in steps of one length, and the
steps of the grid and the tremble of the hand are taken off by a Gaussian along the line. The
ends of strokes stay where they are, and so do corners: a 7 is no arc.

All lengths are in pixels of a picture in which the ink's longest side is INK pixels.
"""

import numpy as np

from model.ink.pen import Trace
from model.types import Array

INK = 20.0  # as in MNIST
SAME = 1e-3  # two points nearer than this are one
STRAIGHT = 1e-4  # radians: a turn by less is none
FAR = 1.0  # where points lie farther apart the line between them is drawn as a curve
BEND = np.cos(np.radians(88))  # a turn by more between two chords is a corner: a right angle is
STEP = 0.75  # between two points of the smoothed line
ARM = 2.0  # so far before and after a point one looks to see whether it is a corner
BLUNT, SHARP = np.cos(np.radians([60, 90]))  # seen so, a turn by less is none, by more a corner
PASSES = 2  # of the filter (1, 2, 1) / 4: together nearly a Gaussian of one step


def smooth(trace: Trace) -> Trace:
    """The same line without the marks that the tablet has left in it; nothing moves far.

    The result depends on the line, not on how many points tell of it or which way it was drawn.
    """
    trace = _few(trace)
    if len(trace.points) - np.count_nonzero(trace.begins) < 2:  # no stroke has three points
        return trace
    if _lengths(trace).max() > FAR:
        trace = catmull_rom(trace)
    trace, sharpness = resample(trace)
    line = trace.points
    free = (1 - sharpness[1:-1]) / 4
    for _ in range(PASSES):
        line[1:-1] += free * (line[:-2] + line[2:] - 2 * line[1:-1])
    return trace


def catmull_rom(trace: Trace) -> Trace:
    """A curve through all points, told by points STEP apart. Corners and ends stay sharp."""
    points, begins = trace
    chord = points[1:] - points[:-1]
    length = np.abs(chord)
    knot = np.sqrt(np.maximum(length, SAME))  # centripetal: time goes by the root of the length
    speed = chord / knot
    # The speed at a point between two others: theirs, the nearer one's weighing more.
    inner = (knot[1:] * speed[:-1] + knot[:-1] * speed[1:]) / (knot[1:] + knot[:-1])
    sharp = _ends(begins) | _bends(chord)
    # The way at that speed through the time of a chord, from its start and up to its end.
    out, into = chord.copy(), chord.copy()
    np.multiply(inner, knot[1:], out=out[1:], where=~sharp[1:-1])
    np.multiply(inner, knot[:-1], out=into[:-1], where=~sharp[1:-1])
    # From a corner or an end on it is a parabola; between two of them a straight line.
    out, into = (
        np.where(sharp[:-1], 2 * chord - into, out),
        np.where(sharp[1:], 2 * chord - out, into),
    )
    parts = np.where(begins[1:], 1, np.ceil(length / STEP)).astype(np.intp)
    first = parts.cumsum() - parts
    which = np.repeat(np.arange(len(parts)), parts)
    t = (np.arange(len(which)) - first[which]) / parts[which]
    square, cube = 3 * chord - 2 * out - into, out + into - 2 * chord  # Hermite's cubic
    curve = points[which] + t * (out[which] + t * (square[which] + t * cube[which]))
    begins_of_curve = np.zeros(len(curve) + 1, bool)
    begins_of_curve[np.append(first, len(curve))] = begins
    return Trace(np.append(curve, points[-1]), begins_of_curve)


def resample(trace: Trace) -> tuple[Trace, Array]:
    """Points nearly STEP apart, the same distance between any two corners or ends of strokes.

    Also says, (n,), how sharp a corner each of them is: 1 are sharp ones and ends, 0 is no corner.
    """
    points, begins = trace
    along = (_lengths(trace) + begins).cumsum()  # between two strokes lies a gap of 1
    sharpness = np.maximum(_ends(begins), _corners(trace, along))
    anchors = np.flatnonzero(sharpness)
    start = along[anchors]
    spans, parts = np.zeros(len(anchors)), np.ones(len(anchors), np.intp)
    np.subtract(start[1:], start[:-1], out=spans[:-1])
    parts[:-1] = np.maximum(np.ceil(spans[:-1] / STEP), 1)
    parts[:-1][begins[anchors[1:]]] = 1  # no points where the pen is up
    first = parts.cumsum() - parts
    steps = np.repeat(spans / parts, parts)
    places = steps.cumsum() - steps + start[0]
    fresh, sharp = np.zeros(len(places), bool), np.zeros(len(places))
    fresh[first] = begins[anchors]
    sharp[first] = sharpness[anchors]
    return Trace(np.interp(places, along, points), fresh), sharp


def _few(trace: Trace) -> Trace:
    """Without points that repeat, and those on the straight line between their neighbours."""
    points, begins = trace
    fresh = begins.copy()
    fresh |= _lengths(trace) > SAME
    if not fresh.all():
        points, begins = points[fresh], begins[fresh]
    chord = points[1:] - points[:-1]
    ahead = chord[1:] * chord[:-1].conj()  # its angle is the turn
    needed = _ends(begins)
    needed[1:-1] |= (np.abs(ahead.imag) > STRAIGHT * np.abs(ahead.real)) | (ahead.real < 0)
    return Trace(points[needed], begins[needed])


def _corners(trace: Trace, along: Array) -> Array:
    """How sharply, 0 to 1, the line turns where it turns most, seen from ARM before and after."""
    points, begins = trace
    first = np.flatnonzero(begins)
    start, end = along[first], along[np.append(first[1:], len(points)) - 1]
    stroke = begins.cumsum() - 1
    back = points - np.interp(np.maximum(along - ARM, start[stroke]), along, points)
    ahead = np.interp(np.minimum(along + ARM, end[stroke]), along, points) - points
    turn = ahead * back.conj()
    turn = turn.real / np.maximum(np.abs(turn), SAME**2)  # its cosine
    sharp = np.minimum(np.maximum((BLUNT - turn) / (BLUNT - SHARP), 0), 1)
    sharp[1:] *= turn[1:] <= turn[:-1]
    sharp[:-1] *= turn[:-1] <= turn[1:]
    return sharp


def _bends(chord: Array) -> Array:
    """(n + 1,) for n chords: whether the line turns by more than BEND at each point."""
    sharp = np.zeros(len(chord) + 1, bool)
    ahead = chord[1:] * chord[:-1].conj()
    sharp[1:-1] = ahead.real < BEND * np.abs(ahead)
    return sharp


def _lengths(trace: Trace) -> Array:
    """(n,): how far each point lies from the one before, 0 where the pen is put down."""
    points, begins = trace
    lengths = np.zeros(len(points))
    np.abs(points[1:] - points[:-1], out=lengths[1:])
    lengths[begins] = 0
    return lengths


def _ends(begins: Array) -> Array:
    """Where strokes begin or end."""
    ends = begins.copy()
    ends[:-1] |= begins[1:]
    ends[-1] = True
    return ends
