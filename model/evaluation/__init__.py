"""Metrics, the gate, and the decision what to answer."""

from model.evaluation.decision import VERDICTS, decide
from model.evaluation.gate import NO_GATE, Gate
from model.evaluation.metrics import BINS

__all__ = ["BINS", "NO_GATE", "VERDICTS", "Gate", "decide"]
