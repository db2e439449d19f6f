"""Digits in our own hand, on a pad of 100 × 100, for every test that draws."""

from typing import TypeAlias

Stroke: TypeAlias = list[tuple[float, float]]

ZERO: list[Stroke] = [[(50, 12), (30, 30), (30, 70), (50, 88), (70, 70), (70, 30), (50, 12)]]
ONE: list[Stroke] = [[(52, 12), (50, 50), (47, 90)]]
THREE: list[Stroke] = [
    [
        *[(30, 22), (42, 14), (58, 14), (66, 24), (62, 36), (48, 44)],
        *[(62, 48), (70, 60), (66, 76), (50, 84), (36, 82), (28, 72)],
    ]
]
FIVE: list[Stroke] = [
    [(38, 18), (35, 46), (52, 42), (66, 54), (62, 76), (44, 84), (28, 76)],
    [(38, 18), (68, 17)],
]
SEVEN: list[Stroke] = [[(24, 16), (50, 15), (76, 16), (62, 48), (46, 88)]]
