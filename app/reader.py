"""The networks, loaded once before the first request, and what one says about a drawing."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from PIL.Image import Image

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
    confidence:    the highest probability
    probabilities: of the digits 0 … 9; all equal for "blank"
    image:         (28, 28) float32 in [0, 1], what the network was given
    layers:        each layer's output by name, in order, or None where they were not asked for
    """

    model: str
    verdict: str
    digit: int | None
    confidence: float
    probabilities: list[float]
    image: Array
    milliseconds: float
    layers: Arrays | None


class Reader:
    """Every network of a folder of weights; reading changes nothing, so threads may share it.

    default: name of the network for those who choose none
    names:   of all networks, the default one first
    fault:   why the default network failed its self-test, or None
    """

    def __init__(self, folder: Path, default: str) -> None:
        """Load folder/*.npz; WeightsError for a bad file or where the default is missing."""
        networks = _load_all(Path(folder))
        if default not in networks:
            raise WeightsError(
                f"{Path(folder) / default}.npz: no such file; "
                f"train one with: python train.py --model {default}"
            )
        self.default = default
        self.names = [default, *(name for name in VARIANTS if name in networks.keys() - {default})]
        self._networks = networks
        self.fault = self._self_test()

    def cards(self) -> list[dict[str, Any]]:
        """What is known of each network, its number of parameters included; the default first."""
        return [
            {**self._networks[name].card, "parameters": self._networks[name].size}
            for name in self.names
        ]

    def read(self, drawing: Drawing, name: str, layers: bool = False) -> Reading:
        """Bring a drawing to 28 × 28 as this network's training set would, and read it.

        drawing: strokes, or a decoded picture
        name:    one of `names`; KeyError for another
        layers:  whether to keep what every layer made of it
        """
        start = perf_counter()
        network = self._networks[name]
        image = _bring_to_frame(drawing, network.card["frame"])
        outputs: Arrays | None = None
        if layers:
            read, outputs = network.trace(image)
        else:
            read = network.predict(image)
        verdict = judge(image, read, network.card["thresholds"])
        probabilities = [0.1] * 10 if verdict == "blank" else read.tolist()
        return Reading(
            model=name,
            verdict=verdict,
            digit=int(read.argmax()) if verdict in ("digit", "unsure") else None,
            confidence=max(probabilities),
            probabilities=probabilities,
            image=image,
            milliseconds=(perf_counter() - start) * 1000,
            layers=outputs,
        )

    def _self_test(self) -> str | None:
        for digit, strokes in SELF_TEST.items():
            reading = self.read([np.array(stroke) for stroke in strokes], self.default)
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


def _load_all(folder: Path) -> dict[str, Network]:
    networks: dict[str, Network] = {}
    for path in sorted(folder.glob("*.npz")):
        network = load(path)
        if network.name in networks:
            raise WeightsError(
                f"{path}: a second file for the network {network.name}; "
                "leave one of them in the folder"
            )
        _check_card(path, network.card)
        networks[network.name] = network
    return networks


def _check_card(path: Path, card: dict[str, Any]) -> None:
    """The app needs of a card: a frame that we know and the thresholds of the verdict."""
    thresholds = card.get("thresholds")
    complete = isinstance(thresholds, dict) and {"digit", "unsure"} <= thresholds.keys()
    if card.get("frame") not in FRAMES or not complete:
        raise WeightsError(
            f"{path}: found a card with frame {card.get('frame')!r} and thresholds "
            f"{thresholds!r}, wanted a frame out of {', '.join(FRAMES)} and the thresholds "
            "digit and unsure; train it anew with: python train.py"
        )
