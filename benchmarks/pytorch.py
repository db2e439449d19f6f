"""The five networks in PyTorch: the same layers with the same weights, translated from ours.

Every choice favours PyTorch: pixels are floats, padded and scaled before the clock starts, and the
optimizers are the fused ones.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.network import Network
from model.nn.activations import ReLU, ScaledTanh, Sigmoid, Tanh
from model.nn.arrays import batch_last
from model.nn.heads import RBFHead
from model.nn.layers import Conv2D, Flatten, Layer, Linear, Pad, Rescale
from model.nn.pooling import AveragePool, MaxPool, Subsample
from model.recipes import Recipe
from model.types import Array

PREPARATION = (Pad, Rescale)


class TableConv(nn.Conv2d):
    """A convolution whose maps are connected to some of the channels only (table I)."""

    def __init__(self, conv: Conv2D) -> None:
        super().__init__(conv.channels, conv.maps, conv.kernel)
        self.register_buffer("table", torch.tensor(conv.connections)[:, :, None, None].float())

    def forward(self, x: Tensor) -> Tensor:
        return functional.conv2d(x, self.weight * self.table, self.bias)


class Squash(nn.Module):
    """A·tanh(S·x)."""

    def __init__(self, squash: ScaledTanh) -> None:
        super().__init__()
        self.amplitude, self.steepness = squash.amplitude, squash.steepness

    def forward(self, x: Tensor) -> Tensor:
        return self.amplitude * torch.tanh(self.steepness * x)


class TrainableSubsample(nn.Module):
    """The sum of each window times a coefficient, plus a bias."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(maps))
        self.bias = nn.Parameter(torch.empty(maps))

    def forward(self, x: Tensor) -> Tensor:
        sums = functional.avg_pool2d(x, 2, divisor_override=1)
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class Codes(nn.Module):
    """The RBF head: minus the penalty of each digit, the squared distance to its code."""

    def __init__(self, head: RBFHead) -> None:
        super().__init__()
        self.weight, self.rubbish = head.weight, head.rubbish
        self.register_buffer("codes", torch.tensor(head.codes))

    def forward(self, x: Tensor) -> Tensor:
        products = x @ self.codes.T
        distance = (x * x).sum(dim=1, keepdim=True) - 2 * products + self.codes.shape[1]
        return -self.weight * distance

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The MAP loss: cross-entropy with the rubbish class as an eleventh, constant logit."""
        rubbish = logits.new_full((len(logits), 1), -self.rubbish)
        total = torch.logsumexp(torch.cat([logits, rubbish], dim=1), dim=1)
        return (total - logits.gather(1, labels[:, None])[:, 0]).mean()


class Peer:
    """One of our networks in PyTorch."""

    def __init__(self, network: Network) -> None:
        ours = list(network.layers.values())
        self.preparation = [layer for layer in ours if isinstance(layer, PREPARATION)]
        self.rest = [layer for layer in ours if not isinstance(layer, PREPARATION)]
        self.codes = Codes(network.head) if isinstance(network.head, RBFHead) else None
        modules = [_translated(layer) for layer in self.rest]
        self.module = nn.Sequential(*modules, *([self.codes] if self.codes else []))

    def inputs(self, images: Array) -> Tensor:
        """(N, 28, 28) bytes or floats → (N, 1, H, W), the input of the first convolution."""
        x = batch_last(images)
        for layer in self.preparation:
            x, _ = layer.forward(x)
        return torch.from_numpy(np.ascontiguousarray(x.transpose(3, 0, 1, 2)))

    def loss(self, x: Tensor, labels: Tensor) -> Tensor:
        scores = self.module(x)
        if self.codes is not None:
            return self.codes.loss(scores, labels)
        return functional.cross_entropy(scores, labels)

    def optimizer(self, recipe: Recipe) -> torch.optim.Optimizer:
        """The recipe's optimizer; PyTorch has no SDLM, so it gets plain SGD."""
        parameters = self.module.parameters()
        if recipe.optimizer == "adam":
            decay = recipe.weight_decay
            return torch.optim.AdamW(parameters, recipe.rate, weight_decay=decay, fused=True)
        momentum = 0.9 if recipe.optimizer == "momentum" else 0.0
        return torch.optim.SGD(parameters, recipe.rate, momentum=momentum, fused=True)

    def train_epoch(
        self, x: Tensor, labels: Tensor, batch_size: int, optimizer: torch.optim.Optimizer
    ) -> None:
        """One epoch of forward, backward and update, without any bookkeeping."""
        for chosen in torch.randperm(len(x)).split(batch_size):
            optimizer.zero_grad(set_to_none=True)
            self.loss(x[chosen], labels[chosen]).backward()
            optimizer.step()


def gradients(peer: Peer, network: Network) -> Iterator[tuple[str, Array]]:
    """PyTorch's gradients, with our dotted names."""
    modules = dict(zip((layer for layer in peer.rest), peer.module, strict=False))
    for name, layer in network.layers.items():
        for key in layer.parameters:
            yield f"{name}.{key}", getattr(modules[layer], key).grad.numpy()


def _translated(layer: Layer) -> nn.Module:
    module = _module(layer)
    with torch.no_grad():
        for key, array in layer.parameters.items():
            getattr(module, key).copy_(torch.from_numpy(array))
    return module


def _module(layer: Layer) -> nn.Module:
    match layer:
        case Conv2D() if layer.connections is not None:
            return TableConv(layer)
        case Conv2D():
            return nn.Conv2d(layer.channels, layer.maps, layer.kernel)
        case Linear():
            return nn.Linear(layer.inputs, layer.units)
        case Subsample():
            return TrainableSubsample(len(layer.parameters["weight"]))
        case Tanh():
            return nn.Tanh()
        case ScaledTanh():
            return Squash(layer)
        case ReLU():
            return nn.ReLU()
        case Sigmoid():
            return nn.Sigmoid()
        case MaxPool():
            return nn.MaxPool2d(2)
        case AveragePool():
            return nn.AvgPool2d(2)
        case Flatten():
            return nn.Flatten()
    raise ValueError(f"{layer!r} has no counterpart in PyTorch here")
