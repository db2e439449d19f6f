"""The networks, loaded once before the first request, and their answers about drawings."""

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from PIL.Image import Image

from app.layers import traced
from app.question import Drawing, Options
from app.readings import Reading, digits_of, opinion, summary
from model import Network, WeightsError, load
from model.evaluation import Gate, decide
from model.ink import render, stages
from model.insight import Stage, stages_of
from model.number import read_number
from model.photo import strokes_in
from model.types import Array
from model.variants import GATE, VARIANTS
from model.weights import kind_of

# Drawings of our own on a pad of 100 × 100. A network that reads them right is healthy.
SELF_TEST: dict[int, list[list[tuple[float, float]]]] = {
    1: [[(52, 12), (50, 50), (47, 90)]],
    7: [[(24, 16), (50, 15), (76, 16), (62, 48), (46, 88)]],
}


class Reader:
    """The readers in a folder of weights, and the gate that is asked before each of them.

    Reading changes nothing, so threads may share it.

    It has no lock: with a lock a slow drawing would delay the others. app/asgi.py, or the threads
    of a WSGI server, limit how many requests read at once.

    A network has the name of its file, so that two trainings of one variant can be compared.

    default: name of the network that reads if none is chosen
    names:   of all readers: the default one, then those of VARIANTS in their order, then others
    gate:    asked before each of them; without a file none
    fault:   why the default network failed its self-test, or None
    """

    def __init__(self, folder: Path, default: str) -> None:
        """Load folder/*.npz; WeightsError for a bad file or where the default is missing.

        Without gate.npz there every drawing counts as a digit. Files of other kinds are not read.
        """
        paths = sorted(Path(folder).glob("*.npz"))
        kinds = {path.stem: kind_of(path) for path in paths}
        networks = {path.stem: load(path) for path in paths if kinds[path.stem] == "reader"}
        has_gate = kinds.get(GATE) == "gate"
        self.gate = Gate(load(Path(folder) / f"{GATE}.npz") if has_gate else None)
        if default not in networks:
            found = f"found a file of kind {kinds[default]}" if default in kinds else "no such file"
            raise WeightsError(
                f"{Path(folder) / default}.npz: {found}; "
                f"train one with: python train.py --model {default}"
            )
        self.default = default
        self.names = sorted(networks, key=[default, *VARIANTS, *networks].index)
        self._networks = networks
        self._stages = {
            name: _stages(Path(folder) / f"{name}.snapshots.npz", network)
            for name, network in self.networks()
        }
        self.fault = self._self_test()

    def networks(self) -> list[tuple[str, Network]]:
        """Name and network of all, the default first."""
        return [(name, self._networks[name]) for name in self.names]

    def network(self, name: str) -> Network:
        """The network of this name; KeyError for another."""
        return self._networks[name]

    def stages(self, name: str) -> tuple[list[Stage], str]:
        """The stages of its training, or none and why there are none; KeyError for another name."""
        return self._stages[name]

    def cards(self) -> list[dict[str, Any]]:
        """What is known of each network, as JSON, the default first.

        `model` is the name by which the network is served; `variant` is its name in VARIANTS, with
        the title and the origin of this variant. `snapshots`: whether there are stages of its
        training.
        """
        return [
            {
                **network.card.to_json(),
                "model": name,
                "variant": network.name,
                "title": VARIANTS[network.name].title,
                "origin": VARIANTS[network.name].origin,
                "parameters": network.size,
                "snapshots": bool(self._stages[name][0]),
            }
            for name, network in self.networks()
        ]

    def read(self, drawing: Drawing, options: Options) -> Reading:
        """Draw a drawing in the frames of this network and of the gate, and read it.

        drawing: strokes, or a decoded picture
        options: its model is one of `names`, its layers are of this network; KeyError for others
        """
        start = perf_counter()
        network = self._networks[options.model]
        frame, threshold = network.card.frame, self.gate.threshold
        strokes = strokes_in(drawing) if isinstance(drawing, Image) else drawing

        def redraw(frame: str) -> Array:
            return render(strokes, frame, normalise=options.normalise, canvas=options.canvas)

        image = redraw(frame)
        probabilities = network.predict(image)
        is_digit = float(self.gate.digit_probability(image, frame, redraw))
        layers = traced(network, image, options.layers) if options.layers else None
        verdict = decide(image, probabilities, is_digit, threshold)
        answer = opinion(image, probabilities, is_digit, verdict)
        digits, steps = None, None
        if options.many:
            digits = digits_of(read_number(network, self.gate, strokes), threshold)
            answer = summary(digits, image)
        if options.steps:
            steps = stages(strokes, frame, options.normalise, options.canvas, image)
        return Reading(
            **vars(answer),
            model=options.model,
            milliseconds=(perf_counter() - start) * 1000,
            layers=layers,
            steps=steps,
            digits=digits,
        )

    def _self_test(self) -> str | None:
        for digit, strokes in SELF_TEST.items():
            drawing = [np.array(stroke) for stroke in strokes]
            reading = self.read(drawing, Options(self.default))
            if reading.digit != digit:
                return (
                    f"the network {self.default} read a drawn {digit} as {reading.digit}; "
                    "put back weights that were trained, or train them anew with: python train.py "
                    "--replace"
                )
        return None


def _stages(path: Path, network: Network) -> tuple[list[Stage], str]:
    """The stages in a file of snapshots, or its fault, without the place of the folder.

    A fault does not stop the server: the network reads without them.
    """
    if not path.exists():
        return [], (
            f"found no snapshots of the training of {path.name.removesuffix('.snapshots.npz')}, "
            "wanted a network for which /api/models says that there are; train it again with: "
            f"python train.py --model {network.name} --snapshots --replace"
        )
    try:
        return stages_of(path, network), ""
    except WeightsError as error:
        return [], str(error).removeprefix(f"{path.parent}/")
