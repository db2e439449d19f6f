"""Random variations of pen strokes, made before they are scaled into a frame and drawn.

A drawing is sheared, rotated, scaled and bent a little, and each of its strokes is shifted. The
result is then placed in the frame, so the frame stays exact. Distorting the finished picture
would move the digit out of its frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.ink.trace import Trace, box, longest_side
from model.types import Array

SMALLEST_SIDE = 1e-9  # in the unit of the strokes; keeps a dot from a division by zero
WAVE_FREQUENCY = 4.0  # standard deviation, in radians for each unit; the longest side is 1
# How often a digit is written with one line more, and where this line begins and ends: x, y in
# fractions of the digit's box.
EXTRA_LINE_PROBABILITY = {0: 0.05, 7: 0.15}
BAR_OF_SEVEN = [(0.2, 0.5), (0.9, 0.5)]
EXTRA_LINE_DEVIATION = 0.07  # of each coordinate of the two ends
EXTRA_LINE_POINTS = 32
SLASH_OVERHANG = (-0.1, 0.15)  # of the slash through a 0 beyond the corners of the box


@dataclass(frozen=True)
class StrokeAugmentation:
    """How far strokes may be changed; the longest side of a drawing is the unit of length.

    rotation, shear, scale and pen_width are limits: values are drawn evenly from −limit to limit.
    wave and stroke_shift are standard deviations.
    """

    rotation: float = 8.0  # degrees, clockwise where positive
    shear: float = 0.3  # units to the right for each unit down
    scale: float = 0.15  # logarithm of the size; width and height are drawn separately
    wave: float = 0.025  # amplitude of a sine that bends all strokes alike
    stroke_shift: float = 0.02  # of each stroke as a whole
    pen_width: float = 0.35  # logarithm of the pen's width


def augment(trace: Trace, rng: np.random.Generator, limits: StrokeAugmentation) -> Trace:
    """Random variations of the drawings of a trace, centred on 0 with longest sides of about 1."""
    points, own, n = trace.points, trace.owners, len(trace.firsts)
    low, high = box(trace)
    side = np.maximum(longest_side(low, high), SMALLEST_SIDE)
    points = (points - ((low + high) / 2)[own]) / side[own]
    x_by_x, x_by_y, y_by_x, y_by_y = _affine(n, rng, limits)
    # For x + iy the matrix is two products: with x and with y.
    points = points.real * (x_by_x + 1j * y_by_x)[own] + points.imag * (x_by_y + 1j * y_by_y)[own]
    # Frequencies and phases are complex too: the wave of x is the real part, of y the imaginary.
    frequencies = rng.normal(0, WAVE_FREQUENCY, (2, 2, n))
    phases = rng.uniform(0, 2 * np.pi, (2, n))
    amplitudes = rng.normal(0, limits.wave, (2, n))
    x, y = points.real, points.imag
    by_x, by_y, phases, amplitudes = (a[..., own] for a in (*frequencies, phases, amplitudes))
    bent = np.sin(by_x * x + by_y * y + phases) * amplitudes  # (2, m)
    shifts = rng.normal(0, limits.stroke_shift, (np.count_nonzero(trace.begins), 2))
    stroke = trace.begins.cumsum() - 1
    points = points + (bent[0] + 1j * bent[1]) + shifts.view(complex)[stroke, 0]
    return trace._replace(points=points)


def with_extra_lines(
    digits: Sequence[int], drawings: Sequence[Trace], rng: np.random.Generator
) -> list[Trace]:
    """Drawings of these digits, some of them with a slash through a 0 or a bar across a 7.

    Many people write so, but few in America, where most of the training images come from.
    """
    chances = rng.random(len(drawings))
    return [
        _with_extra_line(digit, drawing, rng)
        if chance < EXTRA_LINE_PROBABILITY.get(int(digit), 0)
        else drawing
        for digit, drawing, chance in zip(digits, drawings, chances, strict=True)
    ]


def _with_extra_line(digit: int, drawing: Trace, rng: np.random.Generator) -> Trace:
    """One drawing with its extra line, of points as near to each other as smoothed ones."""
    low, high = (corners.view(np.float64) for corners in box(drawing))
    beyond = rng.uniform(*SLASH_OVERHANG)
    slash = [(-beyond, 1 + beyond), (1 + beyond, -beyond)]
    ends = np.array(slash if digit == 0 else BAR_OF_SEVEN)
    start, end = low + (high - low) * (ends + rng.normal(0, EXTRA_LINE_DEVIATION, (2, 2)))
    line = np.linspace(start, end, EXTRA_LINE_POINTS).view(complex)[:, 0]
    begins = np.arange(EXTRA_LINE_POINTS) == 0
    return Trace(np.append(drawing.points, line), np.append(drawing.begins, begins))


def random_pen_widths(
    pen: float, n: int, rng: np.random.Generator, limits: StrokeAugmentation
) -> Array:
    """Widths (n,) in pixels around the frame's own width `pen`."""
    widths: Array = pen * np.exp(rng.uniform(-limits.pen_width, limits.pen_width, n))
    return widths


def _affine(n: int, rng: np.random.Generator, limits: StrokeAugmentation) -> tuple[Array, ...]:
    """Matrices for column vectors (x, y), row by row: scale first, then shear, then rotation."""
    angle = np.deg2rad(rng.uniform(-limits.rotation, limits.rotation, n))
    wide, tall = np.exp(rng.uniform(-limits.scale, limits.scale, (2, n)))
    shear = rng.uniform(-limits.shear, limits.shear, n)
    cos, sin = np.cos(angle), np.sin(angle)
    return wide * cos, tall * (shear * cos - sin), wide * sin, tall * (shear * sin + cos)
