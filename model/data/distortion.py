"""Random distortions of training pictures: affine, elastic, and of the stroke width.

Every picture gets its own rotation, shear, scale and shift, an elastic displacement (Simard,
Steinkraus and Platt 2003, "Best practices for convolutional neural networks", section 2) and
a thinner or thicker stroke. A whole batch is computed at once.
"""

from dataclasses import dataclass, replace

import numpy as np

from model.frames import SIDE
from model.types import Array

CENTRE_PX = (SIDE - 1) / 2  # the middle of a picture; pixel 0 has its middle at 0
CHUNK = 8  # pictures resampled at a time; their arrays fit in the cache, which is 3 times as fast
GRID_SIDE = 7  # elastic displacements are drawn on a 7 × 7 grid and smoothed to 28 × 28
GRID_MARGIN_PX = 2  # how far this grid reaches beyond the middles of the outermost pixels
GAUSSIAN_WIDTH = 0.8  # standard deviation of the smoothing, in distances of the grid


@dataclass(frozen=True)
class Distortion:
    """How far a picture may be changed. Values are drawn evenly from −limit to limit.

    The exception is `elastic`, the standard deviation of a Gaussian. The limits were chosen on
    MNIST's validation part, and the shear on drawings too. Limits 1.5 to 3 times as large cost
    a network of 44,426 parameters nearly half a point of accuracy.
    """

    rotation: float = 8.0  # degrees, counter-clockwise where positive
    shear: float = 0.25  # pixels to the side for each pixel upwards
    scale: float = 0.1  # logarithm of the size; width and height are drawn separately
    shift: float = 0.5  # pixels; a frame places its digits to within half a pixel
    elastic: float = 0.6  # pixels
    stroke: float = 0.5  # fraction of one step of erosion or dilation

    def scaled(self, factor: float) -> "Distortion":
        """These limits, each multiplied by the factor."""
        return Distortion(**{name: limit * factor for name, limit in vars(self).items()})


DEFAULT_LIMITS = Distortion()
GROUP = 32  # pictures that `distort_in_groups` distorts alike
GROUP_LIMITS = replace(DEFAULT_LIMITS.scaled(0.5), shift=1.0)  # chosen for a few epochs


def distort(images: Array, rng: np.random.Generator, limits: Distortion = DEFAULT_LIMITS) -> Array:
    """Distorted copies of pictures (N, 28, 28) float32 in [0, 1], in the same shape and range.

    The generator alone decides how: the same generator gives the same pictures.
    """
    n = len(images)
    rows, columns = _affine(n, rng, limits)
    rows += _elastic(n, rng, limits.elastic)
    columns += _elastic(n, rng, limits.elastic)
    strokes = rng.uniform(-limits.stroke, limits.stroke, (n, 1, 1))
    distorted = np.empty((n, SIDE, SIDE), np.float32)
    for start in range(0, n, CHUNK):
        chunk = slice(start, start + CHUNK)
        warped = sample_bilinear(images[chunk], rows[chunk], columns[chunk])
        distorted[chunk] = _erode_or_dilate(warped, strokes[chunk])
    return distorted


def distort_in_groups(
    images: Array, rng: np.random.Generator, limits: Distortion = GROUP_LIMITS
) -> Array:
    """Copies of pictures (N, 28, 28) of any type; those of a group are distorted alike.

    A new pixel gets the value of the nearest old one, and strokes keep their width. This takes a
    fifteenth of the time of `distort`.
    """
    n, width = len(images), SIDE + 2  # a frame of zeros
    places = nearest_places(-(-n // GROUP), rng, limits)
    padded, distorted = np.zeros((n, width, width), images.dtype), np.empty_like(images)
    padded[:, 1:-1, 1:-1] = images
    flat, result = padded.reshape(n, width**2), distorted.reshape(n, SIDE**2)
    for number, place in enumerate(places):
        group = slice(number * GROUP, (number + 1) * GROUP)
        flat[group].take(place, axis=1, out=result[group], mode="clip")
    return distorted


def nearest_places(n: int, rng: np.random.Generator, limits: Distortion = GROUP_LIMITS) -> Array:
    """For n distortions, the old place (n, 784) of each new pixel in a framed picture (30, 30)."""
    rows, columns = _affine(n, rng, limits)
    rows += _elastic(n, rng, limits.elastic)
    columns += _elastic(n, rng, limits.elastic)
    row, column = (np.rint(place.clip(-1, SIDE)) for place in (rows, columns))
    return ((row + 1) * (SIDE + 2) + column + 1).astype(np.intp).reshape(n, SIDE**2)


def sample_bilinear(images: Array, rows: Array, columns: Array) -> Array:
    """Read each picture at real-valued places by bilinear interpolation; zero outside.

    images: (N, 28, 28)
    rows, columns: (N, 28, 28) places in pixels; the middle of pixel 0 is 0
    Returns (N, 28, 28) float32.
    """
    side = SIDE + 2  # with a border of zeros, which stands for everything outside
    padded = np.zeros((len(images), side, side), np.float32)
    padded[:, 1:-1, 1:-1] = images
    rows = np.clip(rows + np.float32(1), 0, np.float32(side - 1.001))
    columns = np.clip(columns + np.float32(1), 0, np.float32(side - 1.001))
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left  # float32; integers would make it float64
    place = (top * np.float32(side) + left).astype(np.int32).astype(np.intp)
    place += np.arange(len(images))[:, None, None] * (side * side)
    flat = padded.reshape(-1)
    upper, lower = _interpolate(flat, place, right), _interpolate(flat, place + side, right)
    lower -= upper
    lower *= down
    upper += lower
    return upper


def _interpolate(flat: Array, place: Array, fraction: Array) -> Array:
    """Values between each place and the next one, at this fraction of the distance."""
    here, there = flat.take(place), flat.take(place + 1)
    there -= here
    there *= fraction
    here += there
    return here


def _affine(n: int, rng: np.random.Generator, limits: Distortion) -> tuple[Array, Array]:
    """The place in the old picture of each new pixel: rows and columns, (N, 28, 28) each."""
    angle = np.deg2rad(rng.uniform(-limits.rotation, limits.rotation, n))
    shear = rng.uniform(-limits.shear, limits.shear, n)
    tall, wide = np.exp(rng.uniform(-limits.scale, limits.scale, (2, n)))
    down, right = rng.uniform(-limits.shift, limits.shift, (2, n))
    cos, sin = np.cos(angle), np.sin(angle)
    row_by_row, row_by_column = cos / tall, sin / tall
    column_by_row, column_by_column = (shear * cos - sin) / wide, (shear * sin + cos) / wide
    return (
        _plane(row_by_row, row_by_column, CENTRE_PX - down),
        _plane(column_by_row, column_by_column, CENTRE_PX - right),
    )


def _plane(by_row: Array, by_column: Array, at_centre: Array) -> Array:
    """at_centre + by_row · row + by_column · column, counted from the centre.

    The coefficients are (N,), the result is (N, 28, 28).
    """
    offsets = np.arange(SIDE) - CENTRE_PX
    down = (by_row[:, None] * offsets).astype(np.float32)[:, :, None]
    across = (by_column[:, None] * offsets + at_centre[:, None]).astype(np.float32)[:, None, :]
    return down + across


def _elastic(n: int, rng: np.random.Generator, deviation: float) -> Array:
    """Smooth random displacements (N, 28, 28) with this standard deviation in pixels."""
    grid = rng.standard_normal((n, GRID_SIDE, GRID_SIDE), np.float32) * np.float32(deviation)
    return _SMOOTHING @ grid @ _SMOOTHING.T


def _smoothing() -> Array:
    """Gaussian weights (28, 7) of the grid for each pixel.

    The squares of each row sum to one, which keeps the standard deviation.
    """
    places = np.linspace(-GRID_MARGIN_PX, SIDE - 1 + GRID_MARGIN_PX, GRID_SIDE)
    distances = (np.arange(SIDE)[:, None] - places) / (places[1] - places[0])
    weights = np.exp(-0.5 * (distances / GAUSSIAN_WIDTH) ** 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype(np.float32)


_SMOOTHING = _smoothing()


def _erode_or_dilate(images: Array, amount: Array) -> Array:
    """Thinner strokes for amounts (N, 1, 1) below zero, thicker ones above.

    An amount of 1 gives each pixel the largest value of itself and its four neighbours, −1 the
    smallest. Amounts between are interpolated.
    """
    amount = amount.astype(np.float32)
    sign = np.where(amount > 0, np.float32(1), np.float32(-1))
    signed = images * sign  # the smallest value is the largest of the negatives
    largest = signed.copy()
    np.maximum(largest[:, 1:], signed[:, :-1], out=largest[:, 1:])
    np.maximum(largest[:, :-1], signed[:, 1:], out=largest[:, :-1])
    np.maximum(largest[:, :, 1:], signed[:, :, :-1], out=largest[:, :, 1:])
    np.maximum(largest[:, :, :-1], signed[:, :, 1:], out=largest[:, :, :-1])
    largest *= sign
    return images + np.abs(amount) * (largest - images)
