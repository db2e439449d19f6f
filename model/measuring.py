"""How well a network reads pen strokes, and what it does with drawings that are no digits."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.ink import render
from model.inkfiles import Sample, digit_of
from model.metrics import report
from model.network import Network
from model.oddities import LOOK_ALIKES
from model.verdict import judge


def measure_ink(network: Network, samples: Sequence[Sample]) -> dict[str, Any]:
    """Read drawings as the app would; ready for JSON.

    Of the drawings whose label is a digit, all that `model.metrics.report` tells, and `accepted`,
    the share that is answered with a digit. `rejected` is the share of all drawings that is not.
    Where some are no digits, `no_digits` says how many of these are rejected, look-alikes apart.
    """
    pictures = np.array([render(sample.strokes, network.card["frame"]) for sample in samples])
    probabilities = network.predict(pictures)
    thresholds = network.card["thresholds"]
    rejected = np.array(
        [judge(*pair, thresholds) != "digit" for pair in zip(pictures, probabilities, strict=True)]
    )
    labels = np.array([-1 if (digit := digit_of(s)) is None else digit for s in samples])
    is_digit, alike = labels >= 0, np.array([s.label in LOOK_ALIKES for s in samples])
    result: dict[str, Any] = {"images": 0}
    if is_digit.any():
        result = report(probabilities[is_digit], labels[is_digit])
        result["accepted"] = float(1 - rejected[is_digit].mean())
    result["rejected"] = float(rejected.mean())
    if not is_digit.all():
        result["no_digits"] = _share(rejected[~is_digit & ~alike])
        result["look_alikes"] = _share(rejected[alike])
    return result


def _share(rejected: Any) -> dict[str, Any]:
    """How many there are, and the share that is rejected; None where there are none."""
    share = float(rejected.mean()) if len(rejected) else None
    return {"drawings": len(rejected), "rejected": share}
