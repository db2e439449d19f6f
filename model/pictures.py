"""A picture of a digit brought to the frame that a network reads.

Photographs, scans and screenshots differ in light, paper, pen and size, and none of that is the
digit. So a picture is taken apart step by step until only the middle of its pen strokes is left,
and that is drawn again as strokes from a pad are: by model/ink.py, with the same pen, in the
same frame. The steps, in order, each of which can be looked at:

    grey_levels  one brightness a pixel, nothing transparent, a bounded size
    lift_ink     paper and light removed, ink high
    cut_out      the ink alone, dirt dropped, all digits the same size
    strokes_of   the ink peeled from all sides down to the line that the pen's middle took
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.ink import render
from model.masks import depths, named_parts, peel, pen_radius
from model.types import Array

SIGHT = 256  # pixels, longest side of the picture in which ink is looked for
DETAIL = 96  # pixels, longest side of the ink in which the pen's way is looked for
FAINTEST = 0.1  # least contrast of ink with paper; from black to white is 1
CLEAREST = 4.0  # least contrast in standard deviations of ink and paper themselves
SPECK = 0.05  # a part smaller than this share of the largest one is dirt
BLOT = 2.5  # ink that is no longer than this times its greatest depth is a dot, not a tiny digit
SOLID = 0.1  # a drawing whose colours vary less than this is drawn in one colour


@dataclass(frozen=True)
class Split:
    """Brightness divided in two, paper and ink.

    level:     halfway between the means of the two
    contrast:  distance of the two means
    noise:     standard deviation within the two
    clearness: share of the variance that the division explains, 0 to 1
    """

    level: float
    contrast: float
    noise: float
    clearness: float


def render_picture(picture: Image.Image, frame: str = "mnist") -> Array:
    """A decoded picture to the one that a network of this frame reads.

    picture: of any size, as Pillow decodes PNG, JPEG, WebP, GIF or BMP; dark on light or light
             on dark, transparent or not
    frame:   "mnist" or "emnist", see model/frames.py
    Returns (28, 28) float32 in [0, 1], ink high; all zeros where the picture shows no ink.
    """
    lifted, split = lift_ink(grey_levels(picture))
    if not split.contrast > max(FAINTEST, CLEAREST * split.noise):
        return render([], frame)
    return render(strokes_of(cut_out(lifted, split.level)), frame)


def grey_levels(picture: Image.Image) -> Array:
    """Brightness (height, width) in [0, 1], at most SIGHT pixels a side, nothing transparent.

    Of red, green and blue the one that varies most: yellow on white is faint in red and as clear
    as black in blue. Where the colour is one and the transparency varies, that is the drawing.
    """
    if picture.mode.startswith("I"):  # 16 bits, of which Pillow would cut off what exceeds 8
        picture = Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    picture = picture.convert("RGBA")
    picture.thumbnail((SIGHT, SIGHT), Image.Resampling.BOX)
    pixels = np.asarray(picture, np.float32) / 255
    colours, alpha = pixels[..., :3], pixels[..., 3]  # (height, width, 3), (height, width)
    if np.ptp(alpha) > FAINTEST:
        visible = colours[alpha > alpha.max() / 2]
        if visible.std(axis=0).max() < SOLID:
            return 1 - alpha
        paper = np.median(visible, axis=0)
        colours = paper + (colours - paper) * alpha[..., None]
    return colours[..., colours.std(axis=(0, 1)).argmax()]


def lift_ink(grey: Array) -> tuple[Array, Split]:
    """How far each pixel stands out from the paper, ink high, and where ink begins.

    The paper is taken to be even, or as `paper_under` finds it: whichever sets ink and paper
    farther apart. Paper is what most of the picture's border shows.
    """
    candidates = [grey - np.median(grey), grey - paper_under(grey)]
    splits = [split_in_two(candidate) for candidate in candidates]
    clearest = int(np.argmax([split.clearness for split in splits]))
    lifted, split = candidates[clearest], splits[clearest]
    bright = lifted > split.level
    border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if border.mean() < 0.5:
        return lifted, split
    return -lifted, Split(-split.level, split.contrast, split.noise, split.clearness)


def paper_under(grey: Array) -> Array:
    """The brightness of the paper at every pixel, whatever is written on it.

    Light falls off smoothly, so paper is a surface of second degree; of all such surfaces the
    one with the least sum of distances, which the few pixels of ink cannot pull away. It is
    found by least squares, again and again, a pixel weighing 1 / its last distance.
    """
    y, x = np.indices(grey.shape, np.float32) / max(grey.shape)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    step = max(1, max(grey.shape) // 64)  # 64 × 64 pixels tell as much of the light as all do
    few, levels = terms[::step, ::step].reshape(-1, 6), grey[::step, ::step].ravel()
    surface = np.full_like(levels, np.median(levels))
    for _ in range(8):
        weighted = few / np.maximum(np.abs(levels - surface), 0.01)[:, None]
        factors = np.linalg.lstsq(weighted.T @ few, weighted.T @ levels)[0]
        surface = few @ factors
    return terms @ factors


def split_in_two(values: Array) -> Split:
    """The division of values at the level that explains most of their variance (Otsu 1979)."""
    counts, edges = np.histogram(values, bins=256)
    shares = counts / counts.sum()
    middles = (edges[:-1] + edges[1:]) / 2
    below, moment = shares.cumsum()[:-1], (shares * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing below, or nothing above
        low, high = moment[:-1] / below, (moment[-1] - moment[:-1]) / (1 - below)
    explained = np.nan_to_num(below * (1 - below) * (high - low) ** 2)
    variance = shares @ (middles - moment[-1]) ** 2
    best = explained.argmax()
    return Split(
        level=float(low[best] + high[best]) / 2,
        contrast=float(high[best] - low[best]),
        noise=float(np.sqrt(max(variance - explained[best], 0))),
        clearness=float(explained[best] / variance) if variance else 0.0,
    )


def cut_out(lifted: Array, level: float) -> Array:
    """The ink as a mask (height, width) whose longest side is DETAIL, and a margin around it."""
    mask = lifted > level
    names = named_parts(mask)
    areas = np.bincount(names[mask])
    mask &= areas[names] >= SPECK * areas.max()
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    # Dirt goes down to the paper; the soft edges of the ink stay, for they say where it ends.
    soft = np.where(mask | (lifted <= level), lifted, lifted.min())[box]
    crop = Image.fromarray(np.pad(soft, 1, constant_values=lifted.min()))
    scale = DETAIL / max(crop.size)
    smooth = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    size = [max(1, round(side * scale)) for side in crop.size]
    return np.pad(np.asarray(crop.resize(size, smooth)) > level, 1)


def strokes_of(ink: Array) -> list[Array]:
    """Strokes (n, 2), x and y in pixels, of a pen that would have left this mask of ink."""
    depth = depths(ink)
    if max(ink.shape) < BLOT * depth.max():
        return [np.zeros((1, 2))]
    # Not down to a line everywhere: where a broad pen has filled a loop, a blob tells of it.
    return retrace(peel(ink, pen_radius(depth)))


def retrace(mask: Array) -> list[Array]:
    """Strokes (n, 2), x and y in pixels, of a pen that passes through every pixel of a mask.

    It steps from a pixel to a neighbour where it has not been, and at a dead end goes back on
    its own way until there is one; it is lifted only where nothing that is left is connected.
    """
    rest = set(zip(*(axis.tolist() for axis in np.nonzero(mask)), strict=True))
    strokes = []
    while rest:
        way = [min(rest)]
        rest.discard(way[0])
        stroke = []
        while way:
            y, x = way[-1]
            stroke.append((x, y))
            onward = next((at for at in _around(y, x) if at in rest), None)
            if onward is None:
                way.pop()
            else:
                rest.discard(onward)
                way.append(onward)
        strokes.append(np.array(stroke, np.float64))
    return strokes


def _around(y: int, x: int) -> list[tuple[int, int]]:
    """The neighbours of a pixel, the four nearest first."""
    return [
        *((y, x + 1), (y + 1, x), (y, x - 1), (y - 1, x)),
        *((y + 1, x + 1), (y + 1, x - 1), (y - 1, x + 1), (y - 1, x - 1)),
    ]
