"""The pages. Everything on them is in templates/; here is what they are told."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template

from app.reader import Reader
from model import Network
from model.card import Epoch
from model.frames import FRAMES
from model.report import (
    accuracy_chart,
    dataset_title,
    html,
    loss_chart,
    percent,
    recipe_in_words,
)
from model.variants import VARIANTS

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(percent)


@blueprint.after_request
def keep(response: Response) -> Response:
    """A page may be kept, but is asked for again; see app/security.py."""
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/")
def index() -> str:
    """The page with the pad.

    networks: name, origin, parameters, accuracy of each network, the default one first
    default:  name of the network that reads where none is chosen
    """
    reader = _reader()
    networks = [
        {
            "name": name,
            "origin": VARIANTS[network.name].origin,
            "parameters": network.size,
            "accuracy": network.card.metrics and network.card.metrics["accuracy"],
        }
        for name, network in reader.networks()
    ]
    return render_template("index.html", networks=networks, default=reader.default)


@blueprint.get("/models")
def models() -> str:
    """Every network in numbers: what its card says, as tables and curves."""
    return render_template("models.html", networks=[_shown(*n) for n in _reader().networks()])


def _shown(name: str, network: Network) -> dict[str, Any]:
    """A card, and beside it what it says in words. What it lacks is empty or None.

    loss and curve are SVG that is safe to be put on a page.
    """
    card, variant, rows = network.card, VARIANTS[network.name], network.card.history
    return {
        **vars(card),
        "model": name,
        "title": variant.title,
        "origin": variant.origin,
        "parameters": network.size,
        "data": dataset_title(card.dataset) if card.dataset else None,
        "longest": FRAMES[card.frame].longest,
        "metrics": card.metrics or {},
        "validation": card.validation or {},
        "recipe": recipe_in_words(card.recipe) if card.recipe else None,
        "history": rows,
        "loss": html(loss_chart(_record(rows))) if rows else None,
        "curve": html(accuracy_chart(_record(rows))) if rows else None,
        "layers": _layers(network),
        "head": repr(network.head),
    }


def _layers(network: Network) -> list[dict[str, Any]]:
    """What print(network) says, row by row."""
    return [
        {
            "name": name,
            "operation": repr(layer),
            "output": " × ".join(map(str, network.shapes[name])),
            "parameters": layer.size,
        }
        for name, layer in network.layers.items()
    ]


def _record(rows: list[Epoch]) -> dict[str, Any]:
    """A card's history as Training.record has it: with one point for each epoch, at its middle."""
    steps = [(row["epoch"] - 0.5, row["loss"], row["accuracy"]) for row in rows]
    return {"steps_per_epoch": 1, "steps": steps, "epochs": rows}


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader
