"""No drawing costs more than its number of points allows, whatever its geometry.

Comparisons of a pixel with a line, and bytes, are counted instead of seconds.
"""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.dearest import SWITCHES, ink, inks, powers
from model.frames import SIDE
from model.ink import Canvas, Normalise, pen, render, stages
from model.ink.smooth import LONGEST_PX, RESAMPLE_STEP_PX, smooth
from model.ink.stages import MAX_LINES, SCALE
from model.ink.trace import trace_of

MOST_POINTS = 3_000
SMOOTHED_POINTS = 2 * LONGEST_PX / RESAMPLE_STEP_PX  # more than that many are not smoothed
LINES = MOST_POINTS + SMOOTHED_POINTS
# For each line of a picture: the pixels, and before them the cells.
PIXELS = SIDE**2 * (1 + 1 / pen.CELL**2)
BYTES = 3_000_000 + 200 * LINES

drawings = inks(most_strokes=300, most_points=MOST_POINTS)
switches = st.builds(Normalise, **dict.fromkeys(SWITCHES, st.booleans()))
sides = powers(1e-9, 1e9)
canvases = st.none() | st.builds(Canvas, sides, sides, sides)
zigzag = {
    **{"shape": "zigzag", "points": MOST_POINTS, "strokes": 1, "size": 100.0, "height": 1.0},
    **{"noise": 0.0, "seed": 0},
}
cloud = zigzag | {"shape": "cloud"}  # with a fine brush no pixel becomes black


@pytest.fixture(scope="module")
def compared() -> Iterator[list[float]]:
    """Numbers of comparisons, one for each call; those in windows count as they cost."""
    counts: list[float] = []
    squares, windows = pen._squares, pen.Pen._compare

    def all_pixels(frames: Any, halves: Any, pixels: Any) -> Any:
        counts.append(len(halves) * pixels.shape[1])
        return squares(frames, halves, pixels)

    def in_windows(self: pen.Pen, nearest: Any, middles: Any, part: slice) -> None:
        # `all_pixels` counts them once more.
        counts.append((pen.WINDOW_COST - 1) * len(middles[part]) * self.window**2)
        windows(self, nearest, middles, part)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pen, "_squares", all_pixels)
        patch.setattr(pen.Pen, "_compare", in_windows)
        yield counts


@settings(max_examples=30)
@given(drawings, switches, canvases)
@example(zigzag, Normalise(size=False), None)
@example(zigzag, Normalise(False, False, False, False), Canvas(1e-9, 1e-9, 1e9))
def test_a_picture_costs_no_more_than_all_its_lines_compared_with_all_pixels(
    compared: list[float], drawing: dict[str, Any], normalise: Normalise, canvas: Canvas | None
) -> None:
    compared.clear()
    picture = render(ink(**drawing), normalise=normalise, canvas=canvas)
    assert sum(compared) <= 2 * LINES * PIXELS  # the second is centred by the first
    assert np.isfinite(picture).all()
    assert 0 <= picture.min() <= picture.max() <= 1


@settings(max_examples=20)
@given(drawings, switches, canvases)
@example(cloud, Normalise(False, False, False, False), Canvas(100, 100, 0.1))
def test_the_stages_cost_no_more_than_a_number_of_lines_drawn_enlarged(
    compared: list[float], drawing: dict[str, Any], normalise: Normalise, canvas: Canvas | None
) -> None:
    compared.clear()
    pictures = stages(ink(**drawing), normalise=normalise, canvas=canvas)
    enlarged = max(MAX_LINES * SCALE**2, LINES)
    assert sum(compared) <= (3 * LINES + 4 * enlarged) * PIXELS
    assert all(np.isfinite(picture).all() for picture in pictures.values())


@settings(max_examples=20)
@given(drawings, switches, canvases)
@example(zigzag, Normalise(), Canvas(1e9, 1e9, 1e9))
def test_memory_grows_with_the_points_alone(
    drawing: dict[str, Any], normalise: Normalise, canvas: Canvas | None
) -> None:
    strokes = ink(**drawing)
    tracemalloc.start()
    try:
        stages(strokes, normalise=normalise, canvas=canvas)
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


@settings(max_examples=30)
@given(drawings)
@example(zigzag)
def test_smoothing_adds_a_bounded_number_of_points(drawing: dict[str, Any]) -> None:
    trace = trace_of(ink(**drawing))
    assert len(smooth(trace).points) <= len(trace.points) + SMOOTHED_POINTS
