"""Distortions for training: what another hand, or another pen, might have made of a digit.

Every picture gets its own small rotation, shear, scale and shift, an elastic wobble (Simard,
Steinkraus and Platt 2003, section 3) and a thinner or thicker stroke. No loop over pictures:
a batch is warped at once.
"""

from dataclasses import dataclass

import numpy as np

from model.frames import SIDE
from model.types import Array

MIDDLE = (SIDE - 1) / 2
FEW = 8  # pictures warped at a time: what that needs stays in the cache, and is 3 times as fast
KNOTS = 7  # elastic displacements are drawn on a 7 × 7 grid and smoothed to 28 × 28


@dataclass(frozen=True)
class Distortion:
    """How far a picture may be changed. Each is drawn evenly from −limit to limit.

    The limits were chosen by MNIST's validation part, the shear with an eye on drawings too: a
    network of 44,426 parameters has no room to learn more variety than there is, and limits
    half as large again to three times as large cost it nearly half a point.
    """

    rotation: float = 8.0  # degrees
    shear: float = 0.25  # pixels sideways for each pixel up: slant
    scale: float = 0.1  # of the logarithm of the size, for width and height apart
    shift: float = 0.5  # pixels: a frame places its digits to within half a pixel
    elastic: float = 0.6  # pixels, the deviation of a smooth random field
    stroke: float = 0.5  # 1 would be a whole step of erosion or dilation

    def times(self, share: float) -> "Distortion":
        """The same limits, each multiplied by this."""
        return Distortion(**{name: limit * share for name, limit in vars(self).items()})


def distort(images: Array, rng: np.random.Generator, limits: Distortion | None = None) -> Array:
    """Distorted copies of pictures (N, 28, 28) float32 in [0, 1]; the rng decides how."""
    limits = limits or Distortion()
    n = len(images)
    rows, columns = _affine(n, rng, limits)
    rows += _elastic(n, rng, limits.elastic)
    columns += _elastic(n, rng, limits.elastic)
    strokes = rng.uniform(-limits.stroke, limits.stroke, (n, 1, 1))
    distorted = np.empty((n, SIDE, SIDE), np.float32)
    for start in range(0, n, FEW):
        few = slice(start, start + FEW)
        distorted[few] = _restroke(sample(images[few], rows[few], columns[few]), strokes[few])
    return distorted


def sample(images: Array, rows: Array, columns: Array) -> Array:
    """Read each picture at real-valued places, between four pixels in proportion; zero outside.

    images (N, 28, 28), rows and columns (N, 28, 28) in pixels. Returns (N, 28, 28) float32.
    """
    side = SIDE + 2  # a border of zeros stands for everything outside
    padded = np.zeros((len(images), side, side), np.float32)
    padded[:, 1:-1, 1:-1] = images
    rows = np.clip(rows + np.float32(1), 0, np.float32(side - 1.001))
    columns = np.clip(columns + np.float32(1), 0, np.float32(side - 1.001))
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left  # stays float32: with integers it would be float64
    place = (top * np.float32(side) + left).astype(np.int32).astype(np.intp)
    place += np.arange(len(images))[:, None, None] * (side * side)
    flat = padded.reshape(-1)
    upper, lower = _between(flat, place, right), _between(flat, place + side, right)
    lower -= upper
    lower *= down
    upper += lower
    return upper


def _between(flat: Array, place: Array, share: Array) -> Array:
    """The values at each place, moved towards those at the next one by a share of the way."""
    here, there = flat.take(place), flat.take(place + 1)
    there -= here
    there *= share
    here += there
    return here


def _affine(n: int, rng: np.random.Generator, limits: Distortion) -> tuple[Array, Array]:
    """Where each pixel of the new picture comes from in the old one: rows, columns."""
    angle = np.deg2rad(rng.uniform(-limits.rotation, limits.rotation, n))
    shear = rng.uniform(-limits.shear, limits.shear, n)
    tall, wide = np.exp(rng.uniform(-limits.scale, limits.scale, (2, n)))
    down, right = rng.uniform(-limits.shift, limits.shift, (2, n))
    cos, sin = np.cos(angle), np.sin(angle)
    steps = np.arange(SIDE) - MIDDLE
    row_by_row, row_by_column = cos / tall, sin / tall
    column_by_row, column_by_column = (shear * cos - sin) / wide, (shear * sin + cos) / wide
    return (
        _plane(row_by_row, row_by_column, MIDDLE - down, steps),
        _plane(column_by_row, column_by_column, MIDDLE - right, steps),
    )


def _plane(by_row: Array, by_column: Array, at_middle: Array, steps: Array) -> Array:
    """(N,) slopes and heights to (N, 28, 28): height + by_row·row + by_column·column."""
    down = (by_row[:, None] * steps).astype(np.float32)[:, :, None]
    across = (by_column[:, None] * steps + at_middle[:, None]).astype(np.float32)[:, None, :]
    return down + across


def _elastic(n: int, rng: np.random.Generator, deviation: float) -> Array:
    """Smooth random displacements (N, 28, 28) in pixels, with about that deviation."""
    grid = rng.standard_normal((n, KNOTS, KNOTS), np.float32) * np.float32(deviation)
    return _SMOOTH @ grid @ _SMOOTH.T


def _smoothing() -> Array:
    """(28, KNOTS): each pixel a Gaussian mixture of the knots, keeping the deviation at one."""
    places = np.linspace(-2, SIDE + 1, KNOTS)
    distances = (np.arange(SIDE)[:, None] - places) / (places[1] - places[0])
    weights = np.exp(-0.5 * (distances / 0.8) ** 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype(np.float32)


_SMOOTH = _smoothing()


def _restroke(images: Array, amount: Array) -> Array:
    """Thinner strokes for amounts (N, 1, 1) below zero, thicker above.

    Each pixel moves towards the smallest or the largest of itself and its four neighbours.
    """
    amount = amount.astype(np.float32)
    neighbour = np.where(amount > 0, np.float32(1), np.float32(-1))
    signed = images * neighbour  # the smallest is the largest of the negatives
    largest = signed.copy()
    np.maximum(largest[:, 1:], signed[:, :-1], out=largest[:, 1:])
    np.maximum(largest[:, :-1], signed[:, 1:], out=largest[:, :-1])
    np.maximum(largest[:, :, 1:], signed[:, :, :-1], out=largest[:, :, 1:])
    np.maximum(largest[:, :, :-1], signed[:, :, 1:], out=largest[:, :, :-1])
    largest *= neighbour
    return images + np.abs(amount) * (largest - images)
