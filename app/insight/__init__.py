"""Insights: what a drawing does to a network, asked for once the pen has rested.

Each insight is a module of its own with an INSIGHT, and the table below gives it its address. All
take strokes and the name of a network, as /api/predict does, and answer with JSON.
"""

from collections.abc import Mapping
from typing import Any

from app.checks import Json
from app.insight import replay, robustness, snapshots, unit, why
from app.insight.kind import Insight
from app.schemas import drawing_fields, fixed_object

__all__ = ["INSIGHTS", "Insight", "answer_name", "question_name", "schemas"]

INSIGHTS: dict[str, Insight] = {  # by the last part of the address
    "unit": unit.INSIGHT,
    "why": why.INSIGHT,
    "robustness": robustness.INSIGHT,
    "replay": replay.INSIGHT,
    "snapshots": snapshots.INSIGHT,
}


def question_name(name: str) -> str:
    """The name of the schema of an insight's question, in the API's description."""
    return f"{name.title()}Question"


def answer_name(name: str) -> str:
    """The name of the schema of an insight's answer, in the API's description."""
    return f"{name.title()}Answer"


def schemas(config: Mapping[str, Any], names: list[str]) -> Json:
    """The schemas of all insights, for an app of this configuration that serves these networks."""
    found = {}
    for name, insight in INSIGHTS.items():
        found[question_name(name)] = _question(insight, config, names)
        found[answer_name(name)] = insight.schema
    return found


def _question(insight: Insight, config: Mapping[str, Any], names: list[str]) -> Json:
    fields = {**drawing_fields(config, names), **insight.fields}
    return {
        **fixed_object("Pen strokes in the order of drawing.", **fields),
        "required": ["strokes", *insight.required],
        "examples": [insight.example],
    }
