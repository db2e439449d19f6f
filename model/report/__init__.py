"""A page about a trained network, and the drawings and words that it is made of."""

from model.report.page import write_report

__all__ = ["write_report"]
