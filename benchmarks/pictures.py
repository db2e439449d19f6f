"""How well a network reads pictures of digits, compared with the strokes they were made from.

    python -m benchmarks.pictures --ink FILE [--weights FILE] [--digits N]

Each digit of the ink is drawn on a canvas of 280 × 280 as it might be drawn or photographed. Its
ink is 30 to 260 pixels long and stands anywhere. The round brush has 4 to 40 pixels, at most a
quarter of the ink's length. A row of the table fixes one condition, length or brush; the others are
random. A brush as broad as half the ink or more has a row of its own. Settings are chosen with
files that the network has learnt from; files of other people say how good they are.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from model import Network, load
from model.data.ink_files import Sample, digit_of, read_ink
from model.ink import render
from model.photo import render_picture
from model.types import Array

SIDE_PX = 280  # of the canvas
OVERSAMPLING = 4  # times as many pixels in each direction while drawing, for smooth edges
MAX_BRUSH_FRACTION = 1 / 4  # of the length of the ink


@dataclass(frozen=True)
class Row:
    """One line of the table: how its pictures are drawn, and how they are changed then.

    size, brush: from … to, in pixels; min_ratio, max_ratio: limits of brush divided by size
    """

    name: str
    change: Callable[[Array, np.random.Generator], Image.Image]
    size: tuple[float, float] = (30, 260)
    brush: tuple[float, float] = (4, 40)
    max_ratio: float = MAX_BRUSH_FRACTION
    min_ratio: float = 0.0


def draw(strokes: list[Array], size: float, brush: float, rng: np.random.Generator) -> Array:
    """Ink from 0 to 1, (SIDE_PX, SIDE_PX): `size` pixels long with the brush, at a random place."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = max(size - brush, 1) / max((high - low).max(), 1e-6)
    box = (high - low) * scale + brush
    corner = rng.uniform(0, np.maximum(SIDE_PX - box, 1e-6)) + brush / 2
    canvas = Image.new("L", (SIDE_PX * OVERSAMPLING, SIDE_PX * OVERSAMPLING), 0)
    pencil, radius = ImageDraw.Draw(canvas), brush * OVERSAMPLING / 2
    for stroke in strokes:
        pixels = ((stroke - low) * scale + corner) * OVERSAMPLING
        line = [tuple(point) for point in pixels.tolist()]
        pencil.line(line, 255, width=round(2 * radius))
        for x, y in line:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(canvas.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX), np.float32) / 255


def as_grey(levels: Array) -> Image.Image:
    return Image.fromarray((levels.clip(0, 1) * 255).round().astype(np.uint8))


def plain(ink: Array, _: np.random.Generator) -> Image.Image:
    return as_grey(1 - ink)


def inverted(ink: Array, _: np.random.Generator) -> Image.Image:
    return as_grey(ink)


def noisy(ink: Array, rng: np.random.Generator) -> Image.Image:
    """Noise with a deviation of up to 32 grey levels, on dark grey ink and light grey paper."""
    return as_grey(0.85 - 0.7 * ink + rng.normal(0, rng.uniform(0.02, 0.125), ink.shape))


def light(rng: np.random.Generator) -> Array:
    """Light that falls smoothly towards one side, to a half or a quarter."""
    angle, (y, x) = rng.uniform(0, 2 * np.pi), np.indices((SIDE_PX, SIDE_PX)) / (SIDE_PX - 1) - 0.5
    along = (x * np.cos(angle) + y * np.sin(angle)) / np.sqrt(2) + 0.5
    return 1 - rng.uniform(0.5, 0.75) * along ** rng.uniform(0.8, 2)


def gradient(ink: Array, rng: np.random.Generator) -> Image.Image:
    return as_grey((0.95 - 0.75 * ink) * light(rng))


def mixed(ink: Array, rng: np.random.Generator) -> Image.Image:
    """Inverted, with noise, with a gradient of light: each in half of the pictures."""
    grey = 0.9 - 0.75 * ink if rng.random() < 0.5 else 0.1 + 0.75 * ink
    if rng.random() < 0.5:
        grey = grey * light(rng)
    if rng.random() < 0.5:
        grey = grey + rng.normal(0, rng.uniform(0.01, 0.06), ink.shape)
    return as_grey(grey)


def shadow(ink: Array, rng: np.random.Generator) -> Image.Image:
    """A shadow with 60 % of the light; its straight edge is blurred over some 20 pixels."""
    angle, (y, x) = rng.uniform(0, 2 * np.pi), np.indices((SIDE_PX, SIDE_PX)) - SIDE_PX / 2
    edge = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-60, 60)
    return as_grey((0.95 - 0.75 * ink) * (0.6 + 0.4 / (1 + np.exp(-edge / 5))))


def jpeg(ink: Array, rng: np.random.Generator) -> Image.Image:
    file = BytesIO()
    as_grey(0.9 - 0.8 * ink).save(file, "JPEG", quality=int(rng.integers(5, 30)))
    return Image.open(file)


def ruled(ink: Array, rng: np.random.Generator, squared: bool = False) -> Image.Image:
    """Blue printed lines or squares, slightly rotated, with a random contrast to the ink."""
    y, x = np.indices((SIDE_PX, SIDE_PX), np.float32)
    askew, gap, phase = rng.uniform(-0.05, 0.05), rng.uniform(22, 60), rng.uniform(0, 60, 2)
    width = rng.uniform(1, 2.2)
    away = np.abs((y + askew * x + phase[0]) % gap - gap / 2)
    if squared:
        away = np.minimum(away, np.abs((x - askew * y + phase[1]) % gap - gap / 2))
    lines = (width / 2 + 0.5 - away).clip(0, 1)[..., None]
    blue = np.array([0.35, 0.5, 0.8]) + rng.uniform(0, 0.35)
    page = 0.95 - lines * (0.95 - blue.clip(0, 0.9))
    page = page * (1 - ink[..., None]) + ink[..., None] * np.array([0.1, 0.1, 0.25])
    return Image.fromarray((page * 255).round().astype(np.uint8))


def on_desk(ink: Array, rng: np.random.Generator) -> Image.Image:
    """A slightly rotated sheet of paper on a dark desk with some grain; a part may be cut off."""
    sheet = as_grey(0.92 - 0.75 * ink)
    desk = rng.uniform(0.1, 0.4) + rng.normal(0, 0.03, (420, 420))
    table = as_grey(desk)
    mask = Image.new("L", sheet.size, 255)
    angle = rng.uniform(-12, 12)
    turned, cover = (p.rotate(angle, Image.Resampling.BICUBIC, expand=True) for p in (sheet, mask))
    place = tuple(rng.integers(-20, 420 - turned.width + 20, 2).tolist())
    table.paste(turned, place, cover)
    return table.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)


def blurred(ink: Array, rng: np.random.Generator) -> Image.Image:
    return as_grey(1 - ink).filter(ImageFilter.GaussianBlur(rng.uniform(1, 4)))


def transparent(ink: Array, rng: np.random.Generator) -> Image.Image:
    level = 0 if rng.random() < 0.5 else 255
    alpha = as_grey(ink)
    picture = Image.new("LA", alpha.size, (level, 0))
    picture.putalpha(alpha)
    return picture


def photograph(ink: Array, rng: np.random.Generator) -> Image.Image:
    """Twelve megapixels of a page; the canvas takes about a quarter of each side.

    All pixels of a row have the same noise: twelve million random numbers would be slow.
    """
    page = 0.85 * np.ones((300, 400), np.float32)
    canvas = Image.fromarray(0.85 - 0.6 * ink).resize((875, 875), Image.Resampling.BICUBIC)
    y, x = (int(v) for v in rng.uniform((0, 0), (3000 - 875, 4000 - 875)))
    whole = Image.fromarray(page).resize((4000, 3000))
    whole.paste(canvas, (x, y))
    fall = Image.fromarray(light(rng)[:210].astype(np.float32)).resize((4000, 3000))
    levels = np.asarray(whole) * np.asarray(fall) + rng.normal(0, 0.02, (3000, 1))
    return as_grey(levels)


LEGIBLE_SIZE_PX = (60.0, 260.0)  # length of ink that is legible on ruled paper or in a photograph
ROWS = [
    Row("mixed, all sizes, all brushes", mixed),
    *(Row(f"mixed, size {a} to {b}", mixed, size=(a, b)) for a, b in
      [(30, 60), (60, 100), (100, 160), (160, 260)]),
    *(Row(f"mixed, brush {a} to {b}", mixed, brush=(a, b)) for a, b in
      [(4, 8), (8, 14), (14, 24), (24, 40)]),
    Row("mixed, brush 1/4 to 1/3 of size", mixed, min_ratio=1 / 4, max_ratio=1 / 3),
    Row("mixed, brush 1/3 to 1/2 of size", mixed, min_ratio=1 / 3, max_ratio=1 / 2),
    Row("mixed, brush 1/2 of size and more", mixed, (30, 80), min_ratio=1 / 2, max_ratio=1),
    Row("mixed, brush as it comes, 4 to 40", mixed, max_ratio=1),
    Row("dark on light", plain),
    Row("light on dark", inverted),
    Row("noise", noisy),
    Row("gradient of light", gradient),
    Row("edge of a shadow", shadow),
    Row("JPEG of quality 5 to 30", jpeg),
    Row("out of focus", blurred, LEGIBLE_SIZE_PX),
    Row("transparent", transparent),
    Row("ruled paper", ruled, LEGIBLE_SIZE_PX),
    Row("squared paper", partial(ruled, squared=True), LEGIBLE_SIZE_PX),
    Row("dark desk", on_desk, LEGIBLE_SIZE_PX),
    Row("thin pencil", noisy, (60, 260), brush=(1.5, 3)),
    Row("photograph of 12 megapixels", photograph, LEGIBLE_SIZE_PX),
]  # fmt: skip


def make_picture(row: Row, sample: Sample, rng: np.random.Generator) -> Image.Image:
    """A picture of a sample under the conditions of this row."""
    low, high = row.brush
    size = rng.uniform(max(row.size[0], low / row.max_ratio), row.size[1])
    low = max(low, row.min_ratio * size)
    brush = rng.uniform(low, max(low, min(high, row.max_ratio * size)))
    return row.change(draw(sample.strokes, size, brush, rng), rng)


def measure(row: Row, samples: list[Sample], network: Network, seed: int) -> tuple[Array, float]:
    """The network's digit for each picture, and the median milliseconds of `render_picture`."""
    frame, images, times = network.card.frame, [], []
    for number, sample in enumerate(samples):
        picture = make_picture(row, sample, np.random.default_rng([seed, number]))
        picture.load()
        start = perf_counter()
        images.append(render_picture(picture, frame))
        times.append(perf_counter() - start)
    return network.predict(np.array(images)).argmax(axis=1), median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ink", type=Path, required=True, metavar="FILE")
    parser.add_argument("--weights", type=Path, default=Path("weights/lenet.npz"))
    parser.add_argument("--digits", type=int, default=1000, help="drawn for each row")
    parser.add_argument("--only", default="", help="rows whose names hold this text")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    network = load(args.weights)
    samples = [sample for sample in read_ink(args.ink) if digit_of(sample) is not None]
    chosen = np.random.default_rng(args.seed).permutation(len(samples))[: args.digits]
    samples = [samples[i] for i in chosen]
    labels = np.array([digit_of(sample) for sample in samples])
    images = np.array([render(sample.strokes, network.card.frame) for sample in samples])
    strokes_right = network.predict(images).argmax(axis=1) == labels
    print(f"{len(samples)} digits; their strokes themselves: {strokes_right.mean():.2%}")
    print(f"{'pictures':36} {'read':>7} {'strokes':>8} {'ms':>6}")
    for row in ROWS:
        if args.only not in row.name:
            continue
        count = len(samples) // (10 if row.change is photograph else 1)
        answers, milliseconds = measure(row, samples[:count], network, args.seed)
        right = (answers == labels[:count]).mean()
        difference = right - strokes_right[:count].mean()
        print(f"{row.name:36} {right:7.2%} {difference:+8.2%} {milliseconds:6.1f}", flush=True)


if __name__ == "__main__":
    main()
