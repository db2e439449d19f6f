"""A picture of a digit brought to the frame that a network reads.

Photographs, scans and screenshots differ in light, paper, pen and size, and none of that is the
digit. So a picture is taken apart step by step until only the middle of its pen strokes is left,
and that is drawn again as strokes from a pad are: by model/ink/redraw.py, with the same pen, in the
same frame. The steps, in order, each of which can be looked at:

    grey_levels  one brightness a pixel, nothing transparent, a bounded size
    lift_ink     paper, light and the desk removed, ink high (model/photo/background.py)
    ink_in       ruled lines (model/photo/ruling.py) and dirt dropped
    cut_out      the ink alone, all digits the same size
    strokes_of   the ink thinned from all sides to the line that the pen's middle took
"""

import numpy as np
from PIL import Image

from model.ink import render
from model.photo.background import lift_ink
from model.photo.masks import distances, named_parts, pen_radius, pruned, thin
from model.photo.ruling import without_lines
from model.types import Array

SIGHT = 256  # pixels, longest side of the picture in which ink is looked for
DETAIL = 80  # pixels, longest side of the ink in which the pen's way is looked for
FAINTEST = 0.1  # least contrast of ink with paper; from black to white is 1
CLEAREST = 4.0  # least contrast in standard deviations of ink and paper themselves
LOOKS = 3  # at most so often we go nearer to ink that is small in a large picture
SPUR = 0.7  # of the radius of the pen: a shorter branch is a rough edge
SPECK = 0.05  # a part smaller than this share of the largest one is dirt
BLOT = 2.5  # ink that is no longer than this times its greatest depth is a dot, not a tiny digit
SOLID = 0.1  # a drawing whose colours vary less than this is drawn in one colour


def render_picture(picture: Image.Image, frame: str = "mnist") -> Array:
    """A decoded picture to the one that a network of this frame reads.

    picture: of any size, as Pillow decodes PNG, JPEG, WebP, GIF or BMP; dark on light or light
             on dark, transparent or not
    frame:   "mnist" or "emnist", see model/frames.py
    Returns (28, 28) float32 in [0, 1], ink high; all zeros where the picture shows no ink.
    """
    for _ in range(LOOKS):
        lifted, split = lift_ink(grey_levels(picture))
        if not split.contrast > max(FAINTEST, CLEAREST * split.noise):
            return render([], frame)
        ink = ink_in(lifted, split.level)
        if not ink.any():
            return render([], frame)
        nearer = _box_around(ink, picture.size)
        if nearer is None:
            break
        picture = picture.crop(nearer)
    return render(strokes_of(cut_out(lifted, split.level, ink)), frame)


def grey_levels(picture: Image.Image) -> Array:
    """Brightness (height, width) in [0, 1], at most SIGHT pixels a side, nothing transparent.

    Of red, green and blue the one that varies most: yellow on white is faint in red and as clear
    as black in blue. Where the colour is one and the transparency varies, that is the drawing.
    """
    if picture.mode.startswith("I"):  # 16 bits, of which Pillow would cut off what exceeds 8
        picture = Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGBA")
    scale = min(1, SIGHT / max(picture.size))
    size = [max(1, round(side * scale)) for side in picture.size]
    # In two steps, the first by whole pixels: fast, for a photograph has many.
    picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2).convert("RGBA")
    pixels = np.asarray(picture, np.float32) / 255
    colours, alpha = pixels[..., :3], pixels[..., 3]  # (height, width, 3), (height, width)
    if np.ptp(alpha) > FAINTEST:
        visible = colours[alpha > alpha.max() / 2]
        if visible.std(axis=0).max() < SOLID:
            return 1 - alpha
        paper = np.median(visible, axis=0)
        colours = paper + (colours - paper) * alpha[..., None]
    return colours[..., colours.std(axis=(0, 1)).argmax()]


def ink_in(lifted: Array, level: float) -> Array:
    """A mask of what somebody has drawn: no paper, no ruled lines, nothing faint and no dirt."""
    every = lifted > level
    mask = without_lines(every)
    names = named_parts(mask)
    areas = np.bincount(names[mask], minlength=1)
    if (mask != every).any():  # what is left of lines between their crossings
        darkest = np.zeros(len(areas), lifted.dtype)
        np.maximum.at(darkest, names[mask], lifted[mask] - level)
        areas = areas * (darkest >= darkest[areas.argmax()] / 2)
    return mask & (areas[names] >= max(1, SPECK * areas.max()))


def _box_around(ink: Array, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The box to cut out of a picture of this size to see its ink better, None if needless."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
    longest = max(box[2] - box[0], box[3] - box[1])
    scale = max(size) / max(ink.shape)
    if scale < 1.5 or longest > SIGHT / 2:
        return None
    margin = np.array([-1, -1, 1, 1]) * longest / 3
    left, top, right, bottom = ((box + margin) * scale).round().astype(int).tolist()
    return max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])


def cut_out(lifted: Array, level: float, ink: Array) -> Array:
    """The ink as a mask (height, width) whose longest side is DETAIL, and a margin around it."""
    # All else goes down to the paper; the soft edges of the ink stay, for they say where it ends.
    paper = np.median(lifted[lifted <= level])
    soft = np.pad(np.where(ink | (lifted <= level), lifted, paper), 1, constant_values=paper)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    crop = Image.fromarray(soft[rows[0] : rows[-1] + 3, columns[0] : columns[-1] + 3])
    scale = DETAIL / max(crop.size)
    smooth = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    size = [max(1, round(side * scale)) for side in crop.size]
    mask = np.asarray(crop.resize(size, smooth)) > level
    return np.pad(mask, 1)


def strokes_of(ink: Array) -> list[Array]:
    """Strokes (n, 2), x and y in pixels, of a pen that would have left this mask of ink."""
    distance = distances(ink)
    if max(ink.shape) < BLOT * distance.max():
        return [np.zeros((1, 2))]
    radius = pen_radius(distance)
    # Not down to a line everywhere: where a broad pen has filled a loop, a blob tells of it.
    kept = distance > radius + 0.5
    return retrace(pruned(thin(ink, kept), kept, int(SPUR * radius)))


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
            onward = next((at for at in _beside(y, x) if at in rest), None)
            if onward is None:
                way.pop()
            else:
                rest.discard(onward)
                way.append(onward)
        strokes.append(np.array(stroke, np.float64))
    return strokes


def _beside(y: int, x: int) -> list[tuple[int, int]]:
    """The neighbours of a pixel, the four nearest first."""
    return [
        *((y, x + 1), (y + 1, x), (y, x - 1), (y - 1, x)),
        *((y + 1, x + 1), (y + 1, x - 1), (y - 1, x + 1), (y - 1, x - 1)),
    ]
