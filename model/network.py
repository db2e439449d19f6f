"""A network: named layers in order, and a head that says what the last one means."""

from typing import Any

import numpy as np

from model.flat import by_kind, by_name, joined, shapes_of
from model.frames import SIDE
from model.fused import fuse
from model.heads import Head
from model.layers import Layer
from model.predictor import Predictor, both, softmax
from model.types import Array, Arrays, Shape

ONE = ((SIDE, SIDE), (1, SIDE, SIDE))  # shapes of one picture


class Network:
    """Reads 28 × 28 pictures of digits.

    layers: by name, in order; the names are those of the 1998 paper
    head:   turns the last layer's scores into probabilities and a loss
    card:   what is known of the trained weights: data set, frame, seed, metrics, thresholds …

    A pass keeps nothing on the network or its layers, so any number of threads may read at once.
    """

    def __init__(self, name: str, layers: dict[str, Layer], head: Head) -> None:
        self.name, self.layers, self.head = name, layers, head
        self.card: dict[str, Any] = {"model": name}
        self.shapes = _output_shapes(layers, head)  # a misfit between two layers is found here
        self.steps = fuse(layers)  # what `learn` really runs; see model/fused.py
        self._predictor = Predictor(layers, head)  # what `predict` runs; see model/predictor.py
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

        They are what an optimizer walks, see model/flat.py. The parameters become views of them.
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
        """Probabilities as from `predict`, and the digits' shares (see model/heads.py) alike."""
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

    def learn(self, batch: Array, targets: Array) -> tuple[float, Arrays, Array]:
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


def checked(images: Array) -> Array:
    """Pictures as (N, 28, 28), uint8 or floats in [0, 1]; ValueError says what is wrong."""
    images = np.asarray(images)
    if images.ndim not in (2, 3) or images.shape[-2:] != (SIDE, SIDE):
        raise ValueError(
            f"found an array of shape {images.shape}, wanted (N, {SIDE}, {SIDE}) or "
            f"({SIDE}, {SIDE}); reshape flat pictures with .reshape(-1, {SIDE}, {SIDE})"
        )
    batch = images.reshape(-1, SIDE, SIDE)
    if batch.dtype == np.uint8:
        return batch
    if batch.dtype.kind != "f":
        raise ValueError(f"found pictures of {batch.dtype}, wanted uint8 or floats in [0, 1]")
    if batch.size and not (batch.min() >= 0 and batch.max() <= 1):  # NaN fails both
        raise ValueError(
            f"found values from {batch.min():g} to {batch.max():g}, wanted floats in [0, 1]; "
            "divide by 255, or hand over uint8"
        )
    return batch.astype(np.float32, copy=False)


def batch_last(batch: Array) -> Array:
    """(N, 28, 28) → (1, 28, 28, N), the order that the layers work in; bytes become [0, 1]."""
    return np.ascontiguousarray(floats(batch).transpose(1, 2, 0))[None]


def floats(batch: Array) -> Array:
    """Bytes 0 … 255 as float32 in [0, 1]; floats as they are."""
    return batch.astype(np.float32) / np.float32(255) if batch.dtype == np.uint8 else batch


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
