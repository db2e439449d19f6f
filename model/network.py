"""A network: named layers in order, and a head that turns the last output into probabilities."""

from typing import Any

import numpy as np

from model.card import untrained
from model.fast.flat import flatten, shapes_in_order, views_by_name, weights_and_biases
from model.fast.fused import fuse
from model.fast.inference import Inference
from model.frames import SIDE
from model.nn.arrays import batch_last
from model.nn.heads import Head
from model.nn.layers import Layer
from model.types import Array, Arrays, Shape

FLOAT32 = np.dtype(np.float32)
BITS_OF_ONE = int(np.float32(1).view(np.uint32))


class Network:
    """Reads 28 × 28 pictures: a reader says which digit it is, the gate whether it is one.

    layers: by name, in order; the names are those of the 1998 paper
    head:   turns the last layer's output into probabilities and a loss
    card:   what is known of the trained weights, see model/card.py

    ValueError where the shapes of two layers, or of the last layer and the head, do not fit.
    A pass keeps nothing on the network or its layers, so any number of threads may read at once.
    """

    def __init__(self, name: str, layers: dict[str, Layer], head: Head) -> None:
        self.name, self.layers, self.head = name, layers, head
        self.card = untrained(name)
        self.shapes = _output_shapes(layers, head)
        self.steps = fuse(layers)  # the layers as `loss_and_gradients` runs them
        self._inference = Inference(layers)  # the layers as `predict` and `trace` run them
        self._flat = np.empty(0)  # see `flatten`

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
        """Move the parameters into one long array; returns its two parts, weights and biases.

        An optimizer walks these two (model/fast/flat.py). The parameters become views of them.
        """
        parameters = self.parameters
        shapes = shapes_in_order(parameters)
        if any(array.base is not self._flat for array in parameters.values()):
            self._flat = flatten(parameters)
            for dotted, view in views_by_name(self._flat, shapes).items():
                name, key = dotted.split(".")
                self.layers[name].parameters[key] = view
        return weights_and_biases(self._flat, shapes)

    def astype(self, dtype: type) -> "Network":
        """The same network with its parameters as `dtype`, changed in place."""
        for layer in self.layers.values():
            layer.parameters = {key: a.astype(dtype) for key, a in layer.parameters.items()}
        self._inference = Inference(self.layers)  # the old one has arrays of the old type
        return self

    def predict(self, images: Array) -> Array:
        """Probabilities of the ten digits; of the gate, the one that it is a digit.

        images: (N, 28, 28) or one (28, 28); uint8 in 0 … 255 or floats in [0, 1], ink high.
        Returns (N, 10), or (10,) for one, of the parameters' type: float32 unless `astype` changed
        it. Rows sum to 1. Of the gate (N, 1), or (1,).
        ValueError for another shape, type or range.
        """
        columns = self.head.probabilities(self.logits(images))
        return columns.T if np.ndim(images) == 3 else columns[:, 0]

    def logits(self, images: Array) -> Array:
        """The logits (10 or 1, N), of the parameters' type; images as in `predict`."""
        return self.head.logits(self._inference.run(checked(images)))

    def trace(self, image: Array) -> tuple[Array, Arrays]:
        """Read one picture (28, 28) and return what every layer made of it.

        Returns the probabilities (10 or 1,) and, by layer name in order, each layer's output:
        (channels, height, width) or (units,). They come from the pass that `predict` runs.
        """
        outputs = self._inference.trace(checked(image)[:1])
        logits = self.head.logits(outputs[next(reversed(outputs))])
        return self.head.probabilities(logits)[:, 0], {k: y[..., 0] for k, y in outputs.items()}

    def loss_and_gradients(self, batch: Array, targets: Array) -> tuple[float, Arrays, Array]:
        """One forward and backward pass.

        batch (N, 28, 28), uint8 or float in [0, 1]; targets (10, N), ten zeros for no digit.
        Returns the mean loss, the gradient of every parameter by dotted name, and the
        probabilities (10 or 1, N).
        """
        x, caches = _forward(self.steps, batch)
        loss, dx, probabilities = self.head.loss_and_gradient(x, targets)
        return loss, _backward(self.steps, dx, caches), probabilities

    def curvature(self, batch: Array) -> Arrays:
        """The diagonal of the Gauss-Newton Hessian, averaged over the images.

        batch (N, 28, 28), uint8 or float in [0, 1]. Returns d²E/dw² for every parameter by dotted
        name; none is negative (LeCun et al. 1998, appendix C, equations 24 to 26).
        """
        x, caches = _forward(self.layers, batch)
        d2x = self.head.curvature(x) / x.dtype.type(len(batch))
        return _backward(self.layers, d2x, caches, squared=True)

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
    """Pictures as (N, 28, 28), uint8 or float32 in [0, 1].

    ValueError for another shape, type or range: what was found and wanted.
    """
    if _is_usual_picture(images):
        return images[None]
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
            "divide by 255, or pass uint8"
        )
    return batch.astype(np.float32, copy=False)


def _is_usual_picture(images: Array) -> bool:
    """Whether this is one float32 picture in [0, 1]; takes half the time of the full check.

    Without it `predict` of one picture takes 5 % longer.
    """
    if not isinstance(images, np.ndarray) or images.shape != (SIDE, SIDE):
        return False
    if images.dtype is not FLOAT32:
        return False
    # Read as unsigned integers, floats above 1, below 0 and NaN are larger than 1.
    return int(np.maximum.reduce(images.view(np.uint32), axis=None)) <= BITS_OF_ONE


def _forward(steps: dict[str, Layer], batch: Array) -> tuple[Array, dict[str, Any]]:
    """The last step's output (…, N) for pictures (N, 28, 28), and the cache of every step."""
    x, caches = batch_last(batch), {}
    for name, step in steps.items():
        x, caches[name] = step.forward(x)
    return x, caches


def _backward(
    steps: dict[str, Layer], dy: Array, caches: dict[str, Any], squared: bool = False
) -> Arrays:
    """The gradients (or curvatures) of all parameters by dotted name, from dy at the last step."""
    first_trained = next(name for name, step in steps.items() if step.parameters)
    gradients: Arrays = {}
    for name, step in reversed(steps.items()):
        needs_dx = name != first_trained
        dy, own = step.backward(dy, caches[name], squared, needs_dx)
        gradients |= {f"{name}.{key}": gradient for key, gradient in own.items()}
        if not needs_dx:
            break
    return gradients


def _output_shapes(layers: dict[str, Layer], head: Head) -> dict[str, Shape]:
    shape: Shape = (1, SIDE, SIDE)
    shapes = {}
    for name, layer in layers.items():
        shape = layer.output_shape(shape)
        shapes[name] = shape
    if shape != head.inputs:
        raise ValueError(
            f"found a last layer that gives {shape}, wanted {head.inputs} for the head ({head!r})"
        )
    return shapes
