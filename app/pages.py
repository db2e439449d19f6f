"""The pages. Everything on them is in templates/; here is what they are told."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template

from app.reader import Reader
from model import Network
from model.frames import frame_named
from model.report import (
    accuracy_chart,
    dataset_title,
    html,
    loss_chart,
    percent,
    recipe_in_words,
)
from model.variants import VARIANTS, build

ROW = {"epoch", "loss", "accuracy", "validation_accuracy"}  # of a history: one for each epoch

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
            "name": card["model"],
            "origin": _origin(card),
            "parameters": card["parameters"],
            "accuracy": (card.get("metrics") or {}).get("accuracy"),
        }
        for card in reader.cards()
    ]
    return render_template("index.html", networks=networks, default=reader.default)


@blueprint.get("/models")
def models() -> str:
    """Every network in numbers: what its card says, as tables and curves."""
    return render_template("models.html", networks=[_shown(card) for card in _reader().cards()])


def _shown(card: dict[str, Any]) -> dict[str, Any]:
    """A card, and beside it what it says without words. What it lacks is empty, None or left out.

    loss and curve are SVG that is safe to be put on a page.
    """
    network = build(card["variant"])
    rows = [row for row in card.get("history") or [] if row.keys() >= ROW]
    return {
        **card,
        "title": card.get("title") or VARIANTS[card["variant"]].title,
        "origin": _origin(card),
        "data": dataset_title(card["dataset"]) if "dataset" in card else None,
        "longest": frame_named(card["frame"]).longest,
        "metrics": card.get("metrics") or {},
        "validation": card.get("validation") or {},
        "recipe": _recipe(card.get("recipe")),
        "history": rows,
        "loss": html(loss_chart(_record(rows))) if rows else None,
        "curve": html(accuracy_chart(_record(rows))) if rows else None,
        "layers": _layers(network),
        "head": repr(network.head),
    }


def _origin(card: dict[str, Any]) -> str:
    return card.get("origin") or VARIANTS[card["variant"]].origin


def _recipe(recipe: dict[str, Any] | None) -> str | None:
    """A recipe in words; None where the card has none, or less than all of one."""
    try:
        return recipe_in_words(recipe) if recipe else None
    except (KeyError, TypeError, ValueError):  # a key or a name is missing, or is no number
        return None


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


def _record(rows: list[dict[str, float]]) -> dict[str, Any]:
    """A card's history as Training.record has it: with one point for each epoch, at its middle."""
    steps = [(row["epoch"] - 0.5, row["loss"], row["accuracy"]) for row in rows]
    return {"steps_per_epoch": 1, "steps": steps, "epochs": rows}


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader
