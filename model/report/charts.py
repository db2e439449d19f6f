"""Charts of a training and of a network's calibration, as SVG that takes its colours from the page.

Nothing is told by colour alone: lines differ in dash, dots and width, and each chart has its
numbers as a table beside it (model/report/tables.py). All points of a line are one path, in whole
steps from point to point, so a chart of 60 epochs takes 2 kB.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from model.evaluation.metrics import BINS, wilson
from model.report.markup import Element, element
from model.report.words import SPACE, percent
from model.types import Array

WIDTH, HEIGHT = 720, 480  # in the chart's own units; a page scales it
LEFT, RIGHT, TOP, BOTTOM = 88, 32, 16, 72  # from the sides to the axes
TICKS = (0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95)  # of the accuracy, per cent
COLUMN = 14  # width of one of ten bars, in the units of their own picture

Point = tuple[float, float]
Scale = Callable[[float], float]


class Chart:
    """Axes, and what is drawn between them. A scale turns a value into a fraction of its axis."""

    def __init__(self, label: str, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y
        self.svg = element(
            "svg", class_="chart", view_box=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label
        )

    def axes(
        self,
        x_ticks: Sequence[tuple[float, str]],
        y_ticks: Sequence[tuple[float, str]],
        x_title: str,
    ) -> None:
        """Ticks are values with their labels."""
        low, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        rows = [self._down(value) for value, _ in y_ticks]
        columns = [self._across(value) for value, _ in x_ticks]
        self._path("grid", [f"M{LEFT} {y}H{right}" for y in rows])
        self._path("axis", [f"M{LEFT} {low}H{right}", *(f"M{x} {low}v8" for x in columns)])
        y_labels = zip([text for _, text in y_ticks], rows, strict=True)
        x_labels = zip([text for _, text in x_ticks], columns, strict=True)
        self._labels("end", [(text, LEFT - 12, y + 8) for text, y in y_labels])
        self._labels("middle", [(text, x, low + 32) for text, x in x_labels])
        self._labels("end", [(x_title, right, HEIGHT - 8)])

    def line(self, points: Iterable[Point], css_class: str) -> None:
        """css_class: steps (many points), thin, solid or dashed."""
        steps = " ".join(f"{x} {y}" for x, y in self._moves(points))
        self._path(css_class, [f"m{steps}"] if steps else [])

    def dots(self, points: Iterable[Point]) -> None:
        """A line of no length with round ends is a dot."""
        self._path("dots", [f"m{x} {y}h0" for x, y in self._moves(points)])

    def _moves(self, points: Iterable[Point]) -> list[tuple[int, int]]:
        """The first place, and from each place to the next."""
        places = [(self._across(x), self._down(y)) for x, y in points]
        moves = [(x - left, y - above) for (left, above), (x, y) in pairwise(places)]
        return places[:1] + moves

    def _across(self, value: float) -> int:
        return round(LEFT + self.x(value) * (WIDTH - LEFT - RIGHT))

    def _down(self, value: float) -> int:
        return round(HEIGHT - BOTTOM - self.y(value) * (HEIGHT - TOP - BOTTOM))

    def _path(self, css_class: str, steps: Sequence[str]) -> None:
        if steps:
            self.svg.append(element("path", class_=css_class, d="".join(steps)))

    def _labels(self, css_class: str, labels: Iterable[tuple[str, int, int]]) -> None:
        texts = [element("text", text, x=x, y=y) for text, x, y in labels]
        self.svg.append(element("g", *texts, class_=css_class))


def loss_chart(history: dict[str, Any]) -> Element:
    """The loss by step, where it is known, and by epoch, on a logarithmic scale.

    history: see `Training.record` and `record_of`.
    """
    by_step = _positive((epoch, loss) for epoch, loss, _ in _steps(history))
    by_epoch = _positive((row["epoch"] - 0.5, row["loss"]) for row in history["epochs"])
    values = [loss for _, loss in by_step + by_epoch] or [1.0]
    ticks = _loss_ticks(min(values), max(values))
    low, high = math.log(ticks[0]), math.log(ticks[-1])
    label = _from_to("Loss", [f"{row['loss']:.3g}" for row in history["epochs"]])
    chart = Chart(label, _epochs(history), lambda loss: (math.log(loss) - low) / (high - low))
    chart.axes(_epoch_ticks(history), [(tick, f"{tick:g}") for tick in ticks], "epoch")
    chart.line(by_step, "steps")
    chart.line(by_epoch, "solid")
    chart.dots(by_epoch)
    return chart.svg


def accuracy_chart(history: dict[str, Any]) -> Element:
    """Accuracy on training images (by step, where that is known), and on validation images.

    Every tenth of the mistakes takes as much room as the last: 90 %, 99 %, 99.9 %.
    """
    rows = history["epochs"]
    training = [(epoch, accuracy) for epoch, _, accuracy in _steps(history)]
    training = training or [(row["epoch"] - 0.5, row["accuracy"]) for row in rows]
    validation = [(row["epoch"], row["validation_accuracy"]) for row in rows]
    best = 100 * max(accuracy for _, accuracy in training + validation)
    count = next((i for i, tick in enumerate(TICKS) if tick > best), len(TICKS) - 1) + 1
    ticks = [tick / 100 for tick in TICKS[: max(count, 2)]]
    label = _from_to("Validation accuracy", [percent(y) for _, y in validation])
    top = _nines(ticks[-1])
    chart = Chart(label, _epochs(history), lambda accuracy: min(_nines(accuracy) / top, 1))
    y_ticks = [(tick, f"{100 * tick:g}{SPACE}%") for tick in ticks]
    chart.axes(_epoch_ticks(history), y_ticks, "epoch")
    chart.line(training, "steps" if history["steps"] else "thin")
    chart.line(validation, "solid")
    chart.dots(validation)
    return chart.svg


def reliability_chart(images: Array, right: Array, confidence: Array) -> Element:
    """Accuracy by the probability of the answer, with 95 % intervals.

    Each (BINS,), see model.evaluation.metrics.reliability. A calibrated network lies on the
    diagonal.
    """
    filled = np.flatnonzero(images)
    label = f"Accuracy by probability of the answer, in {len(filled)} of {BINS} bins"
    chart = Chart(label, float, float)
    ticks = [(tenth / 10, percent(tenth / 10, 0)) for tenth in range(0, 11, 2)]
    chart.axes(ticks, ticks, "probability of the answer")
    chart.line([(0, 0), (1, 1)], "dashed")
    places = [(confidence[i] / images[i], right[i] / images[i]) for i in filled]
    for i, (x, _) in zip(filled, places, strict=True):
        low, high = wilson(int(right[i]), int(images[i]))
        chart.line([(x, low), (x, high)], "solid")
    chart.dots(places)
    return chart.svg


def ten_bars(probabilities: Array) -> Element:
    """The ten probabilities (10,) as columns over their digits; the caption names them."""
    width, best = 10 * COLUMN, int(np.argmax(probabilities))
    svg = element("svg", class_="ten", view_box=f"0 0 {width} 64", aria_hidden="true")
    for digit, probability in enumerate(probabilities):
        height = round(48 * float(probability), 1)
        place = {"x": digit * COLUMN + 2, "y": 49 - height, "width": COLUMN - 4, "height": height}
        leading = {"class_": "is-leading"} if digit == best else {}
        svg.append(element("rect", **place, **leading))
        svg.append(element("text", str(digit), x=(digit + 0.5) * COLUMN, y=61))
    svg.append(element("line", x1=0, y1=49, x2=width, y2=49))
    return svg


def _steps(history: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Epoch, as a fraction of it has passed, loss and accuracy of each step."""
    per_epoch = history["steps_per_epoch"]
    return [(step / per_epoch, loss, accuracy) for step, loss, accuracy in history["steps"]]


def _positive(points: Iterable[Point]) -> list[Point]:
    """Without losses that have no finite logarithm, such as those of a diverged training."""
    return [(x, loss) for x, loss in points if 0 < loss < math.inf]


def _nines(accuracy: float) -> float:
    """0 % → 0, 90 % → 1, 99 % → 2."""
    return -math.log10(max(1 - accuracy, 1e-9))


def _loss_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten, around all values."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = [m * 10.0**power for power in range(first, last + 1) for m in (1, 2, 5)]
    start = max(i for i, tick in enumerate(every) if tick <= low)
    end = next(i for i, tick in enumerate(every) if tick >= high and i > start)
    return every[start : end + 1]


def _epochs(history: dict[str, Any]) -> Scale:
    last = history["epochs"][-1]["epoch"]
    return lambda epoch: epoch / last


def _epoch_ticks(history: dict[str, Any]) -> list[tuple[float, str]]:
    last = history["epochs"][-1]["epoch"]
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, last) if last / s <= 6)
    return [(epoch, str(epoch)) for epoch in range(0, last + 1, step)]


def _from_to(what: str, values: Sequence[str]) -> str:
    return f"{what}: {values[0]} after the first epoch, {values[-1]} after epoch {len(values)}"
