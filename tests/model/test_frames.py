"""The frames of the data sets: `render` is compared with measurements of their images.

Measured by `python -m benchmarks.frames --mnist DIR --emnist DIR` (in brackets: what each number
is): MNIST on its 60,000 training images, EMNIST on 7,000 digits of NIST Special Database 3 that
went through the steps of its paper (arXiv 1702.05373, figure 1). Ten digits recovered from EMNIST's
own files have 25.4, 22.2 and 46.9. The steps are repeated here.
"""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from benchmarks.frames import box, stroke_width
from model.frames import FRAMES
from model.ink.pen import centre_of_mass, draw
from model.ink.redraw import FULL_NORMALISATION, line_stages, render
from model.ink.trace import Trace, trace_of
from model.types import Array
from tests.strokes import FIVE, ONE, SEVEN, THREE, ZERO, Stroke

DIGITS = {0: ZERO, 1: ONE, 3: THREE, 5: FIVE, 7: SEVEN}

MNIST_LONGEST = 20  # pixels [the box of all ink: the same for 99 of 100 images]
MNIST_CENTRE = 14.5, 0.29  # mean and deviation over images [centre of mass, x; y: 14.5, 0.29]
MNIST_WIDTH = 2.36, 0.61  # median and deviation [twice the ink by the length of its outline]
MNIST_INK = {  # mean and deviation over images [mean pixel of a digit]
    0: (0.173, 0.042),
    1: (0.076, 0.022),
    3: (0.141, 0.038),
    5: (0.129, 0.037),
    7: (0.115, 0.031),
}

EMNIST_LONGEST = {0: (25.5, 0.8), 127: (22.8, 1.1)}  # mean and deviation [box of pixels above]
EMNIST_WIDTH = 3.02, 0.64  # median and deviation
EMNIST_INK = {  # mean and deviation over images
    0: (0.231, 0.042),
    1: (0.107, 0.021),
    3: (0.202, 0.039),
    5: (0.176, 0.042),
    7: (0.158, 0.029),
}


@pytest.mark.parametrize("digit", DIGITS)
def test_our_digits_are_as_mnists_are(digit: int) -> None:
    picture = render(DIGITS[digit], "mnist")
    longest = np.ptp(box(picture > 0.5), axis=1).max() + 1
    assert abs(longest - MNIST_LONGEST) <= 1
    assert np.abs(centre_of_mass(picture) - MNIST_CENTRE[0]).max() < 0.05
    assert stroke_width(picture) == pytest.approx(MNIST_WIDTH[0], abs=0.25)
    mean, deviation = MNIST_INK[digit]
    assert picture.mean() == pytest.approx(mean, abs=deviation)


@pytest.mark.parametrize("digit", DIGITS)
def test_our_digits_are_as_emnists_are(digit: int) -> None:
    picture = np.round(255 * render(DIGITS[digit], "emnist"))
    for least, (longest, deviation) in EMNIST_LONGEST.items():
        places = box(picture > least)
        sides = np.ptp(places, axis=1) + 1
        assert sides.max() == pytest.approx(longest, abs=deviation)
        assert np.abs(places.sum(axis=1) - 27).max() <= 1  # both sides: in the middle
    assert stroke_width(picture / 255) == pytest.approx(EMNIST_WIDTH[0], abs=0.25)
    mean, deviation = EMNIST_INK[digit]
    assert picture.mean() / 255 == pytest.approx(mean, abs=deviation)


def blurred(scan: Array) -> Array:
    """Filtered by a Gaussian of deviation 1, cut off beyond the nearest neighbours."""
    kernel = np.exp(-0.5 * np.arange(-1, 2) ** 2)
    for axis in (0, 1):
        scan = np.apply_along_axis(np.convolve, axis, scan, kernel / kernel.sum(), "same")
    return scan


def published(strokes: list[Stroke], size: int) -> Array:
    """EMNIST's own steps, from a scan of 128 × 128 in which the digit is `size` pixels long."""
    style = FRAMES["emnist"]
    pen = style.pen * size / style.longest
    _, trace, _ = line_stages(
        trace_of(strokes), 0, replace(style, longest=size), pen, FULL_NORMALISATION
    )[-1]
    scan = draw(Trace(trace.points + (50 + 50j), trace.begins), pen, 128) > 0.5
    soft = blurred(scan.astype(float))
    (top, bottom), (left, right) = box(soft)
    digit = soft[top : bottom + 1, left : right + 1]
    square = np.zeros(2 * [max(digit.shape) + 2 * 2])  # the border: 2 pixels of the scan
    y, x = (np.array(square.shape) - digit.shape) // 2
    square[y : y + len(digit), x : x + digit.shape[1]] = digit
    picture = Image.fromarray(np.round(255 * square).astype(np.uint8))
    return np.asarray(picture.resize((28, 28), Image.Resampling.BICUBIC)) / np.float32(255)


@pytest.mark.parametrize("size", [26, 28])
@pytest.mark.parametrize("digit", DIGITS)
def test_emnists_frame_is_what_its_published_steps_make_of_a_scan(digit: int, size: int) -> None:
    difference = np.abs(render(DIGITS[digit], "emnist") - published(DIGITS[digit], size))
    assert difference.mean() < 6 / 255
    assert difference.max() < 90 / 255  # half a pixel of the scan is nearly half of one of these


def test_a_pen_of_the_frame_has_its_width_and_its_edge() -> None:
    for frame in FRAMES.values():
        across = render([[(0, 0), (0, 100)]], frame.name)[14]  # a row across an upright line
        assert across.sum() == pytest.approx(frame.pen, abs=0.1)
        assert np.count_nonzero(across) <= np.ceil(frame.pen + frame.edge) + 1
        assert across.max() > 0.95  # EMNIST blurs even the middle of a stroke a little
        assert across.max() == 1 or frame.edge > 1
