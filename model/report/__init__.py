"""What a trained network looks like, as one page or as parts of a page."""

from model.report.charts import accuracy_chart, loss_chart
from model.report.markup import html
from model.report.page import write_report
from model.report.words import dataset_title, percent, recipe_in_words

__all__ = [
    "accuracy_chart",
    "dataset_title",
    "html",
    "loss_chart",
    "percent",
    "recipe_in_words",
    "write_report",
]
