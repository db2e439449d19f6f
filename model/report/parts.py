"""Parts of every page about a network: its facts, layers, curves and confusion matrix.

The page /models takes them from the networks' cards. A report of train.py adds what needs the
images of a data set (model/report/page.py).
"""

from pathlib import Path
from typing import Any

import numpy as np

from model.card import Card, Metrics
from model.network import Network
from model.report.charts import accuracy_chart, loss_chart
from model.report.markup import Element, element, html
from model.report.tables import (
    Named,
    confusion_table,
    epochs_table,
    f1_table,
    layers_table,
    overview_table,
    pairs,
)
from model.report.words import facts, gate_in_words

STYLES = Path(__file__).with_name("styles")  # base.css and network.css are for /models too


def network_parts(
    network: Network, metrics: Metrics | None = None, history: dict[str, Any] | None = None
) -> dict[str, str]:
    """HTML by name: facts, layers, curves, confusion. A sentence replaces unknown parts.

    metrics: of some test images; without them those of the card
    history: see `Training.record`; without it what the card says of its epochs
    """
    card = network.card
    return {
        "facts": html(pairs(facts(card), "facts")),
        "layers": html(layers_table(network)),
        "curves": html(*_curves(history or record_of(card))),
        "confusion": html(_confusion(card.model, metrics or card.metrics)),
    }


def comparison(networks: Named) -> str:
    """HTML: tables with a column for each network, under the name by which it is served."""
    tables = [overview_table(networks), f1_table(networks)]
    return html(*(table for table in tables if table is not None))


def gate_part(card: Card | None) -> str:
    """HTML: what the gate does; nothing without one."""
    return html(element("p", gate_in_words(card), class_="gate")) if card else ""


def record_of(card: Card) -> dict[str, Any] | None:
    """A card's history as `Training.record` has it, without single steps; None without history."""
    if not card.history:
        return None
    return {"steps_per_epoch": 1, "steps": [], "epochs": card.history}


def figure(picture: Element, caption: str) -> Element:
    """A picture and, below it, its caption."""
    return element("figure", picture, element("figcaption", caption))


def _curves(history: dict[str, Any] | None) -> list[Element]:
    if history is None:
        return [element("p", "There is no record of its training, so there are no curves.")]
    when, steps = "during each epoch", ""
    if history["steps"]:
        when = "during training"
        steps = f" Thin line: single steps, {history['steps_per_epoch']:,} in an epoch."
    loss = figure(
        loss_chart(history), f"Loss on a logarithmic scale. Dots: mean of each epoch.{steps}"
    )
    accuracy = figure(
        accuracy_chart(history),
        f"Accuracy. Thin line: on the training images {when}, distorted if the recipe says so. "
        "Dots: on the validation images after each epoch. The scale is finer towards 100 %.",
    )
    fold = element("details", element("summary", "The curves as numbers"), epochs_table(history))
    return [element("div", loss, accuracy, class_="halves"), fold]


def _confusion(model: str, metrics: Metrics | None) -> Element:
    if metrics is not None:
        return confusion_table(np.array(metrics["confusion"]))
    command = element("code", f"python train.py --model {model}")
    text = "It has not been measured on test images yet. Train it with "
    return element("p", text, command, ", which measures it at the end.")
