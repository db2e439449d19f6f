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

    def scaled(self, factor: float | Array) -> "Distortion":
        """These limits, each multiplied by the factor; by (N,) factors, one for each picture."""
        return Distortion(**{name: limit * factor for name, limit in vars(self).items()})


DEFAULT_LIMITS = Distortion()
GROUP = 32  # pictures that `distort_in_groups` distorts alike
GROUP_LIMITS = replace(DEFAULT_LIMITS.scaled(0.5), shift=1.0)  # chosen for a few epochs


def distort(images: Array, rng: np.random.Generator, limits: Distortion = DEFAULT_LIMITS) -> Array:
    """Distorted copies of pictures (N, 28, 28) float32 in [0, 1], in the same shape and range.

    The generator alone decides how: the same generator gives the same pictures.
    """
    n = len(images)
    by_row = _by_row(n, rng, limits)
    strokes = rng.uniform(-limits.stroke, limits.stroke, n).astype(np.float32)[:, None, None]
    distorted = np.empty((n, SIDE, SIDE), np.float32)
    for start in range(0, n, CHUNK):
        chunk = slice(start, start + CHUNK)
        warped = sample_bilinear(images[chunk], _BASIS @ by_row[:, chunk])
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
    rows, columns = _BASIS @ _by_row(n, rng, limits)
    row, column = (np.rint(place.clip(-1, SIDE)) for place in (rows, columns))
    return ((row + 1) * (SIDE + 2) + column + 1).astype(np.intp).reshape(n, SIDE**2)


def _by_row(n: int, rng: np.random.Generator, limits: Distortion) -> Array:
    """Of n distortions, (2, n, 9, 28): `_BASIS` times this is the old place of each new pixel."""
    coefficients = _coefficients(n, rng, limits).reshape(-1, GRID_SIDE + 2)
    return (coefficients @ _BASIS.T).reshape(2, n, GRID_SIDE + 2, SIDE)


def sample_bilinear(images: Array, places: Array) -> Array:
    """Read each picture at real-valued places by bilinear interpolation; zero outside.

    images: (N, 28, 28)
    places: (2, N, 28, 28) rows and columns in pixels; the middle of pixel 0 is 0; overwritten
    Returns (N, 28, 28) float32.
    """
    side = SIDE + 2  # with a border of zeros, which stands for everything outside
    padded = np.zeros((len(images), side, side), np.float32)
    padded[:, 1:-1, 1:-1] = images
    places += np.float32(1)
    places.clip(0, np.float32(side - 1.001), out=places)
    whole = np.floor(places)
    places -= whole
    down, right = places
    top_left, left = whole
    top_left *= np.float32(side)
    top_left += left
    place = top_left.astype(np.int32).astype(np.intp)  # faster than at once
    place += np.arange(len(images))[:, None, None] * (side * side)
    flat = padded.reshape(-1)
    upper = _interpolate(flat, place, right)
    lower = _interpolate(flat[side:], place, right)
    lower -= upper
    lower *= down
    upper += lower
    return upper


def _interpolate(flat: Array, place: Array, fraction: Array) -> Array:
    """Values between each place and the next one, at this fraction of the distance."""
    here, there = flat.take(place), flat[1:].take(place)
    there -= here
    there *= fraction
    here += there
    return here


def _coefficients(n: int, rng: np.random.Generator, limits: Distortion) -> Array:
    """What the rows and columns (2, N, 9, 9) of all places are in the basis `_BASIS`.

    The place in the old picture of each new pixel is an affine map plus an elastic displacement.
    """
    angle = np.deg2rad(rng.uniform(-limits.rotation, limits.rotation, n))
    shear = rng.uniform(-limits.shear, limits.shear, n)
    tall, wide = np.exp(rng.uniform(-limits.scale, limits.scale, (2, n)))
    shift = rng.uniform(-limits.shift, limits.shift, (2, n))  # down, right
    cos, sin = np.cos(angle), np.sin(angle)
    grid, offset, one = slice(GRID_SIDE), GRID_SIDE, GRID_SIDE + 1
    found = np.zeros((2, n, GRID_SIDE + 2, GRID_SIDE + 2), np.float32)
    found[:, :, grid, grid] = rng.standard_normal((2, n, GRID_SIDE, GRID_SIDE), np.float32)
    found *= np.reshape(limits.elastic, (-1, 1, 1)).astype(np.float32)
    found[:, :, offset, one] = cos / tall, (shear * cos - sin) / wide  # for each row
    found[:, :, one, offset] = sin / tall, (shear * sin + cos) / wide  # for each column
    found[:, :, one, one] = CENTRE_PX - shift
    return found


def _smoothing() -> Array:
    """Gaussian weights (28, 7) of the grid for each pixel.

    The squares of each row sum to one, which keeps the standard deviation.
    """
    places = np.linspace(-GRID_MARGIN_PX, SIDE - 1 + GRID_MARGIN_PX, GRID_SIDE)
    distances = (np.arange(SIDE)[:, None] - places) / (places[1] - places[0])
    weights = np.exp(-0.5 * (distances / GAUSSIAN_WIDTH) ** 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype(np.float32)


def _basis() -> Array:
    """For each pixel in a row (28, 9): the smoothing, its offset from the middle, and 1.

    With basis B, coefficients C stand for the field B C Bᵀ over the picture.
    """
    offsets = np.arange(SIDE) - CENTRE_PX
    return np.column_stack([_smoothing(), offsets, np.ones(SIDE)]).astype(np.float32)


_BASIS = _basis()


def _erode_or_dilate(images: Array, amount: Array) -> Array:
    """Thinner strokes for amounts (N, 1, 1) below zero, thicker ones above.

    An amount of 1 gives each pixel the largest value of itself and its four neighbours, −1 the
    smallest. Amounts between are interpolated. Images are float32 in [0, 1].
    """
    sign = np.where(amount > 0, np.float32(1), np.float32(-1))
    signed = (images * sign).reshape(-1)  # the smallest value is the largest of the negatives
    # The larger of each pixel and the next one, in one run over all pictures, because NumPy is
    # slow on short rows. It is made small where there is no next one.
    pairs = np.full(SIDE + signed.size, np.float32(-2))
    larger = pairs[SIDE:]
    np.maximum(signed[:-1], signed[1:], out=larger[:-1])
    larger[SIDE - 1 :: SIDE] = -2
    largest = np.maximum(larger, pairs[SIDE - 1 : -1])
    np.maximum(signed[:-SIDE], signed[SIDE:], out=larger[:-SIDE])
    larger.reshape(images.shape)[:, -1] = -2
    np.maximum(largest, larger, out=largest)
    np.maximum(largest, pairs[:-SIDE], out=largest)
    result = images * (1 - np.abs(amount))
    result += largest.reshape(images.shape) * amount
    return result
