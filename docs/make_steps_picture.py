"""The picture of the steps in docs/how-a-drawing-is-read.md: one drawing, after every step.

    python -m docs.make_steps_picture [FILE]

The drawing is our own: a small 3 of few points, low on the pad, in the manner of a slow tablet.
FILE is docs/steps.png where none is given.
"""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model import load
from model.ink import Canvas, stages
from model.types import Array

ROOT = Path(__file__).resolve().parent.parent
BLUE, GREY, DARK = "#1f3a9e", "#9a9ca6", "#1a1b21"  # as on the page
# x and y in pixels of a pad of 280 × 280, y down.
STROKES = [
    [(52, 128), (70, 108), (98, 104), (116, 124), (106, 146), (78, 158)],
    [(78, 158), (110, 160), (128, 184), (116, 216), (82, 226), (50, 210)],
]
CANVAS = Canvas(280, 280, 9)
CAPTIONS = {
    "drawn": ("1  drawn", "the pad, as it is"),
    "smoothed": ("2  smoothed", "points become a curve"),
    "cropped": ("3  scaled", "longest side: 20 pixels"),
    "redrawn": ("4  redrawn", "pen of 2.4 pixels"),
    "centred": ("5  centred", "mass at pixel (14, 14)"),
    "picture": ("6  28 × 28", "what the network gets"),
}


def main(file: Path = ROOT / "docs" / "steps.png") -> None:
    """Write the picture to a file."""
    with mpl.rc_context({"font.family": "serif", "font.size": 10, "text.color": DARK}):
        steps_figure().savefig(file, dpi=110, facecolor="white", metadata={"Software": None})
    print(f"Wrote {file}")


def steps_figure() -> Figure:
    """Six pictures in a row, one for each step, and the network's ten bars beside them."""
    pictures = stages(STROKES, canvas=CANVAS)
    figure = Figure(figsize=(12, 2.15))
    axes = figure.subplots(1, len(pictures) + 1)
    for axis, (name, picture) in zip(axes, pictures.items(), strict=False):
        show_step(axis, picture, *CAPTIONS[name])
    network = load(ROOT / "weights" / "lenet.npz")
    show_bars(axes[-1], network.predict(pictures["picture"]))
    figure.subplots_adjust(left=0.01, right=0.985, top=0.98, bottom=0.17, wspace=0.14)
    return figure


def show_step(axis: Axes, picture: Array, title: str, what: str) -> None:
    """One picture (side, side), ink high, dark on light; its title and what was done below."""
    side = len(picture)
    axis.imshow(1 - picture, cmap="gray", vmin=0, vmax=1, extent=(0, side, side, 0))
    axis.set(xticks=[], yticks=[])
    for spine in axis.spines.values():
        spine.set(color=GREY, linewidth=0.6)
    name_axis(axis, title, what)


def show_bars(axis: Axes, probabilities: Array) -> None:
    """Ten bars, 0 at the top; the longest one is blue."""
    best = int(probabilities.argmax())
    colours = [BLUE if digit == best else GREY for digit in range(10)]
    axis.barh(range(10), probabilities, color=colours, height=0.45)
    axis.set(xlim=(0, 1), ylim=(9.6, -0.6), xticks=[], yticks=range(10), box_aspect=1)
    axis.tick_params(length=0, labelsize=8, colors=DARK, pad=2)
    axis.spines[:].set_visible(False)
    axis.vlines(0, -0.4, 9.4, color=GREY, linewidth=0.6)
    name_axis(axis, f"7  a {best}", "ten probabilities")


def name_axis(axis: Axes, title: str, what: str) -> None:
    """A title below, and below that what was done."""
    axis.text(0.5, -0.06, title, transform=axis.transAxes, ha="center", va="top", weight="bold")
    axis.text(0.5, -0.19, what, transform=axis.transAxes, ha="center", va="top", size=8.5)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
