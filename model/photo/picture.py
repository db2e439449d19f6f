"""A picture of a digit, brought to the frame that a network reads.

Photographs, scans and screenshots differ in light, paper, pen and size. So the pen strokes are
recovered from a picture, and model/ink/redraw.py draws them as it draws the strokes of a pad. The
steps, in order:

    grey_levels          one brightness for each pixel, nothing transparent, a bounded size
    subtract_background  paper, light and desk removed, ink high (model/photo/background.py)
    ink_mask             without ruled lines (model/photo/ruling.py), what surrounds the digit
                         (model/photo/surroundings.py) and dirt
    cut_out              the ink alone, scaled to one size
    line_and_strokes     the ink thinned to a line, and the path of the pen along it
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.ink import render
from model.photo.background import subtract_background
from model.photo.masks import distances, label_components, pen_radius, pruned, thin
from model.photo.ruling import without_lines
from model.photo.surroundings import without_surroundings
from model.types import Array

PICTURE_SIDE_PX = 256  # longest side of the picture in which ink is looked for
INK_SIDE_PX = 80  # longest side of the ink from which strokes are recovered
MIN_CONTRAST = 0.1  # of ink with paper; from black to white is 1
MIN_SIGNAL_TO_NOISE = 4.0  # contrast in standard deviations within ink and paper
MAX_LOOKS = 3  # looks at a picture, the next one at a smaller part if the ink is small
SPUR_LENGTH = 0.7  # in radii of the pen; a branch that is not longer is a rough edge
DIRT_AREA = 0.05  # a component smaller than this fraction of the largest one is dirt
DOT_LENGTH = 2.5  # in greatest distances to its edge; ink that is shorter is a dot
ONE_COLOUR_DEVIATION = 0.1  # of the colours of a drawing in one colour, at most


def render_picture(picture: Image.Image, frame: str = "mnist") -> Array:
    """Draw the digit of a decoded picture as a network of this frame reads it.

    picture: see `strokes_in`
    frame:   "mnist" or "emnist", see model/frames.py
    Returns (28, 28) float32 in [0, 1], ink high; all zeros if the picture shows no ink.
    ValueError for an unknown frame.
    """
    return render(strokes_in(picture), frame)


@dataclass(frozen=True, eq=False)
class Findings:
    """What each step finds in a picture. A picture without ink has no ink, line and strokes.

    paper:   (height, width) float32, the part of the picture that holds the digit, background
             removed, ink high; at most PICTURE_SIDE_PX a side
    ink:     (height, width) bool, the digit in it
    line:    (height, width) bool, the digit at the size INK_SIDE_PX, thinned to a line
    strokes: (n, 2) each, the path of the pen along that line, in its pixels, y down
    """

    paper: Array
    ink: Array | None
    line: Array | None
    strokes: list[Array]


def strokes_in(picture: Image.Image) -> list[Array]:
    """The pen strokes of the digit in a decoded picture; none if it shows no ink.

    picture: of any size, as Pillow decodes PNG, JPEG, WebP, GIF or BMP; dark on light or light
             on dark, transparent or not
    Returns strokes (n, 2), x and y in a unit of their own, y downwards.
    """
    return findings(picture).strokes


def findings(picture: Image.Image) -> Findings:
    """The pen strokes in a decoded picture, and what each step towards them finds.

    picture: see `strokes_in`
    """
    for _ in range(MAX_LOOKS):
        foreground, split = subtract_background(grey_levels(picture))
        if not split.contrast > max(MIN_CONTRAST, MIN_SIGNAL_TO_NOISE * split.noise):
            return Findings(foreground, None, None, [])
        ink = ink_mask(foreground, split.level)
        if not ink.any():
            return Findings(foreground, None, None, [])
        box = _box_around(ink, picture.size)
        if box is None:
            break
        picture = picture.crop(box)
    line, strokes = line_and_strokes(cut_out(foreground, split.level, ink))
    return Findings(foreground, ink, line, strokes)


def in_plain_mode(picture: Image.Image) -> Image.Image:
    """The picture in a mode whose pixels can be averaged: L, RGB or RGBA; 16 bits become 8."""
    if picture.mode.startswith("I"):  # Pillow would clip 16 bits to 8
        return Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGBA")


def grey_levels(picture: Image.Image) -> Array:
    """Brightness (height, width) in [0, 1], at most PICTURE_SIDE_PX a side, nothing transparent.

    It is the one of red, green and blue that varies most: yellow on white is faint in red, but
    clear in blue. A drawing in one colour on a transparent background is read from its alpha.
    """
    picture = in_plain_mode(picture)
    scale = min(1, PICTURE_SIDE_PX / max(picture.size))
    size = [max(1, round(side * scale)) for side in picture.size]
    # In two steps, the first by whole pixels, which is faster for a large photograph.
    picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2).convert("RGBA")
    pixels = np.asarray(picture, np.float32) / 255
    colours, alpha = pixels[..., :3], pixels[..., 3]  # (height, width, 3), (height, width)
    if np.ptp(alpha) > MIN_CONTRAST:
        visible = colours[alpha > alpha.max() / 2]
        if visible.std(axis=0).max() < ONE_COLOUR_DEVIATION:
            return 1 - alpha
        paper = np.median(visible, axis=0)
        colours = paper + (colours - paper) * alpha[..., None]
    return colours[..., colours.std(axis=(0, 1)).argmax()]


def ink_mask(foreground: Array, level: float) -> Array:
    """The mask of the digit, without ruled lines, surroundings and dirt.

    foreground: (height, width), ink high
    level: the least value of ink
    """
    above = foreground > level
    mask = without_lines(above)
    if (mask != above).any():
        mask = _without_faint(mask, foreground - level)
    mask = without_surroundings(mask)
    labels = label_components(mask)
    areas = np.bincount(labels[mask], minlength=1)
    return mask & (areas[labels] >= max(1, DIRT_AREA * areas.max()))


def _without_faint(mask: Array, above: Array) -> Array:
    """A mask without faint components: remains of ruled lines between their crossings.

    above: (height, width), by how much the foreground exceeds the level of ink
    """
    labels = label_components(mask)
    darkest = np.zeros(mask.size + 1, above.dtype)
    np.maximum.at(darkest, labels[mask], above[mask])
    largest = np.bincount(labels[mask], minlength=1).argmax()
    return mask & (darkest[labels] >= darkest[largest] / 2)


def _box_around(ink: Array, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The box around small ink in a picture of this size; None if the ink is large enough."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
    longest = max(box[2] - box[0], box[3] - box[1])
    scale = max(size) / max(ink.shape)
    if scale < 1.5 or longest > PICTURE_SIDE_PX / 2:
        return None
    margin = np.array([-1, -1, 1, 1]) * longest / 3
    left, top, right, bottom = ((box + margin) * scale).round().astype(int).tolist()
    return max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])


def cut_out(foreground: Array, level: float, ink: Array) -> Array:
    """The ink as a mask (height, width) whose longest side is INK_SIDE_PX, with a margin of 1."""
    # Everything except the ink and its soft edges, which tell where it ends, becomes paper.
    paper = np.median(foreground[foreground <= level])
    soft = np.where(ink | (foreground <= level), foreground, paper)
    soft = np.pad(soft, 1, constant_values=paper)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    crop = Image.fromarray(soft[rows[0] : rows[-1] + 3, columns[0] : columns[-1] + 3])
    scale = INK_SIDE_PX / max(crop.size)
    resampling = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    size = [max(1, round(side * scale)) for side in crop.size]
    mask = np.asarray(crop.resize(size, resampling)) > level
    return np.pad(mask, 1)


def line_and_strokes(ink: Array) -> tuple[Array, list[Array]]:
    """The thin line in a mask of ink, a mask too, and the strokes of a pen that drew it.

    Strokes are (n, 2), x and y in pixels.
    """
    distance = distances(ink)
    if max(ink.shape) < DOT_LENGTH * distance.max():
        return ink, [np.zeros((1, 2))]
    radius = pen_radius(distance)
    # Ink much broader than the pen is not thinned: it shows a loop that a broad pen has filled.
    kept = distance > radius + 0.5
    line = pruned(thin(ink, kept), kept, int(SPUR_LENGTH * radius))
    return line, retrace(line)


def retrace(mask: Array) -> list[Array]:
    """Strokes (n, 2), x and y in pixels, through every pixel of a mask.

    A depth-first search: the pen goes to an unvisited neighbour, and at a dead end back along its
    own path. Each connected component is one stroke.
    """
    rest = set(zip(*(axis.tolist() for axis in np.nonzero(mask)), strict=True))
    strokes = []
    while rest:
        path = [min(rest)]
        rest.discard(path[0])
        stroke = []
        while path:
            y, x = path[-1]
            stroke.append((x, y))
            unvisited = next((pixel for pixel in _neighbours(y, x) if pixel in rest), None)
            if unvisited is None:
                path.pop()
            else:
                rest.discard(unvisited)
                path.append(unvisited)
        strokes.append(np.array(stroke, np.float64))
    return strokes


def _neighbours(y: int, x: int) -> list[tuple[int, int]]:
    """The eight neighbours of a pixel, the four nearest first."""
    return [
        *((y, x + 1), (y + 1, x), (y, x - 1), (y - 1, x)),
        *((y + 1, x + 1), (y + 1, x - 1), (y - 1, x + 1), (y - 1, x - 1)),
    ]
