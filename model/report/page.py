"""A page about a trained network: what it is, how it learned, how well it reads, where it fails.

Everything is computed anew from the weights and the test images of a data set. The page is one
file that needs nothing else. It shows images of that data set, so it stays with those who have the
data and is never committed.
"""

from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from model.card import Card, Metrics
from model.data.datasets import Dataset
from model.evaluation import metrics
from model.network import Network
from model.report.charts import reliability_chart
from model.report.gallery import before_and_after, digit_figure, kernel_figure
from model.report.markup import element, html
from model.report.parts import STYLES, gate_part, network_parts
from model.report.tables import bins_table, digits_table, pairs
from model.report.words import INTERVAL, dataset_title, interval, percent, scores, sureness
from model.types import Array
from model.variants import VARIANTS, build

PAGE = Path(__file__).with_name("page.html")
SHEETS = ("base.css", "network.css", "report.css")
SHOWN_MISTAKES = 60  # the most confident first
SHOWN_SAMPLES = 120  # test images drawn at random


def write_report(
    network: Network,
    dataset: Dataset,
    folder: Path,
    history: dict[str, Any] | None,
    gate: Card | None = None,
) -> Path:
    """Write folder/index.html, one self-contained page, and return its path.

    network: a reader
    dataset: its test images are read, whatever the network was trained on
    history: what `weights/<name>.history.json` holds; without it the card's epochs are drawn
    gate:    the card of the gate beside it, if there is one
    """
    probabilities = network.predict(dataset.test_images)
    found = metrics.compute_metrics(probabilities, dataset.test_labels)
    parts = (
        network_parts(network, found, history)
        | _what_it_is(network, dataset)
        | _how_well(network, found, dataset)
        | _calibration(probabilities, dataset)
        | _digits(probabilities, dataset)
        | _inside(network, probabilities, dataset)
        | {"gate": gate_part(gate)}
        | {"style": "".join((STYLES / name).read_text("utf-8") for name in SHEETS)}
    )
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(Template(PAGE.read_text("utf-8")).substitute(parts), "utf-8")
    return page


def _what_it_is(network: Network, dataset: Dataset) -> dict[str, str]:
    card, variant = network.card, VARIANTS[network.name]
    warning = ""
    if card.frame != dataset.frame:
        text = (
            f"The network learned from digits placed as in {card.frame}; the test images here are "
            f"placed as in {dataset.frame}. Expect more mistakes."
        )
        warning = html(element("p", text, class_="warning"))
    return {
        "title": html(variant.title),
        "byline": html(f"{network.name}, {variant.origin}"),
        "warning": warning,
    }


def _how_well(network: Network, found: Metrics, dataset: Dataset) -> dict[str, str]:
    abstract = (
        f"This network of {network.size:,} learned weights reads {percent(found['accuracy'])} of "
        f"{found['images']:,} test images correctly ({INTERVAL} {interval(found['interval'])}; "
        f"{dataset_title(dataset.name)}). The right digit is among its first three in "
        f"{percent(found['top3'])} of all cases."
    )
    return {
        "abstract": html(abstract),
        "scores": html(pairs(scores(found), "scores")),
        "ece": html(percent(found["ece"])),
        "digits": html(digits_table(np.array(found["confusion"]))),
    }


def _calibration(probabilities: Array, dataset: Dataset) -> dict[str, str]:
    bins = metrics.reliability(probabilities, dataset.test_labels)
    return {"reliability": html(reliability_chart(*bins)), "bins": html(bins_table(*bins))}


def _digits(probabilities: Array, dataset: Dataset) -> dict[str, str]:
    """The galleries of the worst mistakes and of ordinary digits, and a sentence for each."""
    labels, n = dataset.test_labels, len(dataset.test_labels)
    wrong = probabilities.argmax(axis=1) != labels
    # Stable, so that equally confident mistakes keep the order of the data set.
    by_confidence = np.argsort(-probabilities.max(axis=1), kind="stable")
    mistakes = by_confidence[wrong[by_confidence]]
    worst = mistakes[:SHOWN_MISTAKES]
    ordinary = np.sort(np.random.default_rng(0).permutation(n)[:SHOWN_SAMPLES])

    def gallery(chosen: Array) -> str:
        return html(
            *(
                digit_figure(dataset.test_images[i], int(labels[i]), probabilities[i], int(i))
                for i in chosen
            )
        )

    return {
        "worst": gallery(worst),
        "worst_words": html(_worst_words(probabilities[mistakes].max(axis=1), len(worst))),
        "ordinary": gallery(ordinary),
        "ordinary_words": html(
            f"{len(ordinary):,} of the {n:,} test images, drawn at random; "
            f"mistakes among them: {int(wrong[ordinary].sum()):,}. "
            "Below each are its three most probable digits."
        ),
    }


def _worst_words(confidence: Array, shown: int) -> str:
    """confidence: of every mistake, largest first."""
    if not len(confidence):
        return "It made no mistake."
    return (
        f"Its {shown} most confident mistakes of {len(confidence):,}, "
        f"from {sureness(float(confidence[0]))} down to {sureness(float(confidence[shown - 1]))}. "
        "Below each are its label, the answer and the three most probable digits."
    )


def _inside(network: Network, probabilities: Array, dataset: Dataset) -> dict[str, str]:
    """What training changed, and the kernels of the first layer."""
    digits, first = np.unique(dataset.test_labels, return_index=True)
    untrained = build(network.name, network.card.seed or 0)
    before = untrained.predict(dataset.test_images[first])
    changes = [
        before_and_after(dataset.test_images[i], int(digit), b, probabilities[i])
        for digit, i, b in zip(digits, first, before, strict=True)
    ]
    name, weights = next((k, w) for k, w in network.parameters.items() if w.ndim == 4)
    return {
        "changes": html(*changes),
        "first_layer": html(name.partition(".")[0].upper()),
        "kernels": html(*(kernel_figure(w[0], i) for i, w in enumerate(weights, start=1))),
    }
