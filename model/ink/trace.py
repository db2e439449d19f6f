"""Traces: the path of a pen as points, in one drawing or in several.

A point is one complex number, x + iy with y down. So differences, lengths and angles are single
operations on a whole trace. All drawings of a trace are computed at once, which costs few
operations more than one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from model.frames import SIDE
from model.types import Array

DOT_SIDE = 1e-9  # ink whose longest side, in the unit of the strokes, is at most this is a dot
Strokes = Sequence[Any]  # one (n, 2) array or list of points for each stroke; x right, y down
ONE_DRAWING = np.zeros(1, np.intp)


class Trace(NamedTuple):
    """The path of a pen, in one drawing or in several one after the other.

    points: (m,) complex
    begins: (m,) bool, the first points of strokes
    firsts: (n,) the index of the first point of each drawing
    """

    points: Array
    begins: Array
    firsts: Array = ONE_DRAWING

    @property
    def owners(self) -> Array:
        """The number of the drawing of each point (m,), or (1,) to broadcast where it is one."""
        return owners(self.firsts, len(self.points))


def trace_of(strokes: Strokes) -> Trace:
    """Strokes as one trace in their own unit; ValueError for points that are no finite pairs."""
    lines = [line for line in map(points_of, strokes) if len(line)]
    if not lines:
        return Trace(np.empty(0, complex), np.empty(0, bool))
    points = np.concatenate(lines) if len(lines) > 1 else lines[0]
    begins = np.zeros(len(points), bool)
    begins[0] = True
    if len(lines) > 1:
        begins[np.cumsum([len(line) for line in lines[:-1]])] = True
    return Trace(np.ascontiguousarray(points).view(complex)[:, 0], begins)


def points_of(stroke: Any) -> Array:
    """One stroke as (n, 2); ValueError for points that are no finite pairs."""
    points = np.asarray(stroke, np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError(
            f"found a stroke of shape {points.shape}, wanted points (x, y) of finite numbers"
        )
    points = points[:, :2]
    if np.count_nonzero(np.isfinite(points)) < points.size:  # faster than all()
        raise ValueError("found a point that is not finite, wanted points (x, y) of finite numbers")
    return points


def owners(firsts: Array, count: int) -> Array:
    """The index (count,) of the part of an array to which each place belongs.

    firsts: (n,) the first place of each part. For one part the result is (1,), to broadcast.
    """
    if len(firsts) == 1:
        return ONE_DRAWING
    begins = np.zeros(count, np.intp)
    begins[firsts[1:]] = 1
    return begins.cumsum()


def joined(traces: Sequence[Trace]) -> Trace:
    """The drawings of traces, at least one, as one trace."""
    if len(traces) == 1:
        return traces[0]
    before = np.cumsum([0, *(len(trace.points) for trace in traces[:-1])])
    return Trace(
        np.concatenate([trace.points for trace in traces]),
        np.concatenate([trace.begins for trace in traces]),
        np.concatenate([trace.firsts + k for trace, k in zip(traces, before, strict=True)]),
    )


def split(trace: Trace) -> list[Trace]:
    """Each drawing as a trace of its own."""
    ends = [*trace.firsts[1:].tolist(), len(trace.points)]
    return [
        Trace(trace.points[first:end], trace.begins[first:end])
        for first, end in zip(trace.firsts.tolist(), ends, strict=True)
    ]


def chosen(trace: Trace, mask: Array) -> Trace:
    """The trace with these points (m,) alone; each drawing must keep one."""
    points, begins, firsts = trace
    if len(firsts) > 1:
        before = mask.cumsum() - mask  # how many are kept before each point
        firsts = before[firsts]
    return Trace(points[mask], begins[mask], firsts)


def moved(trace: Trace, shifts: Array | None) -> Trace:
    """The trace with each of its drawings moved by its shift x + iy (n,); None moves none."""
    if shifts is None:
        return trace
    return Trace(trace.points + shifts[trace.owners], trace.begins, trace.firsts)


def box(trace: Trace) -> tuple[Array, Array]:
    """The top left and the bottom right corner x + iy (n,) of the box around each drawing."""
    xy = np.ascontiguousarray(trace.points).view(np.float64).reshape(-1, 2)
    low = np.minimum.reduceat(xy, trace.firsts, axis=0)
    high = np.maximum.reduceat(xy, trace.firsts, axis=0)
    return low.view(complex)[:, 0], high.view(complex)[:, 0]


def longest_side(low: Array, high: Array) -> Array:
    """The longest side (n,) of each box."""
    sides = high - low
    return np.maximum(sides.real, sides.imag)


def placed(
    trace: Trace, longest: Array | float | None, margin: Array | float, centre: bool
) -> tuple[Trace, Array]:
    """The trace in pictures of 28 × 28, and the scale (n,) by which each drawing was multiplied.

    longest: pixels that the longest side of its box and the margin (in the trace's own unit) take
             together; None leaves the size as it is
    centre:  whether the middle of its box goes to the middle of the picture
    """
    low, high = box(trace)
    side = longest_side(low, high)
    if longest is None:
        scale = np.ones(len(side))
    else:
        size = side + margin
        # A tap stays a dot of the pen's width. Smaller ink would overflow.
        np.copyto(size, longest, where=side <= DOT_SIDE)
        scale = longest / size
    middle, own = (low + high) / 2, trace.owners
    target = complex(SIDE / 2, SIDE / 2) if centre else middle
    points = trace.points * scale[own] + (target - middle * scale)[own]
    return Trace(points, trace.begins, trace.firsts), scale
