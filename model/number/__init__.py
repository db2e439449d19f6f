"""Whole numbers: one drawing segmented into its digits."""

from model.number.read import Piece, read_number

__all__ = ["Piece", "read_number"]
