"""POST /api/strokes: the strokes of the digit in a picture, ready to be put on a pad.

It takes a picture, so it is no row of the table of insights: its address is in app/api.py.
"""

import numpy as np
from PIL import Image

from app.checks import Json
from app.readings import display_array
from app.schemas import ARRAYS, fixed_object
from model.ink import render, smoothed
from model.photo import findings
from model.types import Array

LONGEST = 0.7  # longest side of the digit on the pad, in heights of the pad
PLACES = 4  # of a coordinate
SHOWN_SIDE_PX = 128  # longest side of a picture that is shown
STEPS = ("picture", "ink", "line", "redrawn")
COORDINATE = {"type": "number", "minimum": 0, "maximum": 1}
SUMMARY = "The strokes of the digit in a picture, as a pen would have drawn it."
SCHEMA = fixed_object(
    "Without ink in the picture there are no strokes, and the only step is the picture.",
    strokes={
        "type": "array",
        "description": "Lists of points [x, y], y down, in heights of a square pad: the digit is "
        f"in its middle, and its longest side is {LONGEST}.",
        "items": {
            "type": "array",
            "items": {"type": "array", "items": COORDINATE, "minItems": 2, "maxItems": 2},
            "minItems": 1,
        },
    },
    steps={
        **ARRAYS,
        "description": "What each step finds, ink high: the picture without its background, the "
        f"ink in it, the line in the middle of this ink, what the network reads: {', '.join(STEPS)}"
        f". At most {SHOWN_SIDE_PX} pixels a side.",
    },
)


def answer(picture: Image.Image, frame: str) -> Json:
    """The answer about a decoded picture, ready for JSON.

    frame: of the network that is to read the strokes, see model/frames.py
    """
    found = findings(picture)
    steps = {"picture": found.paper, "ink": found.ink, "line": found.line}
    if found.strokes:
        steps["redrawn"] = render(found.strokes, frame)
    return {
        "strokes": [stroke.tolist() for stroke in placed(found.strokes)],
        "steps": {
            name: display_array(_small(step)) for name, step in steps.items() if step is not None
        },
    }


def placed(strokes: list[Array]) -> list[Array]:
    """Strokes (n, 2) in any unit, moved to the middle of a pad of 1 × 1 and brought to LONGEST.

    They are smoothed too, because a line of pixels has steps.
    """
    if not strokes:
        return []
    strokes = smoothed(strokes)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = LONGEST / max((high - low).max(), 1e-9)  # a dot stays one
    return [((stroke - (low + high) / 2) * scale + 0.5).round(PLACES) for stroke in strokes]


def _small(step: Array) -> Array:
    """A picture or mask as float32, at most SHOWN_SIDE_PX a side."""
    picture = Image.fromarray(step.astype(np.float32))
    scale = min(1, SHOWN_SIDE_PX / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return np.asarray(picture.resize(size, Image.Resampling.BOX))
