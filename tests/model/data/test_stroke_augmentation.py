"""Augmented drawings are other pictures of the same digit, changed within the limits."""

from dataclasses import asdict

import numpy as np
import pytest

from model.data import stroke_augmentation
from model.data.stroke_augmentation import (
    StrokeAugmentation,
    augment,
    random_pen_widths,
    with_extra_lines,
)
from model.ink import render
from model.ink.trace import Trace, joined, trace_of
from model.types import Array
from tests.strokes import FIVE, SEVEN, ZERO

DRAWING = [np.array(stroke, np.float32) for stroke in FIVE]
NONE = dict.fromkeys(asdict(StrokeAugmentation()), 0.0)
# The same strokes as x + iy, centred on 0, the longest side one unit: 28 to 68 and 17 to 84.
PLACES = (np.concatenate(DRAWING) @ [1, 1j] - (48 + 50.5j)) / 67


def augmented(seed: int, **limits: float) -> Array:
    """The points x + iy of the drawing, changed by these limits alone."""
    rng = np.random.default_rng(seed)
    trace = trace_of(DRAWING)
    found = augment(trace, rng, StrokeAugmentation(**(NONE | limits)))
    assert np.array_equal(found.begins, trace.begins)
    return found.points


def ends_of_line(drawing: Trace, begin: int) -> Array:
    """The ends (2, 2), x and y each, of the straight line from this point to the last one."""
    line = drawing.points[begin:]
    assert drawing.begins[begin:].tolist() == [True] + [False] * (len(line) - 1)
    np.testing.assert_allclose(line, np.linspace(line[0], line[-1], len(line)))
    return line[[0, -1]].view(np.float64).reshape(2, 2)


def test_several_drawings_are_changed_each_for_itself() -> None:
    rng, other = np.random.default_rng(0), trace_of([[(5, 5), (9, 25), (7, 2)]])
    changed = augment(joined([trace_of(DRAWING), other]), rng, StrokeAugmentation(**NONE))
    np.testing.assert_allclose(changed.points[:-3], PLACES, atol=1e-6)
    np.testing.assert_allclose(changed.points[-3:], (other.points - (7 + 13.5j)) / 23)
    twice = augment(
        joined([trace_of(DRAWING)] * 2), rng, StrokeAugmentation(**(NONE | {"wave": 1}))
    )
    first, second = np.split(twice.points - np.tile(PLACES, 2), 2)
    assert np.abs(first - second).min() > 1e-3


def test_without_limits_a_drawing_is_only_centred_and_scaled_to_one() -> None:
    np.testing.assert_allclose(augmented(0), PLACES, atol=1e-6)
    widths = random_pen_widths(2.6, 2, np.random.default_rng(0), StrokeAugmentation(**NONE))
    assert widths.tolist() == [2.6, 2.6]


def test_a_rotation_is_clockwise_by_degrees_up_to_its_limit() -> None:
    angles = [np.degrees(np.angle(augmented(seed, rotation=30) / PLACES)) for seed in range(50)]
    assert np.ptp(angles, axis=1).max() < 1e-4  # every point by the same angle
    wanted = [np.random.default_rng(seed).uniform(-30, 30) for seed in range(50)]
    np.testing.assert_allclose(np.mean(angles, axis=1), wanted, atol=1e-4)
    assert np.abs(wanted).max() > 28


def test_a_shear_moves_points_sideways_by_a_fraction_of_their_height() -> None:
    moved = np.array([augmented(seed, shear=0.3) - PLACES for seed in range(50)])
    np.testing.assert_allclose(moved.imag, 0, atol=1e-6)
    shears = moved.real / PLACES.imag
    np.testing.assert_allclose(shears, shears[:, :1].repeat(len(PLACES), 1), atol=1e-4)
    assert -0.3 <= shears.min() < -0.27
    assert 0.27 < shears.max() <= 0.3001


def test_width_and_height_are_scaled_by_their_own_logarithm() -> None:
    found = np.array([augmented(seed, scale=0.15) for seed in range(50)])
    wide, tall = np.log(found.real / PLACES.real), np.log(found.imag / PLACES.imag)
    for logarithms in (wide, tall):
        np.testing.assert_allclose(logarithms, logarithms[:, :1].repeat(len(PLACES), 1), atol=1e-4)
        assert -0.1501 <= logarithms.min() < -0.13
        assert 0.13 < logarithms.max() <= 0.1501
    assert abs(np.corrcoef(wide[:, 0], tall[:, 0])[0, 1]) < 0.4


def test_a_scaled_drawing_is_sheared_and_then_rotated() -> None:
    rng = np.random.default_rng(3)
    angle = np.radians(rng.uniform(-30, 30))
    wide, tall = np.exp(rng.uniform(-0.5, 0.5, 2))
    shear = rng.uniform(-0.4, 0.4)
    sheared = wide * PLACES.real + shear * tall * PLACES.imag + 1j * tall * PLACES.imag
    found = augmented(3, rotation=30, scale=0.5, shear=0.4)
    np.testing.assert_allclose(found, sheared * np.exp(1j * angle), atol=1e-6)


def test_a_wave_bends_all_strokes_by_one_sine_for_x_and_one_for_y() -> None:
    rng = np.random.default_rng(5)
    rng.uniform(size=4)  # rotation, scale, shear
    frequencies, phases = rng.normal(0, 4, (2, 2)), rng.uniform(0, 2 * np.pi, 2)
    amplitudes = rng.normal(0, 0.1, 2)
    xy = np.stack([PLACES.real, PLACES.imag])
    x, y = (amplitudes[k] * np.sin(frequencies[:, k] @ xy + phases[k]) for k in (0, 1))
    np.testing.assert_allclose(augmented(5, wave=0.1) - PLACES, x + 1j * y, atol=1e-6)


def test_each_stroke_is_shifted_as_a_whole_with_the_deviation_asked_for() -> None:
    moved = np.array([augmented(seed, stroke_shift=0.02) - PLACES for seed in range(400)])
    first, second = moved[:, : len(DRAWING[0])], moved[:, len(DRAWING[0]) :]
    for stroke in (first, second):
        np.testing.assert_allclose(stroke, stroke[:, :1].repeat(stroke.shape[1], 1), atol=1e-6)
        assert stroke[:, 0].real.std() == pytest.approx(0.02, rel=0.1)
        assert stroke[:, 0].imag.std() == pytest.approx(0.02, rel=0.1)
    assert np.abs(first[:, 0] - second[:, 0]).min() > 1e-5


def test_every_drawing_is_another_picture_of_the_same_digit() -> None:
    rng = np.random.default_rng(0)
    drawings = augment(joined([trace_of(DRAWING)] * 20), rng, StrokeAugmentation())
    lines = np.split(np.stack([drawings.points.real, drawings.points.imag], 1), 20)
    pictures = [render(np.split(line, [len(DRAWING[0])])) for line in lines]
    assert len({picture.tobytes() for picture in pictures}) == 20
    likeness = [np.corrcoef(p.ravel(), render(DRAWING).ravel())[0, 1] for p in pictures]
    assert 0.5 < np.median(likeness) < 0.99


def test_a_slash_ends_between_a_tenth_inside_the_box_and_0_15_beyond_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stroke_augmentation, "EXTRA_LINE_DEVIATION", 0.0)
    rng, box = np.random.default_rng(0), trace_of([[(0, 0), (1, 1)]])
    drawings = with_extra_lines([0] * 8000, [box] * 8000, rng)
    slashes = np.array([ends_of_line(drawing, 2) for drawing in drawings if drawing is not box])
    beyond = slashes[:, 1, 0] - 1
    np.testing.assert_allclose(slashes[:, 0], np.stack([-beyond, 1 + beyond], axis=1))
    np.testing.assert_allclose(slashes[:, 1], np.stack([1 + beyond, -beyond], axis=1))
    assert -0.1 <= beyond.min() < -0.095
    assert 0.145 < beyond.max() <= 0.15


def test_a_dot_stays_a_dot() -> None:
    limits = StrokeAugmentation(**NONE)
    dot = augment(trace_of([[(5, 5)]]), np.random.default_rng(0), limits)
    assert dot.points.tolist() == [0]


def test_pen_widths_lie_evenly_around_the_frames_own() -> None:
    rng, limits = np.random.default_rng(0), StrokeAugmentation(pen_width=0.3)
    widths = np.log(random_pen_widths(2.0, 500, rng, limits) / 2.0)
    assert -0.3 <= widths.min() < -0.28
    assert 0.28 < widths.max() <= 0.3


@pytest.mark.parametrize(("digit", "probability"), [(0, 0.05), (7, 0.15), (5, 0)])
def test_some_zeros_are_slashed_and_some_sevens_barred(digit: int, probability: float) -> None:
    rng = np.random.default_rng(0)
    strokes = [np.array(line, np.float32) for line in {0: ZERO, 7: SEVEN, 5: FIVE}[digit]]
    trace = trace_of(strokes)
    drawings = with_extra_lines([digit] * 4000, [trace] * 4000, rng)
    count = len(trace.points)
    assert all((drawing.points[:count] == trace.points).all() for drawing in drawings)
    added = [ends_of_line(drawing, count) for drawing in drawings if drawing is not trace]
    assert len(added) / 4000 == pytest.approx(probability, abs=0.015)
    if added:
        points = np.concatenate(strokes)
        ends = (np.array(added) - points.min(axis=0)) / np.ptp(points, axis=0)
        # A slash reaches 0.025 beyond the corners on average, from bottom left to top right.
        wanted = {0: [(-0.025, 1.025), (1.025, -0.025)], 7: [(0.2, 0.5), (0.9, 0.5)]}[digit]
        np.testing.assert_allclose(ends.mean(axis=0), wanted, atol=0.03)
        assert ends.std(axis=0).max() < 0.13
