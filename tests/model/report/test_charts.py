"""Charts: the places of all points, measured by the labels of the visible grid."""

import math
import re
from itertools import accumulate
from typing import Any

import numpy as np
import pytest

from model.report.charts import accuracy_chart, loss_chart, reliability_chart, ten_bars
from model.report.markup import Element, html
from tests.model.report.made_page import Page

HISTORY: dict[str, Any] = {
    "steps_per_epoch": 4,
    "steps": [[2, 10.0, 0.0], [4, 1.0, 0.5], [8, 0.1, 0.9]],
    "epochs": [
        {"epoch": 1, "loss": 5.0, "accuracy": 0.4, "validation_accuracy": 0.8},
        {"epoch": 2, "loss": 0.5, "accuracy": 0.8, "validation_accuracy": 0.99},
    ],
}


def ticks(svg: Element, kind: str) -> dict[str, float]:
    """The places of the labels of an axis: x of those below it, y of those beside it."""
    axis, offset = ("x", 0) if kind == "middle" else ("y", 8)  # a label's foot is below its line
    labels = [text for group in svg.iter("g") if group.get("class") == kind for text in group]
    return {str(t.text).replace("\u202f", " "): float(t.get(axis, "")) - offset for t in labels}


def path(svg: Element, kind: str) -> str:
    """The path of that class; None if nothing is drawn."""
    found = [p.get("d", "") for p in svg.iter("path") if p.get("class") == kind]
    return found[0] if found else ""


def places(moves: str) -> list[tuple[float, float]]:
    """Every place of a path of relative moves, such as "m10 20 5 -3" or "m10 20h0m5 -3h0"."""
    numbers = [int(number) for number in re.findall(r"-?\d+", moves.replace("h0", ""))]
    return list(zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True))


def line(svg: Element, kind: str) -> list[tuple[float, float]]:
    moves = path(svg, kind)
    assert moves.count("m") <= 1, "a line is drawn without lifting the pen"
    return places(moves)


def dots(svg: Element) -> list[tuple[float, float]]:
    moves = path(svg, "dots")
    assert moves.count("m") == moves.count("h0") == len(places(moves))
    return places(moves)


def on(*wanted: tuple[float, float]) -> list[Any]:
    """These places, within the half unit that rounding to whole units loses."""
    return [(pytest.approx(x, abs=0.51), pytest.approx(y, abs=0.51)) for x, y in wanted]


def test_losses_lie_on_their_grid_lines_and_steps_at_their_epochs() -> None:
    svg = loss_chart(HISTORY)
    x, y = ticks(svg, "middle"), ticks(svg, "end")
    assert list(x) == ["0", "1", "2"]
    assert list(y) == ["0.1", "0.2", "0.5", "1", "2", "5", "10", "epoch"]
    half = (x["0"] + x["1"]) / 2
    assert line(svg, "steps") == on((half, y["10"]), (x["1"], y["1"]), (x["2"], y["0.1"]))
    assert dots(svg) == line(svg, "solid") == on((half, y["5"]), (x["1"] + half - x["0"], y["0.5"]))


def test_grid_lines_and_ticks_lie_at_their_labels() -> None:
    svg = loss_chart(HISTORY)
    x, y = ticks(svg, "middle"), ticks(svg, "end")
    rows = re.findall(r"M88 (\d+)H688", path(svg, "grid"))
    assert [float(row) for row in rows] == list(y.values())[
        :-1
    ]  # the last label is the axis's name
    columns = re.findall(r"M(\d+) 408v8", path(svg, "axis"))
    assert [float(column) for column in columns] == list(x.values())
    assert (min(y.values()), max(x.values())) == (16, 688)  # the edges of the chart


def test_without_single_steps_the_training_accuracy_is_that_of_the_epochs() -> None:
    svg = accuracy_chart(HISTORY | {"steps": []})
    x, y = ticks(svg, "middle"), ticks(svg, "end")
    half = (x["0"] + x["1"]) / 2
    assert line(svg, "thin")[1] == on((x["1"] + half - x["0"], y["80 %"]))[0]
    assert line(svg, "thin")[0][0] == half
    assert line(loss_chart(HISTORY | {"steps": []}), "steps") == []


def test_a_loss_that_has_no_logarithm_is_left_out() -> None:
    wrong = HISTORY | {"steps": [[2, math.nan, 0.0], [4, 0.0, 0.5], [6, math.inf, 0.9]]}
    assert line(loss_chart(wrong), "steps") == []
    assert "nan" not in html(loss_chart(wrong))


def test_accuracies_lie_on_their_grid_lines() -> None:
    svg = accuracy_chart(HISTORY)
    x, y = ticks(svg, "middle"), ticks(svg, "end")
    assert [*y][:-1] == ["0 %", "50 %", "80 %", "90 %", "95 %", "98 %", "99 %", "99.5 %"]
    assert line(svg, "steps")[1:] == on((x["1"], y["50 %"]), (x["2"], y["90 %"]))
    assert dots(svg) == line(svg, "solid") == on((x["1"], y["80 %"]), (x["2"], y["99 %"]))


def test_all_right_is_at_the_top_of_the_chart_and_not_above() -> None:
    row = {"epoch": 1, "loss": 0.1, "accuracy": 1.0, "validation_accuracy": 1.0}
    svg = accuracy_chart({"steps_per_epoch": 1, "steps": [[1, 0.1, 1.0]], "epochs": [row]})
    y = ticks(svg, "end")
    assert line(svg, "steps")[0][1] == dots(svg)[0][1] == min(y.values()) == y["99.95 %"]


@pytest.mark.parametrize(
    ("last", "labels"),
    [(1, "0 1"), (6, "0 1 2 3 4 5 6"), (7, "0 2 4 6"), (60, "0 10 20 30 40 50 60")],
)
def test_the_axis_has_few_epochs_and_whole_ones(last: int, labels: str) -> None:
    rows = [HISTORY["epochs"][0] | {"epoch": epoch} for epoch in range(1, last + 1)]
    assert " ".join(ticks(loss_chart(HISTORY | {"epochs": rows}), "middle")) == labels


def test_a_bin_lies_at_its_mean_confidence_and_its_accuracy_with_an_interval() -> None:
    images, right, confidence = np.zeros((3, 15))
    images[12], right[12], confidence[12] = 10, 6, 8.0
    svg = reliability_chart(images, right, confidence)
    x, y = ticks(svg, "middle"), ticks(svg, "end")
    assert dots(svg) == on((x["80 %"], y["60 %"]))
    (left, low), (also_left, high) = line(svg, "solid")
    assert left == also_left == x["80 %"]
    assert line(svg, "dashed") == [(x["0 %"], y["0 %"]), (x["100 %"], y["100 %"])]
    per_cent = (y["0 %"] - y["100 %"]) / 100
    assert (y["0 %"] - low) / per_cent == pytest.approx(31.3, abs=0.2)  # Wilson's for 6 of 10
    assert (y["0 %"] - high) / per_cent == pytest.approx(83.2, abs=0.2)


def test_ten_bars_are_as_tall_as_they_are_probable_and_one_leads() -> None:
    svg = ten_bars(np.array([0.5, 0.25, 0.25, *[0] * 7]))
    heights = [float(bar.get("height", "")) for bar in svg.iter("rect")]
    assert heights == [24, 12, 12, *[0] * 7]
    assert [bar.get("class") for bar in svg.iter("rect")] == ["is-leading", *[None] * 9]


def test_a_chart_is_well_formed_and_told_in_words() -> None:
    (svg,) = Page(f"<main>{html(loss_chart(HISTORY))}</main>").all("svg", "chart")
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Loss: 5 after the first epoch, 0.5 after epoch 2"


def test_a_chart_of_sixty_epochs_is_small() -> None:
    row = {"accuracy": 0.9, "validation_accuracy": 0.95}
    rows = [row | {"epoch": epoch, "loss": 1 / epoch} for epoch in range(1, 61)]
    history = {"steps_per_epoch": 1, "steps": [], "epochs": rows}
    assert [len(html(chart(history))) < 3_000 for chart in (loss_chart, accuracy_chart)] == [
        True
    ] * 2
