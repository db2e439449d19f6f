"""The picture that a link to the page shows: a drawing, what the network sees, and its answer.

    python -m docs.make_link_picture [FILE]

The drawing is our own. FILE is static/link.png where none is given.
"""

import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MatplotlibPath
from PIL import Image

from docs.make_steps_picture import BLUE, DARK, GREY, ROOT
from model import load
from model.ink import render
from model.types import Array

WIDTH, HEIGHT = 1200, 630  # pixels: what most services show of a link
PAPER, QUIET, SQUARES = "#fbfbf9", "#5b606b", "#d5d9e8"
# x to the right and y down, in widths of the pad.
THREE = [
    *[(0.31, 0.24), (0.38, 0.16), (0.5, 0.13), (0.62, 0.18), (0.66, 0.28), (0.6, 0.39)],
    *[(0.47, 0.46), (0.6, 0.51), (0.69, 0.62), (0.66, 0.76), (0.53, 0.86), (0.38, 0.85)],
    (0.29, 0.77),
]


def main(file: Path = ROOT / "static" / "link.png") -> None:
    """Write the picture to a file, with few colours, so that it is small."""
    with mpl.rc_context({"font.family": "serif", "text.color": DARK}):
        figure = link_figure()
        figure.savefig(file, dpi=100, facecolor=PAPER, metadata={"Software": None})
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(64)
    few.save(file, optimize=True)
    print(f"Wrote {file}: {file.stat().st_size:,} bytes")


def link_figure() -> Figure:
    """Title above; below it the pad, the 28 × 28, and the ten bars."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100))
    figure.text(0.5, 0.9, "A digit, read while you write it", ha="center", va="center", size=37)
    network = load(ROOT / "weights" / "lenet.npz")
    picture = render([THREE], network.card.frame)
    show_pad(figure.add_axes((0.04, 0.08, 0.70 * HEIGHT / WIDTH, 0.70)))
    show_picture(figure.add_axes((0.455, 0.54, 0.24 * HEIGHT / WIDTH, 0.24)), picture)
    show_answer(figure, figure.add_axes((0.49, 0.06, 0.46, 0.42)), network.predict(picture))
    return figure


def show_pad(axis: Axes) -> None:
    """Squared paper with the drawing."""
    frame(axis)
    axis.set(xlim=(0, 1), ylim=(1, 0), facecolor="white")
    for line in range(1, 28):
        width = 1.2 if line % 7 == 0 else 0.5
        axis.axhline(line / 28, color=SQUARES, linewidth=width, zorder=0)
        axis.axvline(line / 28, color=SQUARES, linewidth=width, zorder=0)
    # Quadratic curves between the midpoints, as the page draws them.
    middles = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in pairwise(THREE[1:-1])]
    curves = [point for pair in zip(THREE[1:-2], middles, strict=True) for point in pair]
    path = MatplotlibPath(
        [THREE[0], *curves, THREE[-2], THREE[-1]],
        [MatplotlibPath.MOVETO, *[MatplotlibPath.CURVE3] * (len(curves) + 2)],
    )
    axis.add_patch(
        PathPatch(path, fill=False, color=BLUE, linewidth=16, capstyle="round", joinstyle="round")
    )


def show_picture(axis: Axes, picture: Array) -> None:
    """What the network sees (28, 28), ink high, dark on light."""
    frame(axis)
    axis.imshow(1 - picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def show_answer(figure: Figure, axis: Axes, probabilities: Array) -> None:
    """The digit in large, and ten columns; the highest one is blue."""
    best = int(probabilities.argmax())
    figure.text(0.66, 0.66, str(best), color=BLUE, ha="center", va="center", size=110)
    figure.text(0.72, 0.66, f"A {best}, it says.", ha="left", va="center", size=24)
    axis.bar(range(10), probabilities, width=0.8, color=BLUE)
    axis.set(ylim=(0, 1.05), yticks=[], xticks=range(10))
    axis.tick_params(length=0, labelsize=17, labelcolor=QUIET)
    axis.spines[:].set_visible(False)
    axis.axhline(0, color=GREY, linewidth=1.5)
    axis.patch.set_visible(False)


def frame(axis: Axes) -> None:
    """A thin line around a picture, and no numbers."""
    axis.set(xticks=[], yticks=[])
    for spine in axis.spines.values():
        spine.set(color=GREY, linewidth=1)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
