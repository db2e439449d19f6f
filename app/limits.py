"""Every limit and setting, written once.

The checks of requests, the OpenAPI document and docs/api.md take them from here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Limit:
    """An upper limit of a request.

    most:    the largest value that is accepted
    unit:    what the value counts
    where:   what is limited
    status:  of the answer to a request that exceeds it
    """

    most: float
    unit: str
    where: str
    status: int


LIMITS = {
    # A photograph, or far more ink.
    "MAX_CONTENT_LENGTH": Limit(4 * 1024 * 1024, "bytes", "the body of a request", 413),
    "MAX_HEAD_SECONDS": Limit(10, "seconds", "the arrival of a head", 408),
    "MAX_BODY_SECONDS": Limit(20, "seconds", "the arrival of a body", 408),
    # A digit has one to five strokes.
    "MAX_STROKES": Limit(1_000, "strokes", "a drawing", 422),
    # Every few of them may be a digit and have to be read.
    "MAX_STROKES_OF_A_NUMBER": Limit(40, "strokes", "a drawing where `many` is true", 422),
    # More than a minute of a pen that reports 240 times a second.
    "MAX_POINTS": Limit(20_000, "points", "all strokes of a drawing", 422),
    # Beyond it, differences between coordinates lose their meaning.
    "MAX_COORDINATE": Limit(1e9, "units", "x and y of a point, to either side of 0", 422),
    # A phone's photograph has 12 million.
    "MAX_PIXELS": Limit(16_000_000, "pixels", "a picture", 422),
    "MAX_HEAVY_WAITING": Limit(8, "requests", "the queue of heavy requests", 503),
    "MAX_HEAVY_SECONDS": Limit(4, "seconds", "the wait of a heavy request", 503),
    "MAX_PLAIN_WAITING": Limit(500, "requests", "the queue of all other requests", 503),
    "MAX_PLAIN_SECONDS": Limit(8, "seconds", "the wait of any other request", 503),
}

PLAIN_POINTS = 2_000  # points; a drawing with more is a heavy request
PLAIN_POINTS_WITH_STEPS = 500  # points; the same where the pictures of all steps are asked for
PLAIN_BYTES = 128 * 1024  # a body in JSON with more is heavy: 64 bytes for each of those points
DISCARDED_BYTES = 64 * 1024 * 1024  # of a body that is too large: they are read and discarded

HELD_BYTES = 24 * 1024 * 1024  # of the bodies of all requests at once; beyond it the answer is 503
HELD_LARGE_BYTES = 16 * 1024 * 1024  # a body beyond PLAIN_BYTES finds room only up to here
SMALL_CHUNKS = 4_096  # of a body may be of any size; all others
MEAN_CHUNK_BYTES = 64  # have this size in the mean

SMALLEST_SIDE = 1e-9  # of a canvas or its brush, in the unit of the strokes

SETTINGS: dict[str, Any] = {
    "WEIGHTS": ROOT / "weights",  # folder of <name>.npz, every one of which is served
    **{name: limit.most for name, limit in LIMITS.items()},
}
