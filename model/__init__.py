"""The engine: LeNet in NumPy, from strokes to probabilities. It does not depend on the web."""

from model.network import Network
from model.weights import WeightsError, load

__all__ = ["Network", "WeightsError", "load"]
