"""The one inference pass: `predict`, `read`, `logits` and `trace` all take their numbers from it.

A pass through the plain layers keeps what `backward` needs and asks for new memory in each layer.
For one picture that costs more than its 0.4 million multiplications. An inference plan makes all
arrays beforehand. Its steps then write from one array into the next. A convolution with pooling
is the fused step that training runs too (model/fast/fused.py).

The pictures of a batch lie side by side on the last axis. `tests/model/fast/test_inference.py`
compares the plan with the plain layers.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from model.fast.fused import Call, ConvPool, fused_step
from model.fast.windows import Workspace
from model.frames import SIDE
from model.nn.activations import Activation, ReLU
from model.nn.layers import Flatten, Layer, Linear
from model.nn.pooling import Subsample
from model.types import Array, Arrays

WIDTH = 16  # pictures side by side in a batch: more do not fit the processor's level-2 cache

Layers = dict[str, Layer]


class InferencePlan:
    """The arrays and steps that bring up to `width` pictures through all layers of a network.

    Only one thread may use a plan at a time. Parameters that change in place count in the next run.
    """

    def __init__(self, layers: Layers, width: int) -> None:
        parameters = [a for layer in layers.values() for a in layer.parameters.values()]
        self.dtype = parameters[0].dtype if parameters else np.dtype(np.float32)
        self.width = width
        self.input = np.zeros((1, SIDE, SIDE, width), self.dtype)
        self._pictures = self.input[0].transpose(2, 0, 1)  # a view (width, 28, 28)
        # By layer: the calls that compute its output, and what then reads it, (…, width).
        self._steps: dict[str, tuple[list[Call], Callable[[], Array]]] = {}
        names, self.output = list(layers), self.input
        while names:
            some = {name: layers[name] for name in names[:3]}
            fused = fused_step(list(some.values()))
            if fused:
                self.output = self._add_fused(some, fused, self.output)
            else:
                self.output = self._add(names[0], layers[names[0]], self.output)
            del names[: 3 if fused else 1]
        self._calls = [call for calls, _ in self._steps.values() for call in calls]

    def run(self, pictures: Array) -> Array:
        """The last layer's output (…, width) for pictures (n, 28, 28), n ≤ width.

        The pictures are bytes or floats in [0, 1]. The columns after the first n are meaningless.
        The output is valid until the next run.
        """
        self._load(pictures)
        for call in self._calls:
            call()
        return self.output

    def trace(self, pictures: Array) -> Arrays:
        """The same pass; returns every layer's output by name, each a copy (…, width)."""
        self._load(pictures)
        outputs = {}
        for name, (calls, read) in self._steps.items():
            for call in calls:
                call()
            outputs[name] = read().copy()
        return outputs

    def _load(self, pictures: Array) -> None:
        target = self._pictures[: len(pictures)]
        if pictures.dtype == np.uint8:
            np.divide(pictures, np.float32(255), out=target)
        else:
            target[...] = pictures

    def _add_fused(self, layers: Layers, step: ConvPool, x: Array) -> Array:
        """Add a step for each of three layers; returns the array of the last one's output."""
        conv, activation, pool = layers
        work = Workspace(step.conv, x.shape, self.dtype)
        source, y = work.source(x), work.output
        pooling = step.pooling_calls(work)
        if isinstance(subsample := layers[pool], Subsample):
            pooling.append(lambda: np.copyto(y, subsample.scale(y)))
        self._steps[conv] = [partial(work.multiply, source)], work.interleaved
        self._steps[activation] = step.activation_calls(work), partial(step.activated, work)
        self._steps[pool] = pooling, lambda: y
        return y

    def _add(self, name: str, layer: Layer, x: Array) -> Array:
        """Add a step for one layer; returns the array of its output."""
        y = np.empty((*layer.output_shape(x.shape[:-1]), self.width), self.dtype)
        match layer:
            case Flatten():
                y = x.reshape(y.shape)  # a view
                self._steps[name] = [], lambda: y
            case Linear():
                # One picture is a vector, which NumPy multiplies with less overhead.
                one = self.width == 1
                inputs, sums = (x.reshape(-1), y.reshape(-1)) if one else (x, y)

                def compute() -> None:
                    bias = layer.parameters["bias"]
                    np.dot(layer.parameters["weight"], inputs, sums)
                    np.add(sums, bias if one else bias[:, None], sums)

                self._steps[name] = [compute], lambda: y
            case ReLU():
                zeros = np.zeros_like(y)  # NumPy is faster with two arrays than with a scalar
                self._steps[name] = [partial(np.maximum, x, zeros, out=y)], lambda: y
            case Activation():
                self._steps[name] = [partial(layer.apply, x, y)], lambda: y
            case _:
                self._steps[name] = [lambda: np.copyto(y, layer.forward(x)[0])], lambda: y
        return y


class Inference:
    """Runs pictures through the layers of one network, in any number of threads.

    Each thread is lent a plan for its pass. There are as many plans as passes ran at once.
    """

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self._idle: dict[int, list[InferencePlan]] = {1: [], WIDTH: []}

    def run(self, batch: Array) -> Array:
        """The last layer's output (units, N) for pictures (N, 28, 28), bytes or floats in [0, 1].

        Its type is that of the parameters.
        """
        if len(batch) == 1:
            return self._run_one(batch)
        plan = self._borrow(WIDTH)
        chunks = [batch[start : start + WIDTH] for start in range(0, len(batch), WIDTH)]
        outputs = [plan.run(chunk)[..., : len(chunk)].copy() for chunk in chunks]
        self._idle[WIDTH].append(plan)
        return np.concatenate(outputs or [plan.output[..., :0]], axis=-1)

    def _run_one(self, picture: Array) -> Array:
        plan = self._borrow(1)
        output = plan.run(picture).copy()
        self._idle[1].append(plan)
        return output

    def trace(self, picture: Array) -> Arrays:
        """Every layer's output (…, 1) by name, for one picture (1, 28, 28)."""
        plan = self._borrow(1)
        outputs = plan.trace(picture)
        self._idle[1].append(plan)
        return outputs

    def _borrow(self, width: int) -> InferencePlan:
        try:
            return self._idle[width].pop()
        except IndexError:
            return InferencePlan(self.layers, width)

    def __getstate__(self) -> dict[str, Any]:
        """A copy, or another process, makes plans of its own."""
        return {"layers": self.layers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]
