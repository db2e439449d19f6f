"""A page about a trained network: what it is, how it learnt, how well it reads, where it fails.

Everything is worked out anew from the weights and the test images of a data set; the page is one
file that needs nothing else. Its pictures of digits come from the data that its reader has, so a
report stays beside them and is never committed.
"""

from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from model.data.datasets import Dataset
from model.evaluation import metrics
from model.network import Network
from model.report.charts import accuracy_chart, loss_chart, reliability_chart
from model.report.gallery import answered, before_and_after, kernel
from model.report.markup import Element, element, html
from model.report.tables import (
    bins_table,
    confusion_table,
    digits_table,
    epochs_table,
    layers_table,
    pairs,
)
from model.report.words import SPACE, dataset_title, facts, percent, sureness
from model.types import Array
from model.variants import VARIANTS, build

PAGE = Path(__file__).with_name("page.html")
STYLE = Path(__file__).with_name("page.css")
INTERVAL = f"95{SPACE}% interval"
WORST = 60  # mistakes shown, the most confident first
ORDINARY = 120  # test images shown that were drawn by lot


def write_report(
    network: Network, dataset: Dataset, folder: Path, history: dict[str, Any] | None
) -> Path:
    """Write folder/index.html, one self-contained page, and return its path.

    dataset: its test images are read, whatever the network was trained on
    history: what `weights/<name>.history.json` holds; where there is none, the page says so
    """
    probabilities = network.predict(dataset.test_images)
    parts = (
        _what_it_is(network, dataset)
        | _how_well(network, probabilities, dataset)
        | _digits(probabilities, dataset)
        | _inside(network, probabilities, dataset)
        | {"style": STYLE.read_text("utf-8"), "curves": _curves(history)}
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
            f"It learnt from digits placed in their pictures as {card.frame} places them; those "
            f"that it is measured on here are placed as {dataset.frame} does. Expect more mistakes."
        )
        warning = html(element("p", text, class_="warning"))
    return {
        "title": html(variant.title),
        "byline": html(f"{network.name}, {variant.origin}"),
        "warning": warning,
        "layers": html(layers_table(network)),
        "head": html(repr(network.head)),
        "facts": html(pairs(facts(card), "facts")),
    }


def _how_well(network: Network, probabilities: Array, dataset: Dataset) -> dict[str, str]:
    found = metrics.compute_metrics(probabilities, dataset.test_labels)
    bins = metrics.reliability(probabilities, dataset.test_labels)
    counts = np.array(found["confusion"])
    low, high = found["interval"]
    share, interval = percent(found["accuracy"]), f"{percent(low)} to {percent(high)}"
    abstract = (
        f"This network of {network.size:,} parameters reads {share} of {found['images']:,} test "
        f"images correctly ({INTERVAL} {interval}; {dataset_title(dataset.name)}). "
        f"The right digit is among its first three in {percent(found['top3'])} of all cases."
    )
    scores = [
        ("Read right", share),
        (INTERVAL, interval),
        ("Mistakes", f"{found['images'] - int(np.trace(counts)):,} of {found['images']:,}"),
        ("In the first three", percent(found["top3"])),
        ("Macro F1", f"{found['macro_f1']:.4f}"),
        ("Calibration error", percent(found["ece"])),
    ]
    return {
        "abstract": html(abstract),
        "scores": html(pairs(scores, "scores")),
        "ece": html(percent(found["ece"])),
        "confusion": html(confusion_table(counts)),
        "digits": html(digits_table(counts)),
        "reliability": html(reliability_chart(*bins)),
        "bins": html(bins_table(*bins)),
    }


def _curves(history: dict[str, Any] | None) -> str:
    if history is None:
        text = "There is no record of its training beside the weights, so there are no curves."
        return html(element("p", text))
    loss = _figure(
        loss_chart(history),
        "The loss. Thin: while it learnt; an epoch is "
        f"{history['steps_per_epoch']:,} steps. Dots: the mean of each epoch.",
    )
    accuracy = _figure(
        accuracy_chart(history),
        "Accuracy. Thin: on the training images while they are learnt, distorted if they were. "
        "Dots: on the validation images after each epoch. The scale grows finer towards 100 %.",
    )
    numbers = element("details", element("summary", "The epochs as numbers"), epochs_table(history))
    return html(element("div", loss, accuracy, class_="halves"), numbers)


def _digits(probabilities: Array, dataset: Dataset) -> dict[str, str]:
    """The galleries of the worst mistakes and of ordinary digits, and a sentence for each."""
    labels, n = dataset.test_labels, len(dataset.test_labels)
    wrong = probabilities.argmax(axis=1) != labels
    # Stable, so that equally confident mistakes keep the order of the data set.
    by_confidence = np.argsort(-probabilities.max(axis=1), kind="stable")
    mistakes = by_confidence[wrong[by_confidence]]
    worst = mistakes[:WORST]
    ordinary = np.sort(np.random.default_rng(0).permutation(n)[:ORDINARY])

    def gallery(chosen: Array) -> str:
        return html(
            *(
                answered(dataset.test_images[i], int(labels[i]), probabilities[i], int(i))
                for i in chosen
            )
        )

    return {
        "worst": gallery(worst),
        "worst_words": html(_worst_words(probabilities[mistakes].max(axis=1), len(worst))),
        "ordinary": gallery(ordinary),
        "ordinary_words": html(
            f"{len(ordinary):,} of the {n:,} test images, drawn by lot; "
            f"read wrongly: {int(wrong[ordinary].sum()):,}. Below each its three best answers."
        ),
    }


def _worst_words(confidence: Array, shown: int) -> str:
    """confidence: of every mistake, largest first."""
    if not len(confidence):
        return "It made no mistake."
    how_many = f"Its {shown} most confident mistakes of {len(confidence):,}"
    return (
        f"{how_many}, the most confident first, "
        f"from {sureness(float(confidence[0]))} down to {sureness(float(confidence[shown - 1]))}. "
        "Each with what was meant, what was read and its three best answers."
    )


def _inside(network: Network, probabilities: Array, dataset: Dataset) -> dict[str, str]:
    """What training changed, and the kernels that it found."""
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
        "kernels": html(*(kernel(w[0], i) for i, w in enumerate(weights, start=1))),
    }


def _figure(picture: Element, caption: str) -> Element:
    return element("figure", picture, element("figcaption", caption))
