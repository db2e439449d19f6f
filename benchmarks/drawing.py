"""A typical drawing: a three of one stroke, as the page's pad records it."""

import json

import numpy as np

POINTS = 100
CORNERS = [
    *[(30, 22), (42, 14), (58, 14), (66, 24), (62, 36), (48, 44)],
    *[(62, 48), (70, 60), (66, 76), (50, 84), (36, 82), (28, 72)],
]


def body(points: int = POINTS) -> bytes:
    """The JSON that the page would send: points at even distances on the stroke, with noise."""
    corners = np.array(CORNERS, float)
    along = np.append(0, np.hypot(*np.diff(corners, axis=0).T).cumsum())
    places = np.linspace(0, along[-1], points)
    line = np.stack([np.interp(places, along, axis) for axis in corners.T], axis=1)
    line += np.random.default_rng(3).normal(0, 0.3, line.shape)
    strokes = [np.round(line * 3.6, 2).tolist()]  # a pad of 360 × 360
    return json.dumps({"strokes": strokes, "model": "lenet", "layers": False}).encode()
