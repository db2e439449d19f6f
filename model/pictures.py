"""A picture of a digit brought to the frame that a network reads.

A photograph, a scan and a screenshot differ in light, paper, pen and size; none of that is the
digit. So a picture is taken apart step by step until only the centre line of its pen strokes is
left, and that line is drawn again as pen strokes are: by model/ink.py, with the same pen, in the
same frame. Each step is a function of its own, so that every one can be looked at.
"""


import numpy as np
from PIL import Image

from model.ink import render
from model.types import Array

SIGHT = 256  # pixels, longest side in which the ink is looked for
DETAIL = 96  # pixels, longest side of the ink in which its centre line is found
FAINTEST = 0.1  # least contrast between ink and paper, of the full range from black to white
CLEAREST = 4.0  # … and in standard deviations of the paper's own noise
SPECK = 0.05  # parts smaller than this share of the largest are dirt


def render_picture(picture: Image.Image, frame: str = "mnist") -> Array:
    """A decoded picture to the one that a network of this frame reads.

    picture: of any size and mode, transparent or not, dark on light or light on dark
    frame:   "mnist" or "emnist", see model/frames.py
    Returns (28, 28) float32 in [0, 1], ink high; all zeros where the picture shows no ink.
    """
    lifted, level = lift_ink(grey_levels(picture))
    return render(centre_line(find_ink(lifted, level)), frame)


def grey_levels(picture: Image.Image) -> Array:
    """(height, width) float32 in [0, 1], at most SIGHT pixels a side, nothing transparent.

    Of the three colours the one that varies most: yellow on white is as clear in blue as black
    is. Where only the transparency varies, that is the drawing.
    """
    if picture.mode.startswith("I"):  # 16 bits, of which Pillow would keep the lower 8
        picture = Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    picture = picture.convert("RGBA")
    picture.thumbnail((SIGHT, SIGHT), Image.Resampling.BOX)
    pixels = np.asarray(picture, np.float32) / 255  # (height, width, 4)
    colours, alpha = pixels[..., :3], pixels[..., 3:]
    if np.ptp(alpha) > FAINTEST:
        weight = alpha / alpha.sum()
        mean = (colours * weight).sum(axis=(0, 1))
        spread = np.sqrt((((colours - mean) ** 2) * weight).sum(axis=(0, 1)).max())
        if spread < FAINTEST:
            return 1 - alpha[..., 0]
        paper = np.median(colours[alpha[..., 0] > 0.5], axis=0)
        colours = paper + (colours - paper) * alpha
    return colours[..., colours.std(axis=(0, 1)).argmax()]


def lift_ink(grey: Array):
    best = (-1.0, None, None)
    for paper in (np.median(grey), paper_under(grey)):
        above = grey - paper
        for rest in (above,):
            level, clear, contrast, noise = ink_level(rest)
            if clear > best[0]:
                best = (clear, rest, (level, contrast, noise))
    _, rest, (level, contrast, noise) = best
    on = rest > level
    ring = np.concatenate([on[0], on[-1], on[:, 0], on[:, -1]])
    if ring.mean() > .5:
        rest, level, on = -rest, -level, ~on
    if not contrast > max(FAINTEST, CLEAREST * noise):
        return rest, None
    return rest, level

def paper_under(grey: Array) -> Array:
    """The brightness of the paper at every pixel, whatever is written on it.

    Light falls off smoothly, so paper is a surface of second degree; of all such surfaces the one
    with the least absolute distance, which ink on less than half of the pixels cannot pull away.
    (Found by least squares, again and again, with the weight of a pixel 1 / its distance.)
    """
    y, x = (axis.ravel() for axis in np.indices(grey.shape) / max(grey.shape))
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(np.float32)
    levels = grey.ravel()
    surface = np.full_like(levels, np.median(levels))
    for _ in range(8):
        weights = 1 / np.maximum(np.abs(levels - surface), 0.01)[:, None]
        pull = terms.T @ (terms * weights)
        surface = terms @ np.linalg.lstsq(pull, (terms * weights).T @ levels, rcond=None)[0]
    return surface.reshape(grey.shape)


def find_ink(lifted: Array, level) -> Array:
    """The ink alone, cut out and enlarged or reduced to DETAIL: a mask (height, width)."""
    if level is None:
        return np.zeros((1, 1), bool)
    mask = drop_specks(lifted > level)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    size = max(bottom - top, right - left)
    scale = DETAIL / size
    soft = Image.fromarray(np.where(grow(mask), lifted, lifted.min()).astype(np.float32))
    m = 2
    box = (int(left) - m, int(top) - m, int(right) + m, int(bottom) + m)
    crop = soft.crop(box)
    crop = crop.resize(
        (max(1, round(crop.width * scale)), max(1, round(crop.height * scale))),
        Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX,
    )
    return np.asarray(crop) > level


def ink_level(lifted: Array) -> float | None:
    """The level between paper and ink, by Otsu; None where there is no ink to tell from paper."""
    counts, edges = np.histogram(lifted, bins=256)
    middles = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    total = (counts * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = total / below, (total[-1] - total) / above
        between = np.nan_to_num(below * above * (high - low) ** 2)
    best = between.argmax()
    side = lifted > edges[best + 1]
    contrast = high[best] - low[best]
    noise = np.sqrt((side.mean() * lifted[side].var() if side.any() else 0) + ((~side).mean() * lifted[~side].var()))
    clear = between[best] / lifted.size**2 / (lifted.var() + 1e-9)
    return float((low[best] + high[best]) / 2), clear, contrast, noise


def grow(mask: Array) -> Array:
    """The mask and its eight neighbours."""
    p = np.pad(mask, 1)
    p = p[:-2] | p[1:-1] | p[2:]
    return p[:, :-2] | p[:, 1:-1] | p[:, 2:]


def drop_specks(mask: Array) -> Array:
    names = parts(mask)
    areas = np.bincount(names[mask])
    return mask & (areas[names] >= SPECK * areas.max()) if areas.size else mask


def parts(mask: Array) -> Array:
    """Name each connected part: every pixel gets the highest index in its part, 0 outside."""
    names = np.where(mask, np.arange(mask.size).reshape(mask.shape), 0)
    while True:
        p = np.pad(names, 1)
        p = np.maximum(np.maximum(p[:-2], p[1:-1]), p[2:])
        wider = np.maximum(np.maximum(p[:, :-2], p[:, 1:-1]), p[:, 2:]) * mask
        wider = wider.ravel()[wider]
        wider = wider.ravel()[wider]
        if (wider == names).all():
            return names
        names = wider


Q = 0.15
OUT = True


def depths(mask: Array) -> Array:
    """Erosions that each pixel survives, alternately by four and eight neighbours: octagons."""
    depth = np.zeros(mask.shape, int)
    mask = np.pad(mask, 1)
    left = mask
    square = False
    while left.any():
        depth += left[1:-1, 1:-1]
        out = ~left
        if square:
            out = grow(out)
        else:
            out = (
                out
                | np.roll(out, 1, 0)
                | np.roll(out, -1, 0)
                | np.roll(out, 1, 1)
                | np.roll(out, -1, 1)
            )
        left = left & ~out
        square = not square
    return depth


def pen_radius(mask):
    d = depths(mask)
    p = np.pad(d, 1)
    p = np.maximum(np.maximum(p[:-2], p[1:-1]), p[2:])
    p = np.maximum(np.maximum(p[:, :-2], p[:, 1:-1]), p[:, 2:])
    ridge = d[mask & (d == p)]
    return float(np.quantile(ridge, Q)) if ridge.size else 0


def thin(mask: Array) -> Array:
    """Peel (Zhang and Suen 1984)."""
    layers = int(pen_radius(mask))
    mask = np.pad(mask, 1)
    for _ in range(layers):
        for first in (True, False):
            n = [
                np.roll(mask, s, (0, 1))
                for s in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
            ]
            count = sum(a.astype(np.int8) for a in n)
            turns = sum((~a & b).astype(np.int8) for a, b in zip(n, n[1:] + n[:1]))
            N, _, E, _, S, _, W, _ = n
            edge = ~(N & E & S) & ~(E & S & W) if first else ~(N & E & W) & ~(N & S & W)
            mask = mask & ~((count >= 2) & (count <= 6) & (turns == 1) & edge)
    if OUT:
        mask = mask & grow(~mask)
    return mask[1:-1, 1:-1]


def centre_line(mask: Array) -> list[Array]:
    rest = set(zip(*(axis.tolist() for axis in np.nonzero(thin(mask)))))
    lines = []
    while rest:
        trail = [rest.pop()]
        line = []
        while trail:
            line.append(trail[-1])
            y, x = trail[-1]
            onward = next(((y + dy, x + dx) for dy, dx in NEXT if (y + dy, x + dx) in rest), None)
            if onward:
                rest.discard(onward)
                trail.append(onward)
            else:
                trail.pop()
        lines.append(np.array(line, float)[:, ::-1])
    return lines


NEXT = [(0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)]
