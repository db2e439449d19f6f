"""Metrics, and the decision what to answer."""

from model.evaluation.decision import VERDICTS, decide

__all__ = ["VERDICTS", "decide"]
