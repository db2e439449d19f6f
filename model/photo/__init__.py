"""A picture, such as a photograph of paper, to pen strokes and so to 28 × 28."""

from model.photo.picture import Findings, findings, in_plain_mode, render_picture, strokes_in

__all__ = ["Findings", "findings", "in_plain_mode", "render_picture", "strokes_in"]
