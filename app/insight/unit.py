"""POST /api/unit: one unit of a network written out, for the drawing at hand."""

from typing import Any

from flask import abort

from app.checks import EXAMPLE_STROKES, Json, Strokes
from app.insight.kind import Insight
from app.insight.unit_schema import ACTIVATIONS, ANSWER, FIELDS
from app.reader import Reader
from model import Network
from model.ink import Placement, render_placed
from model.insight import Unit, scaling_of, shapes_of, write_out
from model.types import Array

DIGITS = 7  # significant digits of a number; float32 has no more


def answer(reader: Reader, strokes: Strokes, options: Json) -> Json:
    """The unit that the question names; aborts with 422 where the network has none such."""
    network, layer = reader.network(options["model"]), options["layer"]
    index = [int(number) for number in options["index"]]
    picture, placement = render_placed(strokes, network.card.frame)
    try:
        unit = write_out(network, picture, layer, index)
    except IndexError:
        shape = " × ".join(map(str, shapes_of(network)[layer]))
        wanted = f"a unit of {layer} of {options['model']}, which is {shape}, counted from 0"
        abort(422, f"index is {index}, wanted {wanted}")
    return {
        "layer": layer,
        "index": index,
        "operation": unit.operation,
        "reads": unit.reads,
        "field": unit.field,
        "pad_field": placement and _on_pad(unit, placement),
        "scaling": scaling_of(network) if unit.reads == "picture" else None,
        **_terms(unit),
        "bias": _short(unit.bias),
        "sum": _short(unit.sum),
        "activation": ACTIVATIONS[type(unit.activation).__name__] if unit.activation else "none",
        "factor": unit.factor,
        "value": _short(unit.value),
        "softmax": _softmax(network, unit) if layer == "output" else None,
    }


def _on_pad(unit: Unit, placement: Placement) -> list[float]:
    left, top, right, bottom = unit.field
    corners = (*placement.back(left, top), *placement.back(right, bottom))
    return [_short(number) for number in corners]


def _terms(unit: Unit) -> Json:
    """What is added up: patches of maps, or single terms with the strongest first."""
    if unit.patches.shape[1:] != (1, 1):
        parts = zip(unit.maps, unit.patches, unit.kernels, unit.products, strict=True)
        inputs = [
            {
                "map": int(number),
                "patch": _table(patch),
                "kernel": _table(kernel),
                "products": _table(products),
                "sum": _short(products.sum()),
            }
            for number, patch, kernel, products in parts
        ]
        return {"inputs": inputs, "terms": []}
    columns = (unit.maps, unit.kernels.ravel(), unit.patches.ravel(), unit.products.ravel())
    order = (-abs(columns[3])).argsort(kind="stable")
    terms = [
        {"index": i, "weight": _short(weight), "input": _short(value), "product": _short(product)}
        for i, weight, value, product in zip(*(c[order].tolist() for c in columns), strict=True)
    ]
    return {"inputs": [], "terms": terms}


def _softmax(network: Network, unit: Unit) -> Json:
    probabilities = network.head.probabilities(unit.scores[:, None])[:, 0]
    return {
        "scores": [_short(score) for score in unit.scores],
        "temperature": network.head.temperature,
        "probability": float(probabilities[unit.index[0]]),
    }


def _table(values: Array) -> list[list[float]]:
    return [[_short(value) for value in row] for row in values.tolist()]


def _short(value: Any) -> float:
    return float(f"{value:.{DIGITS}g}")


INSIGHT = Insight(
    summary="One unit of a network written out: what it reads, its weights, its sum, its value.",
    answer=answer,
    schema=ANSWER,
    fields=FIELDS,
    required=("layer", "index"),
    example={"strokes": EXAMPLE_STROKES, "layer": "c1", "index": [0, 12, 12]},
    is_heavy=False,
)
