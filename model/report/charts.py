"""Charts of a training and of a network's honesty, as SVG that takes its colours from the page.

Nothing is told by colour alone: lines differ in dash, dots and width, and each chart has its
numbers as a table beside it (model/report.py).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from model.evaluation.metrics import BINS, wilson
from model.report.markup import Element, element
from model.report.words import SPACE, percent
from model.types import Array

WIDTH, HEIGHT = 360, 240  # in the chart's own units; a page scales it
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 8, 36
CORRECT = (0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95)  # ticks, per cent
DIGIT = 14  # width of one of ten bars

Point = tuple[float, float]
Scale = Callable[[float], float]


class Chart:
    """Axes, and what is drawn between them. A scale turns a value into a share of its axis."""

    def __init__(self, label: str, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y
        self.svg = element(
            "svg", class_="chart", view_box=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label
        )

    def axes(
        self,
        x_ticks: Iterable[tuple[float, str]],
        y_ticks: Iterable[tuple[float, str]],
        x_title: str,
    ) -> None:
        low = HEIGHT - BOTTOM
        for value, text in y_ticks:
            y = self._down(value)
            self._add("line", class_="grid", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y)
            self._add("text", text, class_="end", x=LEFT - 6, y=y + 4)
        for value, text in x_ticks:
            x = self._across(value)
            self._add("line", class_="tick", x1=x, y1=low, x2=x, y2=low + 4)
            self._add("text", text, class_="middle", x=x, y=low + 16)
        self._add("line", class_="axis", x1=LEFT, y1=low, x2=WIDTH - RIGHT, y2=low)
        self._add("text", x_title, class_="end", x=WIDTH - RIGHT, y=HEIGHT - 4)

    def line(self, points: Iterable[Point], kind: str) -> None:
        places = " ".join("{},{}".format(*self._place(point)) for point in points)
        self._add("polyline", class_=kind, points=places)

    def dots(self, points: Iterable[Point]) -> None:
        for point in points:
            x, y = self._place(point)
            self._add("circle", class_="dot", cx=x, cy=y, r=2)

    def _place(self, point: Point) -> Point:
        return self._across(point[0]), self._down(point[1])

    def _across(self, value: float) -> float:
        return round(LEFT + self.x(value) * (WIDTH - LEFT - RIGHT), 1)

    def _down(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - self.y(value) * (HEIGHT - TOP - BOTTOM), 1)

    def _add(self, tag: str, *children: str, **attributes: object) -> None:
        self.svg.append(element(tag, *children, **attributes))


def loss_chart(history: dict[str, Any]) -> Element:
    """The loss by step and by epoch, on a logarithmic scale.

    history: what `weights/<name>.history.json` holds, see Training.record.
    """
    per_epoch = history["steps_per_epoch"]
    by_step = _drawable((step / per_epoch, loss) for step, loss, _ in history["steps"])
    by_epoch = _drawable((row["epoch"] - 0.5, row["loss"]) for row in history["epochs"])
    values = [loss for _, loss in by_step + by_epoch] or [1.0]
    ticks = _loss_ticks(min(values), max(values))
    low, high = math.log(ticks[0]), math.log(ticks[-1])
    label = _from_to("Loss", [f"{row['loss']:.3g}" for row in history["epochs"]])
    chart = Chart(label, _epochs(history), lambda loss: (math.log(loss) - low) / (high - low))
    chart.axes(_epoch_ticks(history), [(tick, f"{tick:g}") for tick in ticks], "epoch")
    chart.line(by_step, "thin")
    _with_dots(chart, by_epoch)
    return chart.svg


def accuracy_chart(history: dict[str, Any]) -> Element:
    """Accuracy by step, and by epoch on validation images; ever finer towards 100 %."""
    per_epoch, rows = history["steps_per_epoch"], history["epochs"]
    by_step = [(step / per_epoch, accuracy) for step, _, accuracy in history["steps"]]
    kept = [(row["epoch"], row["validation_accuracy"]) for row in rows]
    best = 100 * max(accuracy for _, accuracy in by_step + kept)
    count = next((i for i, tick in enumerate(CORRECT) if tick > best), len(CORRECT) - 1) + 1
    ticks = [tick / 100 for tick in CORRECT[: max(count, 2)]]
    label = _from_to("Validation accuracy", [percent(y) for _, y in kept])
    top = _nines(ticks[-1])
    chart = Chart(label, _epochs(history), lambda share: min(_nines(share) / top, 1))
    chart.axes(
        _epoch_ticks(history), [(tick, f"{100 * tick:g}{SPACE}%") for tick in ticks], "epoch"
    )
    chart.line(by_step, "thin")
    _with_dots(chart, kept)
    return chart.svg


def reliability_chart(images: Array, right: Array, confidence: Array) -> Element:
    """The share read right by the probability of the answer, with 95 % intervals.

    Each (BINS,), see model.evaluation.metrics.reliability; on the diagonal the network is honest.
    """
    filled = np.flatnonzero(images)
    label = f"Share read right by probability of the answer, in {len(filled)} of {BINS} bins"
    chart = Chart(label, float, float)
    ticks = [(share / 10, percent(share / 10, 0)) for share in range(0, 11, 2)]
    chart.axes(ticks, ticks, "probability of the answer")
    chart.line([(0, 0), (1, 1)], "dashed")
    places = [(confidence[i] / images[i], right[i] / images[i]) for i in filled]
    for i, (x, _) in zip(filled, places, strict=True):
        low, high = wilson(int(right[i]), int(images[i]))
        chart.line([(x, low), (x, high)], "solid")
    chart.dots(places)
    return chart.svg


def ten_bars(probabilities: Array) -> Element:
    """The ten probabilities (10,) as columns over their digits; the caption tells them."""
    svg = element("svg", class_="ten", view_box=f"0 0 {10 * DIGIT} 64", aria_hidden="true")
    for digit, share in enumerate(probabilities):
        tall = round(48 * float(share), 1)
        kind = "bar is-leading" if digit == int(np.argmax(probabilities)) else "bar"
        place = {"x": digit * DIGIT + 2, "y": 49 - tall, "width": DIGIT - 4, "height": tall}
        svg.append(element("rect", class_=kind, **place))
        svg.append(element("text", str(digit), class_="middle", x=(digit + 0.5) * DIGIT, y=61))
    svg.append(element("line", class_="axis", x1=0, y1=49, x2=10 * DIGIT, y2=49))
    return svg


def _with_dots(chart: Chart, points: Sequence[Point]) -> None:
    chart.line(points, "solid")
    chart.dots(points)


def _drawable(points: Iterable[Point]) -> list[Point]:
    """Without losses that a logarithm cannot take: of a run gone wrong, or of nothing at all."""
    return [(x, loss) for x, loss in points if 0 < loss < math.inf]


def _nines(share: float) -> float:
    """0 % → 0, 90 % → 1, 99 % → 2: a step for every tenth of the mistakes."""
    return -math.log10(max(1 - share, 1e-9))


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
