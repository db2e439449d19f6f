"""Whole numbers: one drawing cut into its digits."""

from model.number.read import Piece, read_number

__all__ = ["Piece", "read_number"]
