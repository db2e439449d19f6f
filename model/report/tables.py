"""Numbers of one network, or of several side by side, as HTML tables.

Every table has a caption and the scope of its heads, so that it can be heard.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from model.evaluation.metrics import BINS, f1, precision_recall
from model.network import Network
from model.report.markup import Element, element
from model.report.words import INTERVAL, learned_from, percent, scores
from model.types import Array

MAX_EPOCH_ROWS = 12  # in a table, besides the first epoch
UNKNOWN = "–"
# Fractions of a digit's images: mistakes below the first have a light shade, above the second a
# dark one.
LIGHT_SHADE_FRACTION, DARK_SHADE_FRACTION = 0.003, 0.01

Named = Sequence[tuple[str, Network]]


def overview_table(networks: Named) -> Element:
    """A column for each network, under the name by which it is served."""
    columns = []
    for _, network in networks:
        card = network.card
        columns.append(
            {
                "Learned weights": f"{network.size:,}",
                "Learned from": learned_from(card) or UNKNOWN,
                "Epochs": str(card.epochs or UNKNOWN),
                **dict(scores(card.metrics) if card.metrics else []),
            }
        )
    titles = max(columns, key=len)
    rows = [[title, *(column.get(title, UNKNOWN) for column in columns)] for title in titles]
    caption = (
        element("b", "Table 1."),
        " The networks, measured on test images, which none of them has learned from. "
        f"{INTERVAL}: how far off the accuracy may be, because the test images are only a sample. "
        "Top-3 accuracy: how often the digit was among the three that were found most probable. "
        "Macro F1: the mean of the ten numbers in Table 2. Calibration error: how far the "
        "probabilities are, on average, from how often the network is right.",
    )
    return _table(["Network", *_links(networks)], rows, "overview", *caption)


def f1_table(networks: Named) -> Element | None:
    """F1 of each digit, a column for each network that was measured; None where none was."""
    columns = [
        (pair, [f"{score:.4f}" for score in pair[1].card.metrics["per_digit"]])
        for pair in networks
        if pair[1].card.metrics
    ]
    if not columns:
        return None
    rows = []
    for digit in range(10):
        cells = [
            element("td", column[digit], class_="is-lowest")
            if column[digit] == min(column)
            else element("td", column[digit])
            for _, column in columns
        ]
        rows.append(element("tr", element("th", str(digit), scope="row"), *cells))
    caption = (
        element("b", "Table 2."),
        " F1 of each digit: 1 if all its images were read, and no other was taken for it. It joins "
        "two shares: of the images read as this digit, those that show it (precision), and of "
        "those that show it, those that were read so (recall). It is their harmonic mean, which "
        "lies nearer to the smaller one. The lowest of each network is underlined.",
    )
    return _whole(["Digit", *_links([pair for pair, _ in columns])], rows, "by-digit", *caption)


def layers_table(network: Network) -> Element:
    """What `print(network)` says."""
    rows = [["input", "", "1 × 28 × 28", ""]]
    for name, layer in network.layers.items():
        shape = " × ".join(map(str, network.shapes[name]))
        rows.append([name, repr(layer), shape, f"{layer.size:,}" if layer.size else ""])
    caption = f"The layers in order. The last scores become probabilities by {network.head!r}."
    return _table(["Layer", "Operation", "Output", "Weights"], rows, "layers", caption)


def confusion_table(counts: Array) -> Element:
    """counts (10, 10), see model.evaluation.metrics.confusion."""
    rows = []
    for label, row in enumerate(counts):
        cells = [element("th", str(label), scope="row")]
        for answer, count in enumerate(row):
            kind = "is-right" if answer == label else _shade(count / max(row.sum(), 1))
            cells.append(element("td", str(count), **({"class_": kind} if kind else {})))
        rows.append(element("tr", *cells))
    caption = (
        f"Confusion matrix of {counts.sum():,} test images: a row for each digit that was written, "
        "a column for each that was read. Right answers are framed. Mistakes are shaded, darker "
        f"from {percent(LIGHT_SHADE_FRACTION, 1)} "
        f"and again from {percent(DARK_SHADE_FRACTION, 0)} of the row."
    )
    return _whole(["Written", *map(str, range(len(counts)))], rows, "confusion", caption)


def digits_table(counts: Array) -> Element:
    """The number of images of each digit, and how well they are read."""
    precision, recall = precision_recall(counts)
    rows = [
        [str(digit), f"{count:,}", *(f"{score:.4f}" for score in each)]
        for digit, (count, *each) in enumerate(
            zip(counts.sum(axis=1), f1(counts), precision, recall, strict=True)
        )
    ]
    caption = (
        "Precision: the fraction of right answers among all images that were read as this digit. "
        "Recall: among all images of this digit. F1: the harmonic mean of the two."
    )
    return _table(["Digit", "Images", "F1", "Precision", "Recall"], rows, "digits", caption)


def bins_table(images: Array, right: Array, confidence: Array) -> Element:
    """Each (BINS,), see model.evaluation.metrics.reliability; empty bins are left out."""
    rows = [
        [
            f"{100 * i / BINS:.0f} to {percent((i + 1) / BINS, 0)}",
            f"{images[i]:,}",
            percent(confidence[i] / images[i], 1),
            percent(right[i] / images[i], 1),
        ]
        for i in np.flatnonzero(images)
    ]
    caption = "The same as numbers. Bins without images are left out."
    return _table(["Probability", "Images", "Mean probability", "Accuracy"], rows, "bins", caption)


def epochs_table(history: dict[str, Any]) -> Element:
    """The first epoch, some that are equally far apart, and the last; see `Training.record`."""
    last = history["epochs"][-1]["epoch"]
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, last) if last / s <= MAX_EPOCH_ROWS)
    rows = [
        [
            str(row["epoch"]),
            f"{row['loss']:.4f}",
            percent(row["accuracy"]),
            percent(row["validation_accuracy"]),
        ]
        for row in history["epochs"]
        if row["epoch"] in (1, last) or row["epoch"] % step == 0
    ]
    caption = "Loss, accuracy on training images during the epoch, on validation images after it."
    return _table(["Epoch", "Loss", "Training", "Validation"], rows, "epochs", caption)


def pairs(rows: Iterable[tuple[str, str]], kind: str) -> Element:
    """A list of names and what they are."""
    groups = [element("div", element("dt", name), element("dd", text)) for name, text in rows]
    return element("dl", *groups, class_=kind)


def _shade(fraction: float) -> str:
    """The class of a field with so many of its row's images."""
    if fraction == 0:
        return ""
    if fraction < LIGHT_SHADE_FRACTION:
        return "is-few"
    return "is-some" if fraction < DARK_SHADE_FRACTION else "is-many"


def _links(networks: Named) -> list[Element]:
    return [element("a", name, href=f"#{name}") for name, _ in networks]


def _table(
    head: Sequence[str | Element],
    rows: Iterable[Sequence[str]],
    kind: str,
    *caption: str | Element,
) -> Element:
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", x) for x in row[1:]))
        for row in rows
    ]
    return _whole(head, body, kind, *caption)


def _whole(
    head: Sequence[str | Element], body: Iterable[Element], kind: str, *caption: str | Element
) -> Element:
    titles = element("tr", *(element("th", title, scope="col") for title in head))
    return element(
        "table",
        element("caption", *caption),
        element("thead", titles),
        element("tbody", *body),
        class_=kind,
    )
