"""Metrics, the gate, and the decision what to answer."""

from model.evaluation.decision import VERDICTS, decide
from model.evaluation.gate import NO_GATE, Gate

__all__ = ["NO_GATE", "VERDICTS", "Gate", "decide"]
