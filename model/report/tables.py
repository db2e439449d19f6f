"""The numbers of a report as HTML tables."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from model.evaluation.metrics import BINS, f1, precision_recall
from model.network import Network
from model.report.markup import Element, element
from model.report.words import percent
from model.types import Array


def layers_table(network: Network) -> Element:
    """What `print(network)` says."""
    rows = [["input", "", "1 × 28 × 28", ""]]
    for name, layer in network.layers.items():
        shape = " × ".join(map(str, network.shapes[name]))
        rows.append([name, repr(layer), shape, f"{layer.size:,}" if layer.size else ""])
    return _table(["layer", "operation", "output", "parameters"], rows, "layers")


def confusion_table(counts: Array) -> Element:
    """counts (10, 10), see model.evaluation.metrics.confusion."""
    mistakes = counts - np.diag(np.diag(counts))
    most = max(int(mistakes.max()), 1)
    rows = []
    for label, row in enumerate(counts):
        cells = [element("th", str(label), scope="row")]
        for answer, count in enumerate(row):
            kind = "hit" if answer == label else "miss" if count else "none"
            share = np.sqrt(mistakes[label, answer] / most)  # of the area: few mistakes show too
            cells.append(element("td", str(count), class_=kind, style=f"--share:{share:.2f}"))
        rows.append(element("tr", *cells))
    return _whole(["", *map(str, range(len(counts)))], rows, "confusion")


def digits_table(counts: Array) -> Element:
    """How many images of each digit there are, and how well it is found among them."""
    precision, recall = precision_recall(counts)
    rows = [
        [str(digit), f"{count:,}", *(f"{score:.4f}" for score in scores)]
        for digit, (count, *scores) in enumerate(
            zip(counts.sum(axis=1), f1(counts), precision, recall, strict=True)
        )
    ]
    return _table(["digit", "images", "F1", "precision", "recall"], rows, "digits")


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
    return _table(["probability", "images", "mean", "read right"], rows, "bins")


def epochs_table(history: dict[str, Any]) -> Element:
    """history: see Training.record."""
    rows = [
        [
            str(row["epoch"]),
            f"{row['loss']:.4f}",
            percent(row["accuracy"]),
            percent(row["validation_accuracy"]),
        ]
        for row in history["epochs"]
    ]
    return _table(["epoch", "loss", "training", "validation"], rows, "epochs")


def pairs(rows: Iterable[tuple[str, str]], kind: str) -> Element:
    """A list of names and what they are."""
    groups = [element("div", element("dt", name), element("dd", text)) for name, text in rows]
    return element("dl", *groups, class_=kind)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> Element:
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", x) for x in row[1:]))
        for row in rows
    ]
    return _whole(head, body, kind)


def _whole(head: Sequence[str], body: Iterable[Element], kind: str) -> Element:
    titles = element("tr", *(element("th", title, scope="col") for title in head))
    return element("table", element("thead", titles), element("tbody", *body), class_=kind)
