"""Two maps (28, 28) of how the pixels of a picture act on the difference of two scores.

Both say what acts here, on this one picture, and not why the network decided so. A test holds them
to networks with other weights: a map that does not change with them would show the picture alone
(Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv 1810.03292).
"""

import numpy as np

from model.network import Network
from model.nn.arrays import batch_last
from model.types import Array

PATCH = 3  # pixels a side of the square that `occlusion` makes paper


def difference(network: Network, pictures: Array, digits: tuple[int, int]) -> Array:
    """How far the score of the first digit lies above that of the second, for each picture (N,).

    A score is a logit, as the output layer of the network gives it; pictures (N, 28, 28).
    """
    logits = network.logits(pictures)
    return logits[digits[0]] - logits[digits[1]]


def gradient(network: Network, picture: Array, digits: tuple[int, int]) -> Array:
    """The slope of `difference` by each pixel of a picture (28, 28): more ink there, more of it.

    The backward pass of training, taken on to the pixels (Simonyan, Vedaldi and Zisserman 2013,
    arXiv 1312.6034).
    """
    x, caches = batch_last(picture[None]), []
    for layer in network.layers.values():
        x, cache = layer.forward(x)
        caches.append((layer, cache))
    dlogits = np.zeros((network.head.classes, 1), x.dtype)
    dlogits[digits[0]] += 1
    dlogits[digits[1]] -= 1
    dy = network.head.logits_backward(x, dlogits)
    for layer, cache in reversed(caches):
        dy, _ = layer.backward(dy, cache)
    slopes: Array = dy[0, :, :, 0]
    return slopes


def occlusion(network: Network, picture: Array, digits: tuple[int, int]) -> Array:
    """What the ink around each pixel of a picture (28, 28) adds to `difference`.

    The value of a pixel is `difference` now, less that with the PATCH × PATCH pixels around it made
    paper (Zeiler and Fergus 2013, arXiv 1311.2901). Where they are paper already it is zero.
    """
    side, reach = len(picture), PATCH // 2
    padded = np.pad(picture, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (PATCH, PATCH))
    rows, columns = np.nonzero(windows.any(axis=(2, 3)))
    covered = np.repeat(padded[None], len(rows) + 1, axis=0)  # the last one is as it was
    for i, (row, column) in enumerate(zip(rows, columns, strict=True)):
        covered[i, row : row + PATCH, column : column + PATCH] = 0
    inner = slice(reach, reach + side)
    found = difference(network, covered[:, inner, inner], digits)
    effects = np.zeros(picture.shape, found.dtype)
    effects[rows, columns] = found[-1] - found[:-1]
    return effects
