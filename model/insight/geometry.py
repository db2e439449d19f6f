"""Receptive fields: the part of the picture that a unit can see."""

from model.frames import SIDE
from model.network import Network
from model.nn.layers import Conv2D, Flatten, Pad
from model.nn.pooling import Pool
from model.types import Shape

Box = tuple[int, int, int, int]  # left, top, right, bottom; right and bottom are outside


def field_of(network: Network, layer: str, row: int = 0, column: int = 0) -> Box:
    """The part of the picture that reaches a unit, in pixels of 28 × 28.

    layer: its output holds the unit, at this row and column of any of its maps
    The box may reach into the border of zeros, so beyond 0 … 28.
    """
    left, top, right, bottom = column, row, column + 1, row + 1
    names = list(network.layers)
    shapes: list[Shape] = [(1, SIDE, SIDE), *network.shapes.values()]
    for name, before in reversed(list(zip(names, shapes[:-1], strict=True))):
        if names.index(name) > names.index(layer):
            continue
        match network.layers[name]:
            case Conv2D(kernel=kernel):
                right, bottom = right + kernel - 1, bottom + kernel - 1
            case Pool():
                left, top, right, bottom = 2 * left, 2 * top, 2 * right, 2 * bottom
            case Pad(width=width):
                left, top, right, bottom = (edge - width for edge in (left, top, right, bottom))
            case Flatten():
                left, top, right, bottom = 0, 0, before[2], before[1]
    return left, top, right, bottom
