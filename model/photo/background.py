"""Ink and paper told apart, whatever the light, and whatever the paper lies on."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from model.photo.masks import named_parts
from model.types import Array

COARSE = 64  # pixels, longest side of the picture in which a sheet of paper is looked for
SHEET = (0.18, 0.97)  # least and greatest share of the picture that a sheet of paper covers
STRAIGHT = 0.82  # least share that a sheet has in common with a quadrangle; an ellipse has 0.64
SHARP = 0.6  # of the contrast of paper and desk, that lies within two pixels of the edge
WRITTEN = 0.3  # largest share of a sheet that ink covers
STARK = 0.8  # share of the variance explained by paper and desk; light that falls off has 0.75
GAIN, LEAST = 0.03, 0.76  # by how much, and to what, looking for shadows must raise that share
CLEAR = 0.85  # share of the variance that a good division explains; below, shadows are looked for


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


def lift_ink(grey: Array) -> tuple[Array, Split]:
    """How far each pixel stands out from the paper, ink high, and where ink begins.

    The paper is taken to be even, or as `paper_under` finds it: whichever sets ink and paper
    farther apart. Where neither does so clearly, there may be the edge of a shadow. Paper is
    what most of the picture's border shows.
    """
    grey = without_desk(grey)
    candidates = [grey - np.median(grey), grey - paper_under(grey)]
    splits = [split_in_two(candidate) for candidate in candidates]
    clearest = int(np.argmax([split.clearness for split in splits]))
    lifted, split = candidates[clearest], splits[clearest]
    # For dark ink alone: on a dark page the gaps between strokes are dark and narrow as well.
    if split.clearness < CLEAR and np.median(grey) > (grey.min() + grey.max()) / 2:
        unshaded = _out_of_shadow(grey)
        found = split_in_two(unshaded)
        if found.clearness > max(split.clearness + GAIN, LEAST):
            lifted, split = unshaded, found
    bright = lifted > split.level
    border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if border.mean() < 0.5:
        return lifted, split
    return -lifted, Split(-split.level, split.contrast, split.noise, split.clearness)


def _out_of_shadow(grey: Array) -> Array:
    """The picture less its closing: what is dark and narrow, as the edge of a shadow is not."""
    few = np.asarray(Image.fromarray(grey).reduce(2))  # for speed, and against noise
    reach = max(1, max(few.shape) // 6)
    paper = -_highest_within(-_highest_within(few, reach), reach)
    whole = Image.fromarray(paper).resize(grey.shape[::-1], Image.Resampling.BILINEAR)
    return grey - np.asarray(whole)


def _highest_within(values: Array, reach: int) -> Array:
    """The highest of all values within a square of this reach to every side."""
    for _ in range(2):
        values = np.pad(values, [(reach, reach), (0, 0)], mode="edge")
        seen = 1
        while seen < 2 * reach + 1:
            step = min(seen, 2 * reach + 1 - seen)
            values = np.maximum(values[:-step], values[step:])
            seen += step
        values = values.T
    return values


def without_desk(grey: Array) -> Array:
    """The picture with the paper continued over all that lies beside the sheet, if there is one.

    A sheet is a bright part of the picture, or a dark one (a board), with straight sides, that
    encloses a little of the other: its ink.
    """
    step = -(-max(grey.shape) // COARSE)
    few = np.asarray(Image.fromarray(grey).reduce(step))
    split = split_in_two(few)
    if split.clearness < STARK:
        return grey
    for side in (few > split.level, few <= split.level):
        sheet = _sheet_in(side)
        if sheet is not None and _edge_of(sheet, few) > SHARP * split.contrast:
            height, width = grey.shape
            whole = np.kron(_inside(sheet), np.ones((step, step), bool))[:height, :width]
            return np.where(whole, grey, paper_under(grey, whole))
    return grey


def _sheet_in(mask: Array) -> Array | None:
    """The largest part of a mask and what it encloses; None if that is no sheet of paper."""
    if not mask.any():
        return None
    names = named_parts(mask)
    largest = names == np.bincount(names[mask]).argmax()
    rest = named_parts(np.pad(~largest, 1, constant_values=True))
    sheet = (rest != rest[0, 0])[1:-1, 1:-1]
    quadrangle = _quadrangle_of(sheet)
    straight = (sheet & quadrangle).sum() > STRAIGHT * (sheet | quadrangle).sum()
    beside = mask[~sheet].mean() if not sheet.all() else 1.0
    sheet = sheet | quadrangle  # for ink may lie on the very edge, and so not be enclosed
    written = (_inside(sheet) & ~largest).sum() / sheet.sum()
    fits = SHEET[0] < sheet.mean() < SHEET[1]
    return sheet if straight and fits and 0 < written < WRITTEN and beside < 0.3 else None


def _edge_of(sheet: Array, grey: Array) -> float:
    """How much brighter or darker a sheet is along its edge than what lies right beside it."""
    beside = _highest_within(sheet, 2) & ~_highest_within(sheet, 1)
    within = _inside(sheet) & ~_inside(_inside(sheet))
    if not (beside.any() and within.any()):
        return 0.0
    return float(abs(np.median(grey[within]) - np.median(grey[beside])))


def _inside(mask: Array) -> Array:
    """A mask without the pixels of its edge; the edge of the picture is none."""
    inside: Array = _highest_within(~mask, 1) == 0
    return inside


def _quadrangle_of(mask: Array) -> Array:
    """The quadrangle of a mask's outermost pixels, as a mask.

    The outermost along the diagonals, or along the axes for a sheet that stands on a corner.
    """
    y, x = np.nonzero(mask)
    largest = np.zeros_like(mask)
    for directions in ([(1, 1), (1, -1), (-1, -1), (-1, 1)], [(1, 0), (0, -1), (-1, 0), (0, 1)]):
        outermost = [int((a * x + b * y).argmax()) for a, b in directions]
        canvas = Image.new("1", mask.shape[::-1])
        ImageDraw.Draw(canvas).polygon([(int(x[i]), int(y[i])) for i in outermost], 1)
        quadrangle = np.asarray(canvas)
        if quadrangle.sum() > largest.sum():
            largest = quadrangle
    return largest


def paper_under(grey: Array, where: Array | None = None) -> Array:
    """The brightness of the paper at every pixel, whatever is written on it.

    Light falls off smoothly, so paper is a surface of second degree; of all such surfaces the
    one with the least sum of distances, which the few pixels of ink cannot pull away. It is
    found by least squares, again and again, a pixel weighing 1 / its last distance. Only pixels
    of the mask `where` are looked at, if one is given; the surface goes on beyond it.
    """
    y, x = np.indices(grey.shape, np.float32) / max(grey.shape)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    step = max(1, max(grey.shape) // 64)  # 64 × 64 pixels tell as much of the light as all do
    looked_at = np.ones_like(grey, bool) if where is None else where
    looked_at = looked_at[::step, ::step]
    few, levels = terms[::step, ::step][looked_at], grey[::step, ::step][looked_at]
    surface = np.full_like(levels, np.median(levels))
    for _ in range(8):
        weighted = few / np.maximum(np.abs(levels - surface), 0.01)[:, None]
        factors = np.linalg.lstsq(weighted.T @ few, weighted.T @ levels)[0]
        surface = few @ factors
    return terms @ factors


def split_in_two(values: Array) -> Split:
    """The division of values at the level that explains most of their variance (Otsu 1979).

    Of how often each brightness occurs the square root counts: ink may cover less than one
    pixel in a hundred, and the noise of the paper would outweigh it.
    """
    counts, edges = np.histogram(values, bins=256)
    middles = (edges[:-1] + edges[1:]) / 2
    explained, variance, _ = _divisions(np.sqrt(counts), middles)
    best = int(explained.argmax())
    true_explained, true_variance, means = _divisions(counts.astype(np.float64), middles)
    low, high = means[:, best]
    return Split(
        level=float(low + high) / 2,
        contrast=float(high - low),
        noise=float(np.sqrt(max(true_variance - true_explained[best], 0))),
        clearness=float(explained[best] / variance) if variance else 0.0,
    )


def _divisions(counts: Array, middles: Array) -> tuple[Array, float, Array]:
    """Of each division of a histogram the variance explained; all variance; (2, n) both means."""
    shares = counts / counts.sum()
    below, moment = shares.cumsum()[:-1], (shares * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing below, or nothing above
        low, high = moment[:-1] / below, (moment[-1] - moment[:-1]) / (1 - below)
    explained = np.nan_to_num(below * (1 - below) * (high - low) ** 2)
    return explained, float(shares @ (middles - moment[-1]) ** 2), np.stack([low, high])
