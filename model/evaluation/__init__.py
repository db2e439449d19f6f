"""How well a network reads, and what it answers: metrics and the decision."""

from model.evaluation.decision import VERDICTS, judge

__all__ = ["VERDICTS", "judge"]
