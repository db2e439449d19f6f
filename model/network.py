"""A network: named layers in order, and a head that says what the last one means."""

from typing import Any

import numpy as np

from model.card import untrained
from model.fast.flat import by_kind, by_name, joined, shapes_of
from model.fast.fused import fuse
from model.fast.predictor import Predictor, both, softmax
from model.frames import SIDE
from model.nn.arrays import batch_last, checked
from model.nn.heads import Head
from model.nn.layers import Layer
from model.types import Array, Arrays, Shape

ONE = ((SIDE, SIDE), (1, SIDE, SIDE))  # shapes of one picture


class Network:
    """Reads 28 × 28 pictures of digits.

    layers: by name, in order; the names are those of the 1998 paper
    head:   turns the last layer's scores into probabilities and a loss
    card:   what is known of the trained weights, see model/card.py

    A pass keeps nothing on the network or its layers, so any number of threads may read at once.
    """

    def __init__(self, name: str, layers: dict[str, Layer], head: Head) -> None:
        self.name, self.layers, self.head = name, layers, head
        self.card = untrained(name)
        self.shapes = _output_shapes(layers, head)  # a misfit between two layers is found here
        self.steps = fuse(layers)  # what `loss_and_gradients` really runs; see model/fast/fused.py
        self._predictor = Predictor(layers, head)  # see model/fast/predictor.py
        self._long = np.empty(0)  # see `flatten`

    @property
    def parameters(self) -> Arrays:
        """Every trainable array by dotted name; changing one in place changes the network."""
        return {
            f"{name}.{key}": array
            for name, layer in self.layers.items()
            for key, array in layer.parameters.items()
        }

    @property
    def size(self) -> int:
        """The number of trainable parameters."""
        return sum(layer.size for layer in self.layers.values())

    def flatten(self) -> Arrays:
        """Move the parameters onto two long arrays, all weights and all biases; returns these.

        An optimizer walks them (model/fast/flat.py). The parameters become views of them.
        """
        parameters = self.parameters
        shapes = shapes_of(parameters)
        if any(array.base is not self._long for array in parameters.values()):
            self._long = joined(parameters)
            for dotted, view in by_name(self._long, shapes).items():
                name, key = dotted.split(".")
                self.layers[name].parameters[key] = view
        return by_kind(self._long, shapes)

    def astype(self, dtype: type) -> "Network":
        """The same network with its parameters as `dtype`, changed in place."""
        for layer in self.layers.values():
            layer.parameters = {key: a.astype(dtype) for key, a in layer.parameters.items()}
        self._predictor = Predictor(self.layers, self.head)  # its arrays are of the old type
        return self

    def predict(self, images: Array) -> Array:
        """Probabilities of the ten digits.

        images: (N, 28, 28) or one (28, 28); uint8 in 0 … 255 or floats in [0, 1], ink high.
        Returns (N, 10), or (10,) for one, float32; rows sum to 1.
        ValueError for another shape, type or range.
        """
        if isinstance(images, np.ndarray) and images.shape in ONE:
            single = images.ndim == 2
            scores = self._predictor.one(images if single else images[0])
            if scores is not None:
                row = softmax(scores, self.head.temperature)
                return row if single else row[None]
        rows = self.head.probabilities(self.logits(images)).T  # (10, N) → (N, 10)
        return rows if np.ndim(images) == 3 else rows[0]

    def read(self, images: Array) -> tuple[Array, Array]:
        """Probabilities as from `predict`, and the digits' shares (see model/nn/heads.py) alike."""
        if isinstance(images, np.ndarray) and images.shape == (SIDE, SIDE):
            scores, head = self._predictor.one(images), self.head
            if scores is not None:
                return both(scores, head.temperature, head.rubbish)
        logits = self.logits(images)
        read, shares = self.head.probabilities(logits).T, self.head.shares(logits).T
        return (read, shares) if np.ndim(images) == 3 else (read[0], shares[0])

    def logits(self, images: Array) -> Array:
        """What becomes probabilities, for pictures such as `predict` takes: (10, N) float32."""
        return self._predictor.many(checked(images))

    def trace(self, image: Array) -> tuple[Array, Arrays]:
        """Read one (28, 28) picture and keep what every layer made of it.

        Returns the probabilities (10,) and, by layer name in order, each layer's output:
        (channels, height, width) or (units,), as the pass itself produced it.
        """
        x = batch_last(checked(image)[:1])
        outputs = {}
        for name, layer in self.layers.items():
            x, _ = layer.forward(x)
            outputs[name] = x[..., 0]
        return self.head.probabilities(self.head.logits(x))[:, 0], outputs

    def loss_and_gradients(self, batch: Array, targets: Array) -> tuple[float, Arrays, Array]:
        """One forward and backward pass.

        batch (N, 28, 28), uint8 or float in [0, 1]; targets (10, N). Returns the mean loss, the
        gradient of every parameter by dotted name, and the probabilities (10, N).
        """
        x, seen = batch_last(batch), {}
        for name, step in self.steps.items():
            x, seen[name] = step.forward(x)
        loss, g, probabilities = self.head.loss(x, targets)
        return loss, _pull_back(self.steps, g, seen), probabilities

    def curvature(self, batch: Array) -> Arrays:
        """The diagonal of the Gauss-Newton Hessian, averaged over the images.

        batch (N, 28, 28), uint8 or float in [0, 1]. Returns d²E/dw² for every parameter by dotted
        name; none is negative (LeCun et al. 1998, appendix C, equations 24 to 26).
        """
        x, seen = batch_last(batch), {}
        for name, layer in self.layers.items():
            x, seen[name] = layer.forward(x)
        h = self.head.curvature(x) / x.dtype.type(len(batch))
        return _pull_back(self.layers, h, seen, power=2)

    def __repr__(self) -> str:
        rows = [("layer", "operation", "output", "parameters"), ("input", "", "1 × 28 × 28", "")]
        for name, layer in self.layers.items():
            shape = " × ".join(map(str, self.shapes[name]))
            rows.append((name, repr(layer), shape, f"{layer.size:,}" if layer.size else ""))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            f"{name:<{widths[0]}}  {what:<{widths[1]}}  {shape:<{widths[2]}}  {size:>{widths[3]}}"
            for name, what, shape, size in rows
        ]
        return "\n".join([f"{self.name}: {self.size:,} parameters; {self.head!r}", *lines])


def _pull_back(steps: dict[str, Layer], g: Array, seen: dict[str, Any], power: int = 1) -> Arrays:
    """Pull g at the last step's output back to the parameters of every step."""
    first_trained = next(name for name, step in steps.items() if step.parameters)
    shares: Arrays = {}
    for name, step in reversed(steps.items()):
        g, own = step.backward(g, seen[name], power, to_input=name != first_trained)
        shares |= {f"{name}.{key}": share for key, share in own.items()}
        if name == first_trained:
            break
    return shares


def _output_shapes(layers: dict[str, Layer], head: Head) -> dict[str, Shape]:
    shape: Shape = (1, SIDE, SIDE)
    shapes = {}
    for name, layer in layers.items():
        shape = layer.output_shape(shape)
        shapes[name] = shape
    if shape != head.inputs:
        raise ValueError(f"the last layer gives {shape}, the head ({head!r}) wants {head.inputs}")
    return shapes
