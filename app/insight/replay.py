"""POST /api/replay: what the network said at moments of the drawing's making."""

from typing import Any

from app.checks import Json, Strokes
from app.insight.kind import Insight
from app.reader import Reader
from app.readings import opinion
from app.schemas import fixed_object, opinion_fields
from model.evaluation import decide
from model.insight import MOST_MOMENTS, Moment, replay

PLACES = 4  # of a probability; a curve needs no more
FIELDS = ("verdict", "digit", "probabilities")  # of an opinion, for each moment


def _answer(reader: Reader, strokes: Strokes, options: Json) -> Json:
    network, gate = reader.network(options["model"]), reader.gate
    return {
        "moments": [_shown(moment, gate.threshold) for moment in replay(network, gate, strokes)]
    }


def _shown(moment: Moment, threshold: float) -> dict[str, Any]:
    """The same as /api/predict says about those points."""
    is_digit = moment.digit_probability
    verdict = decide(moment.image, moment.probabilities, is_digit, threshold)
    said = opinion(moment.image, moment.probabilities, is_digit, verdict)
    return {
        "points": moment.points,
        "verdict": said.verdict,
        "digit": said.digit,
        "probabilities": [round(p, PLACES) for p in said.probabilities],
    }


INSIGHT = Insight(
    summary="What the network said at moments of the drawing's making.",
    answer=_answer,
    schema=fixed_object(
        "The drawing as it was after some of its points; /api/predict says the same about them.",
        moments={
            "type": "array",
            "description": "Evenly spaced along the points, the last one after all; of a drawing "
            "of very many points fewer, of a blank one none.",
            "maxItems": MOST_MOMENTS,
            "items": fixed_object(
                "One moment.",
                points={
                    "type": "integer",
                    "minimum": 1,
                    "description": "How many were there, in the order of the strokes.",
                },
                **{name: opinion_fields()[name] for name in FIELDS},
            ),
        },
    ),
)
