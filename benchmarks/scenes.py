"""How well a network reads a digit beside something else dark: a desk, a thumb, a drawn box.

    python -m benchmarks.scenes --ink FILE [--weights FILE] [--digits N]

Each digit of the ink is drawn in the middle of a canvas of 280 × 280, 60 to 120 pixels long, with
a pen of 4 to 14 pixels. Then one thing is added that is no part of it.
"""

import argparse
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.pictures import SIDE_PX, as_grey, draw
from model import load
from model.data.ink_files import digit_of, read_ink
from model.photo import render_picture
from model.types import Array

PAPER, DARK = 0.9, 0.15
Scene: TypeAlias = Callable[[Array, np.random.Generator], Image.Image]
Y, X = np.indices((SIDE_PX, SIDE_PX), np.float32)


def beside(ink: Array, thing: Array, rng: np.random.Generator, dark: float = DARK) -> Image.Image:
    """Ink on paper, and a thing, 0 to 1, at any side of the picture."""
    thing = np.rot90(thing, int(rng.integers(4)))
    noise = rng.normal(0, 0.015, ink.shape)
    return as_grey((PAPER - 0.75 * ink) * (1 - thing) + dark * thing + noise)


def drawn_by(draw_on: Callable[[ImageDraw.ImageDraw], object], soft: float = 0.7) -> Array:
    """What is drawn with Pillow, 0 to 1, with a soft edge of so many pixels."""
    canvas = Image.new("L", (SIDE_PX, SIDE_PX), 0)
    draw_on(ImageDraw.Draw(canvas))
    blurred = canvas.filter(ImageFilter.GaussianBlur(soft))
    return np.asarray(blurred, np.float32) / 255


def soft_step(away: Array, width: float = 1) -> Array:
    """1 where `away` (pixels) is far below 0, 0 where it is far above."""
    return np.clip(0.5 - away / (2 * width), 0, 1)


def desk_corner(ink: Array, rng: np.random.Generator) -> Image.Image:
    reach = rng.uniform(60, 110)
    return beside(ink, soft_step(X + rng.uniform(0.6, 1.6) * Y - reach), rng, rng.uniform(0.1, 0.4))


def desk_edge(ink: Array, rng: np.random.Generator) -> Image.Image:
    lean, reach = rng.uniform(-0.15, 0.15), rng.uniform(20, 60)
    return beside(ink, soft_step(X + lean * (Y - 140) - reach), rng, rng.uniform(0.1, 0.4))


def thumb(ink: Array, rng: np.random.Generator) -> Image.Image:
    place, reach, half = rng.uniform(80, 200), rng.uniform(40, 70), rng.uniform(20, 35)
    away = np.hypot(np.maximum(X - reach + half, 0), Y - place) - half
    return beside(ink, soft_step(away, 2), rng, rng.uniform(0.2, 0.5))


def hand_shadow(ink: Array, rng: np.random.Generator) -> Image.Image:
    place, reach = rng.uniform(60, 220), rng.uniform(50, 80)
    away = np.hypot(X, 0.7 * (Y - place)) - reach
    shade = 1 - rng.uniform(0.4, 0.6) * soft_step(away, rng.uniform(4, 15))
    return as_grey(np.rot90(shade, int(rng.integers(4))) * (PAPER - 0.75 * ink))


def letterbox(ink: Array, rng: np.random.Generator) -> Image.Image:
    bar = rng.uniform(15, 55)
    return beside(ink, soft_step(np.minimum(Y, SIDE_PX - 1 - Y) - bar, 0.5), rng, 0.0)


def spiral_holes(ink: Array, rng: np.random.Generator) -> Image.Image:
    gap, half, place = rng.uniform(22, 40), rng.uniform(5, 9), rng.uniform(4, 20)
    away = np.hypot(X - place, (Y + rng.uniform(0, gap)) % gap - gap / 2) - half
    return beside(ink, soft_step(away), rng)


def margin_line(ink: Array, rng: np.random.Generator) -> Image.Image:
    lean, half = rng.uniform(-0.05, 0.05), rng.uniform(0.7, 2.5)
    away = np.abs(X + lean * Y - rng.uniform(20, 60)) - half
    return beside(ink, soft_step(away, 0.5), rng, rng.uniform(0.2, 0.5))


def second_sheet(ink: Array, rng: np.random.Generator) -> Image.Image:
    """Another sheet lies over a corner or a side; its edge throws a narrow shadow."""
    away = X + rng.uniform(-0.3, 1.2) * Y - rng.uniform(40, 80)
    line = np.where(away > 0, np.exp(-away / rng.uniform(2, 5)), soft_step(-away))
    return beside(ink, 0.8 * line.astype(np.float32), rng, 0.2)


def vignette(ink: Array, rng: np.random.Generator) -> Image.Image:
    radius = np.hypot(X - 140, Y - 140) / 198
    return as_grey((PAPER - 0.75 * ink) * (1 - rng.uniform(0.6, 1) * np.clip(radius, 0, 1) ** 4))


def window_border(ink: Array, rng: np.random.Generator) -> Image.Image:
    away = np.minimum.reduce([X, Y, SIDE_PX - 1 - X, SIDE_PX - 1 - Y])
    first, width = rng.choice([0, 0, 2, 8]), rng.uniform(1, 10)
    return beside(ink, ((away >= first) & (away < first + width)).astype(np.float32), rng)


def title_bar(ink: Array, rng: np.random.Generator) -> Image.Image:
    """A window of a program: a dark bar with a thin border below it."""
    away = np.minimum.reduce([X, Y, SIDE_PX - 1 - X, SIDE_PX - 1 - Y])
    return as_grey(np.where((away < 2) | (rng.uniform(16, 36) > Y), 0.25, 1 - ink))


def _corners(rng: np.random.Generator) -> tuple[float, float, float, float]:
    x, y = rng.uniform(25, 55, 2)
    return x, y, SIDE_PX - rng.uniform(25, 55), SIDE_PX - rng.uniform(25, 55)


def box(ink: Array, rng: np.random.Generator) -> Image.Image:
    corners, width = _corners(rng), int(rng.integers(2, 10))
    return beside(ink, drawn_by(lambda d: d.rectangle(corners, outline=255, width=width)), rng)


def leaning_box(ink: Array, rng: np.random.Generator) -> Image.Image:
    """A box drawn by hand: four lines that need not meet."""
    left, top, right, bottom = _corners(rng)
    ends = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    width = int(rng.integers(3, 9))

    def lines(pencil: ImageDraw.ImageDraw) -> None:
        for start, end in pairwise(ends):
            points = np.array([start, end]) + rng.normal(0, 4, (2, 2))
            pencil.line([tuple(point) for point in points.tolist()], 255, width)

    return beside(ink, drawn_by(lines), rng)


def rounded_box(ink: Array, rng: np.random.Generator) -> Image.Image:
    corners, width, radius = _corners(rng), int(rng.integers(2, 10)), rng.uniform(10, 50)
    return beside(
        ink, drawn_by(lambda d: d.rounded_rectangle(corners, radius, None, 255, width)), rng
    )


def circle(ink: Array, rng: np.random.Generator) -> Image.Image:
    corners, width = _corners(rng), int(rng.integers(2, 10))
    return beside(ink, drawn_by(lambda d: d.ellipse(corners, outline=255, width=width)), rng)


def open_corners(ink: Array, rng: np.random.Generator) -> Image.Image:
    """The box of a form with gaps at its corners."""
    left, top, right, bottom = _corners(rng)
    gap, width = rng.uniform(4, 16), int(rng.integers(2, 6))

    def lines(pencil: ImageDraw.ImageDraw) -> None:
        for y in (top, bottom):
            pencil.line((left + gap, y, right - gap, y), 255, width)
        for x in (left, right):
            pencil.line((x, top + gap, x, bottom - gap), 255, width)

    return beside(ink, drawn_by(lines), rng)


def table_cell(ink: Array, rng: np.random.Generator) -> Image.Image:
    """The lines of a table, which go on to the edges of the picture."""
    left, top, right, bottom = _corners(rng)
    width = int(rng.integers(2, 8))

    def lines(pencil: ImageDraw.ImageDraw) -> None:
        for y in (top, bottom):
            pencil.line((0, y, SIDE_PX, y), 255, width)
        for x in (left, right):
            pencil.line((x, 0, x, SIDE_PX), 255, width)

    return beside(ink, drawn_by(lines), rng)


def row_of_boxes(ink: Array, rng: np.random.Generator) -> Image.Image:
    """The middle one of three boxes of a form; the others are cut off by the picture's edge."""
    left, top, right, bottom = _corners(rng)
    width = int(rng.integers(2, 6))

    def lines(pencil: ImageDraw.ImageDraw) -> None:
        for x, end in ((left, right), (right, 400), (-100, left)):
            pencil.rectangle((x, top, end, bottom), None, 255, width)

    return beside(ink, drawn_by(lines), rng)


def nothing(ink: Array, rng: np.random.Generator) -> Image.Image:
    return beside(ink, np.zeros_like(ink), rng)


SCENES: list[Scene] = [
    *(nothing, desk_corner, desk_edge, thumb, hand_shadow, letterbox, spiral_holes),
    *(margin_line, second_sheet, vignette, window_border, title_bar, box, leaning_box),
    *(rounded_box, circle, open_corners, table_cell, row_of_boxes),
]


def in_the_middle(strokes: list[Array], rng: np.random.Generator) -> Array:
    """Ink from 0 to 1, (SIDE_PX, SIDE_PX), in about the middle."""
    ink = draw(strokes, rng.uniform(60, 120), rng.uniform(4, 14), rng)
    shift = [
        SIDE_PX // 2 - int(axis.min() + axis.max()) // 2 + int(rng.integers(-8, 9))
        for axis in np.nonzero(ink > 0)
    ]
    return np.roll(ink, shift, (0, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ink", type=Path, required=True, metavar="FILE")
    parser.add_argument("--weights", type=Path, default=Path("weights/lenet.npz"))
    parser.add_argument("--digits", type=int, default=100, help="drawn for each row")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    network = load(args.weights)
    samples = read_ink(args.ink)
    samples = [sample for sample in samples if digit_of(sample) is not None]
    chosen = np.random.default_rng(args.seed).permutation(len(samples))[: args.digits]
    labels = np.array([digit_of(samples[i]) for i in chosen])
    for scene in SCENES:
        images = []
        for number in chosen:
            rng = np.random.default_rng([args.seed, number])
            picture = scene(in_the_middle(samples[number].strokes, rng), rng)
            images.append(render_picture(picture, network.card.frame))
        right = network.predict(np.array(images)).argmax(axis=1) == labels
        print(f"{scene.__name__.replace('_', ' '):20} {right.mean():7.1%}", flush=True)


if __name__ == "__main__":
    main()
