"""Background subtraction: ink separated from paper, uneven light, shadows and the desk."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from model.photo.masks import highest_within, label_components
from model.types import Array

SHEET_SIDE_PX = 64  # longest side of the picture in which a sheet of paper is looked for
SHEET_AREA = (0.18, 0.97)  # least and greatest fraction of the picture that a sheet covers
MIN_OVERLAP = 0.82  # intersection over union of a sheet and a quadrangle; an ellipse has 0.64
MIN_EDGE = 0.6  # of the contrast of paper and desk, within two pixels of the sheet's edge
MAX_INK = 0.3  # largest fraction of a sheet that ink covers
MAX_COVERED = 0.7  # largest fraction of a picture that ink covers within a frame
MAX_GAPS = 0.05  # largest fraction of a frame that is missing
FRAME_PX = 3  # least width of a frame
MAX_BESIDE = 0.3  # largest fraction of the desk that is as bright (or dark) as the sheet
# Fractions of the variance that a division of the brightness in two explains:
DESK_CLEARNESS = 0.8  # least one of paper and desk; light that falls off has 0.75
INK_CLEARNESS = 0.85  # below this one of ink and paper, shadows are looked for;
SHADOW_GAIN, SHADOW_CLEARNESS = 0.03, 0.76  # removing them must raise it by this, and to this
SURFACE_SIDE = 64  # pixels a side from which the brightness of the paper is estimated
SURFACE_ROUNDS = 8  # of reweighted least squares
MIN_RESIDUAL = 0.01  # brightness; keeps the weights of these rounds finite
HISTOGRAM_BINS = 256


@dataclass(frozen=True)
class Split:
    """A division of brightness values into two classes, paper and ink.

    level:     threshold, halfway between the means of the classes
    contrast:  distance of the two means
    noise:     standard deviation within the classes
    clearness: fraction of the variance that the division explains, 0 to 1
    """

    level: float
    contrast: float
    noise: float
    clearness: float


def subtract_background(grey: Array) -> tuple[Array, Split]:
    """The picture less its background, ink high, and the split of ink and paper.

    grey: (height, width) brightness in [0, 1]

    The background is one brightness, or the surface of `paper_brightness`, whichever separates
    ink and paper more clearly. If neither separates them well, shadows are removed. The class of
    most pixels of the border is paper, unless it is a frame around what is nearly all ink.
    """
    grey = without_desk(grey)
    candidates = [grey - np.median(grey), grey - paper_brightness(grey)]
    splits = [otsu_split(candidate) for candidate in candidates]
    clearest = int(np.argmax([split.clearness for split in splits]))
    foreground, split = candidates[clearest], splits[clearest]
    # Only for dark ink: on a dark page the gaps between strokes are dark and narrow as well.
    if split.clearness < INK_CLEARNESS and np.median(grey) > (grey.min() + grey.max()) / 2:
        unshaded = _without_shadows(grey)
        found = otsu_split(unshaded)
        if found.clearness > max(split.clearness + SHADOW_GAIN, SHADOW_CLEARNESS):
            foreground, split = unshaded, found
    bright = foreground > split.level
    ink_is_bright = _border(bright, 1).mean() < 0.5
    ink = bright if ink_is_bright else ~bright
    if ink.mean() > MAX_COVERED and _border(ink, FRAME_PX).mean() < MAX_GAPS:
        ink_is_bright = not ink_is_bright
    if ink_is_bright:
        return foreground, split
    return -foreground, Split(-split.level, split.contrast, split.noise, split.clearness)


def _border(mask: Array, width: int) -> Array:
    """The pixels (n,) of a mask (height, width) that lie at most so near to its edge."""
    inside = np.zeros(mask.shape, bool)
    inside[width:-width, width:-width] = True
    return mask[~inside]


def _without_shadows(grey: Array) -> Array:
    """The picture less its morphological closing: dark and narrow ink stays, shadows go."""
    small = np.asarray(Image.fromarray(grey).reduce(2))  # for speed, and against noise
    reach = max(1, max(small.shape) // 6)
    paper = -highest_within(-highest_within(small, reach), reach)
    whole = Image.fromarray(paper).resize(grey.shape[::-1], Image.Resampling.BILINEAR)
    return grey - np.asarray(whole)


def without_desk(grey: Array) -> Array:
    """The picture with the desk replaced by the brightness of the paper, if there is a sheet.

    A sheet is a bright component of the picture, or a dark one (a board), with straight sides. It
    encloses a small area of the other class, its ink.
    """
    factor = -(-max(grey.shape) // SHEET_SIDE_PX)
    small = np.asarray(Image.fromarray(grey).reduce(factor))
    split = otsu_split(small)
    if split.clearness < DESK_CLEARNESS:
        return grey
    for side in (small > split.level, small <= split.level):
        sheet = _sheet_in(side)
        if sheet is not None and _edge_contrast(sheet, small) > MIN_EDGE * split.contrast:
            height, width = grey.shape
            whole = np.kron(_eroded(sheet), np.ones((factor, factor), bool))[:height, :width]
            return np.where(whole, grey, paper_brightness(grey, whole))
    return grey


def _sheet_in(mask: Array) -> Array | None:
    """The largest component of a mask with its holes, as a mask; None if it is no sheet."""
    if not mask.any():
        return None
    labels = label_components(mask)
    largest = labels == np.bincount(labels[mask]).argmax()
    rest = label_components(np.pad(~largest, 1, constant_values=True))
    sheet = (rest != rest[0, 0])[1:-1, 1:-1]
    quadrangle = _quadrangle_of(sheet)
    straight = (sheet & quadrangle).sum() > MIN_OVERLAP * (sheet | quadrangle).sum()
    beside = mask[~sheet].mean() if not sheet.all() else 1.0
    sheet = sheet | quadrangle  # ink at the very edge is not enclosed by the component
    ink = (_eroded(sheet) & ~largest).sum() / sheet.sum()
    fits = SHEET_AREA[0] < sheet.mean() < SHEET_AREA[1]
    return sheet if straight and fits and 0 < ink < MAX_INK and beside < MAX_BESIDE else None


def _edge_contrast(sheet: Array, grey: Array) -> float:
    """The difference of brightness between the inner and the outer side of a sheet's edge."""
    beside = highest_within(sheet, 2) & ~highest_within(sheet, 1)
    within = _eroded(sheet) & ~_eroded(_eroded(sheet))
    if not (beside.any() and within.any()):
        return 0.0
    return float(abs(np.median(grey[within]) - np.median(grey[beside])))


def _eroded(mask: Array) -> Array:
    """A mask without the pixels of its edge, except at the edge of the picture."""
    eroded: Array = highest_within(~mask, 1) == 0
    return eroded


def _quadrangle_of(mask: Array) -> Array:
    """The quadrangle of a mask's extreme pixels, as a mask.

    They are the extremes along the diagonals, or along the axes if that gives a larger area, as
    for a sheet that stands on a corner.
    """
    y, x = np.nonzero(mask)
    largest = np.zeros_like(mask)
    for directions in ([(1, 1), (1, -1), (-1, -1), (-1, 1)], [(1, 0), (0, -1), (-1, 0), (0, 1)]):
        corners = [int((a * x + b * y).argmax()) for a, b in directions]
        canvas = Image.new("1", mask.shape[::-1])
        ImageDraw.Draw(canvas).polygon([(int(x[i]), int(y[i])) for i in corners], 1)
        quadrangle = np.asarray(canvas)
        if quadrangle.sum() > largest.sum():
            largest = quadrangle
    return largest


def paper_brightness(grey: Array, where: Array | None = None) -> Array:
    """The brightness (height, width) of the paper at every pixel, under the ink too.

    where: mask of the pixels that are used, all by default

    Light falls off smoothly, so the paper is fitted by a polynomial surface of second degree. It
    has the least sum of absolute residuals, on which a few pixels of ink have little influence,
    and is found by iteratively reweighted least squares with weights 1 / residual.
    """
    y, x = np.indices(grey.shape, np.float32) / max(grey.shape)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    stride = max(1, max(grey.shape) // SURFACE_SIDE)
    used = np.ones_like(grey, bool) if where is None else where
    used = used[::stride, ::stride]
    samples, levels = terms[::stride, ::stride][used], grey[::stride, ::stride][used]
    surface = np.full_like(levels, np.median(levels))
    for _ in range(SURFACE_ROUNDS):
        residuals = np.maximum(np.abs(levels - surface), MIN_RESIDUAL)
        weighted = samples / residuals[:, None]
        coefficients = np.linalg.lstsq(weighted.T @ samples, weighted.T @ levels)[0]
        surface = samples @ coefficients
    return terms @ coefficients


def otsu_split(values: Array) -> Split:
    """The division of values at the threshold that explains most of their variance (Otsu 1979).

    The histogram holds square roots of counts. Ink may cover less than one pixel in a hundred,
    and with plain counts the noise of the paper would outweigh it.
    """
    counts, edges = np.histogram(values, bins=HISTOGRAM_BINS)
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
    """The variance explained by each division of a histogram (n + 1 bins), (n,); the total
    variance; and the means below and above each division, (2, n).
    """
    fractions = counts / counts.sum()
    below, moment = fractions.cumsum()[:-1], (fractions * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):  # a class may be empty
        low, high = moment[:-1] / below, (moment[-1] - moment[:-1]) / (1 - below)
    explained = np.nan_to_num(below * (1 - below) * (high - low) ** 2)
    return explained, float(fractions @ (middles - moment[-1]) ** 2), np.stack([low, high])
