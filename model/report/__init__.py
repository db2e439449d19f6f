"""What a trained network looks like, as one page or as parts of a page."""

from model.report.page import write_report
from model.report.parts import STYLES, comparison, gate_part, network_parts
from model.report.words import percent

__all__ = ["STYLES", "comparison", "gate_part", "network_parts", "percent", "write_report"]
