"""POST /api/snapshots: the drawing read by the network as it was while it was trained."""

from flask import abort

from app.checks import Json, Strokes
from app.insight.kind import Insight
from app.reader import Reader
from app.readings import display_array
from app.schemas import PROBABILITY, fixed_object, opinion_fields
from model.ink import render
from model.insight import read_stages

PLACES = 4  # of a probability
NUMBER = {"type": "number", "minimum": 0}


def _answer(reader: Reader, strokes: Strokes, options: Json) -> Json:
    name: str = options["model"]
    stages, fault = reader.stages(name)
    if not stages:
        abort(422, fault)
    picture = render(strokes, reader.network(name).card.frame)
    is_blank = not picture.any()
    shown = []
    for stage, probabilities in zip(stages, read_stages(stages, picture), strict=True):
        values = [0.1] * 10 if is_blank else [round(p, PLACES) for p in probabilities.tolist()]
        shown.append(
            {
                "epoch": stage.epoch,
                "loss": stage.loss,
                "accuracy": stage.accuracy,
                "digit": None if is_blank else int(probabilities.argmax()),
                "probabilities": values,
                "kernels": display_array(stage.kernels),
            }
        )
    return {"snapshots": shown}


INSIGHT = Insight(
    summary="The drawing read by the network as it was while it was trained.",
    answer=_answer,
    schema=fixed_object(
        "What the network says at moments of its training. The gate is not asked: every drawing "
        "counts as a digit. A network without snapshots is refused with 422.",
        snapshots={
            "type": "array",
            "description": "In the order of the training, the untrained network first.",
            "minItems": 1,
            "items": fixed_object(
                "The network at one moment.",
                epoch={**NUMBER, "description": "How many times it had seen all examples."},
                loss={
                    **NUMBER,
                    "description": "The mean of −log p of the right digit, on validation images.",
                },
                accuracy={**PROBABILITY, "description": "The share of those that it read right."},
                digit={
                    **opinion_fields()["digit"],
                    "description": "The most probable one; null for a blank drawing.",
                },
                probabilities=opinion_fields()["probabilities"],
                kernels={
                    "$ref": "#/components/schemas/Array",
                    "description": "The weights of the first layer: maps, height, width.",
                },
            ),
        },
    ),
    is_heavy=False,
)
