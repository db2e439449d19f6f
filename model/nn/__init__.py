"""Layers, heads and first weights, each defined beside its derivative: the readable definition."""
