"""The networks, loaded once before the first request, and what one says about a drawing."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from PIL.Image import Image

from app.options import Options
from model import Network, WeightsError, load
from model.frames import FRAMES
from model.ink import render
from model.pictures import render_picture
from model.types import Array, Arrays
from model.variants import VARIANTS
from model.verdict import judge

Strokes: TypeAlias = list[Array]  # one (n, 2) array of points for each stroke, y down
Drawing: TypeAlias = Strokes | Image

# Our own hand, on a pad of 100 × 100: what a network must read before we call it healthy.
SELF_TEST: dict[int, list[list[tuple[float, float]]]] = {
    1: [[(52, 12), (50, 50), (47, 90)]],
    7: [[(24, 16), (50, 15), (76, 16), (62, 48), (46, 88)]],
}


@dataclass(frozen=True)
class Reading:
    """What a network says about a drawing.

    verdict:       one of model.verdict.VERDICTS
    digit:         the most probable one; None for "not-a-digit" and "blank"
    alternatives:  for "unsure" the two digits between which it hesitates, the likelier first
    confidence:    the highest probability
    probabilities: of the digits 0 … 9; all equal for "blank"
    image:         (28, 28) float32 in [0, 1], what the network was given
    layers:        each layer's output by name, in order, or None where they were not asked for
    """

    model: str
    verdict: str
    digit: int | None
    alternatives: list[int]
    confidence: float
    probabilities: list[float]
    image: Array
    milliseconds: float
    layers: Arrays | None


class Reader:
    """Every network of a folder of weights; reading changes nothing, so threads may share it.

    A network goes by the name of its file, so that two trainings of one variant can be compared.

    default: name of the network for those who choose none
    names:   of all networks: the default one, then those of VARIANTS in their order, then others
    fault:   why the default network failed its self-test, or None
    """

    def __init__(self, folder: Path, default: str) -> None:
        """Load folder/*.npz; WeightsError for a bad file or where the default is missing."""
        networks = {path.stem: _load(path) for path in sorted(Path(folder).glob("*.npz"))}
        if default not in networks:
            raise WeightsError(
                f"{Path(folder) / default}.npz: no such file; "
                f"train one with: python train.py --model {default}"
            )
        self.default = default
        self.names = sorted(networks, key=[default, *VARIANTS, *networks].index)
        self._networks = networks
        self.fault = self._self_test()

    def cards(self) -> list[dict[str, Any]]:
        """What is known of each network, the default first.

        A card's `model` is the name by which the network is served; `variant` is the one of
        VARIANTS that it is.
        """
        return [
            {**network.card, "model": name, "variant": network.name, "parameters": network.size}
            for name, network in ((name, self._networks[name]) for name in self.names)
        ]

    def read(self, drawing: Drawing, options: Options) -> Reading:
        """Bring a drawing to 28 × 28 as this network's training set would, and read it.

        drawing: strokes, or a decoded picture
        options: its model is one of `names`; KeyError for another
        """
        start = perf_counter()
        network = self._networks[options.model]
        image = _bring_to_frame(drawing, network.card["frame"])
        outputs: Arrays | None = None
        if options.layers:
            read, outputs = network.trace(image)
        else:
            read = network.predict(image)
        verdict = judge(image, read, network.card["thresholds"])
        probabilities = [0.1] * 10 if verdict == "blank" else read.tolist()
        return Reading(
            model=options.model,
            verdict=verdict,
            digit=int(read.argmax()) if verdict in ("digit", "unsure") else None,
            alternatives=(-read).argsort(kind="stable")[:2].tolist() if verdict == "unsure" else [],
            confidence=max(probabilities),
            probabilities=probabilities,
            image=image,
            milliseconds=(perf_counter() - start) * 1000,
            layers=outputs,
        )

    def _self_test(self) -> str | None:
        for digit, strokes in SELF_TEST.items():
            drawing = [np.array(stroke) for stroke in strokes]
            reading = self.read(drawing, Options(self.default))
            if reading.digit != digit:
                return (
                    f"the network {self.default} read a drawn {digit} as {reading.digit}; "
                    "put back weights that were trained, or train them anew with: python train.py"
                )
        return None


def _bring_to_frame(drawing: Drawing, frame: str) -> Array:
    if isinstance(drawing, Image):
        return render_picture(drawing, frame)
    return render(drawing, frame)


def _load(path: Path) -> Network:
    """The network in that file, its card with all that the app needs, or WeightsError."""
    network = load(path)
    card = network.card
    thresholds = card.get("thresholds")
    complete = isinstance(thresholds, dict) and {"digit", "unsure"} <= thresholds.keys()
    if card.get("frame") not in FRAMES or not complete:
        raise WeightsError(
            f"{path}: found a card with frame {card.get('frame')!r} and thresholds "
            f"{thresholds!r}, wanted a frame out of {', '.join(FRAMES)} and the thresholds "
            "digit and unsure; train it anew with: python train.py"
        )
    return network
