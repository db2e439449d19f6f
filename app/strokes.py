"""Strokes out of parsed JSON, every point checked, or a refusal that names the bad one."""

from collections.abc import Mapping
from itertools import accumulate, chain, pairwise
from typing import Any, NoReturn

import numpy as np
from flask import abort

from app.reader import Strokes
from app.words import EXAMPLE_STROKES, kind_of
from model.types import Array

FARTHEST = 1e9  # a coordinate in any sensible unit; beyond it, differences lose their meaning


def strokes_from(value: Any, limits: Mapping[str, Any]) -> Strokes:
    """Checked strokes as float64 arrays (n, 2), with few passes over the points.

    value:  parsed JSON, all numbers of which are floats
    limits: MAX_STROKES and MAX_POINTS
    An empty stroke stays in its place. Aborts with 400 or 422 for what are no strokes.
    """
    if not isinstance(value, list):
        abort(400, f"strokes is {kind_of(value)}, wanted a list like {EXAMPLE_STROKES}")
    for number, stroke in enumerate(value):
        if not isinstance(stroke, list):
            abort(
                400,
                f"strokes[{number}] is {kind_of(stroke)}, wanted a list of points; "
                f"send strokes like {EXAMPLE_STROKES}",
            )
    points = list(chain.from_iterable(value))
    _check_count("strokes", len(value), limits["MAX_STROKES"])
    _check_count("points", len(points), limits["MAX_POINTS"])
    if not points:
        return []
    table = _table(points)
    if table is None:
        _refuse_point(value)
    ends = accumulate(map(len, value), initial=0)
    return [table[start:end] for start, end in pairwise(ends)]


def _check_count(what: str, found: int, most: int) -> None:
    if found > most:
        abort(
            422, f"found {found:,} {what}, wanted at most {most:,}; draw less, or leave points out"
        )


def _table(points: list[Any]) -> Array | None:
    """Points as (n, 2), or None if any of them is no point. A point's further numbers are left."""
    if set(map(type, points)) != {list}:
        return None
    lengths = set(map(len, points))
    if min(lengths) < 2:
        return None
    if lengths != {2}:
        points = [point[:2] for point in points]
    numbers = list(chain.from_iterable(points))
    if set(map(type, numbers)) != {float}:
        return None
    table = np.array(numbers).reshape(-1, 2)
    return table if np.abs(table).max() <= FARTHEST else None  # NaN fails


def _refuse_point(strokes: list[list[Any]]) -> NoReturn:
    """Find the point that is none, and say where it is and what is wrong with it."""
    for i, stroke in enumerate(strokes):
        for j, point in enumerate(stroke):
            place = f"strokes[{i}][{j}]"
            if not isinstance(point, list):
                abort(400, f"{place} is {kind_of(point)}, wanted a point like [x, y]")
            if len(point) < 2:
                abort(400, f"{place} is a list of {len(point)}, wanted two numbers or more: [x, y]")
            for axis, value in zip("xy", point, strict=False):
                if not isinstance(value, float):
                    abort(400, f"{axis} of {place} is {kind_of(value)}, wanted a number")
                if not abs(value) <= FARTHEST:
                    abort(
                        422,
                        f"{axis} of {place} is {value:g}, wanted a finite number from "
                        f"{-FARTHEST:g} to {FARTHEST:g}; leave the point out or scale the drawing",
                    )
    raise AssertionError("a point was refused that has no fault")
