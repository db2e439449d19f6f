"""Telling the digit from what else is dark: a drawn box, a thumb, the edge of a table, holes.

All parts are connected components of a mask of ink. A part is no part of the digit if it encloses
the digit, or if it reaches the edge of the picture and is not like the pen's line beside it.
"""

from dataclasses import dataclass

import numpy as np

from model.photo.masks import distances, highest_within, label_components
from model.types import Array

MOST_PARTS = 24  # the largest ones are looked at; the rest is small
MIN_INSIDE = 0.3  # longest side of what is enclosed, of the longest side of what encloses it
GAP = 0.08  # of the longest side of what encloses; so wide a gap does not open it
SLASH_BREADTH, SLASH_ANGLE = 0.15, 25  # of a 0: at most, of its length; at least, in degrees
MIN_BLOB = 2.0  # thickness of a part at the edge, in that of the digit; a thicker one is no line
BORDER = 0.12  # of the picture's shorter side; a part that stays nearer to the edge is no digit
# Longest side of a digit, of the picture's, beside a part at the edge that is …
MIN_BESIDE_LINE, MIN_BESIDE_BORDER, MIN_BESIDE_BLOB = 0.25, 0.12, 0.06
MIN_APART = 0.25  # of the digit's longest side; a part at the edge that is farther is not its part
DOT_LENGTH = 2.5  # in greatest distances to its edge; a part that is shorter is a dot


@dataclass(frozen=True, eq=False)
class Part:
    """A connected component: its mask (height, width), and top, left, bottom, right of its box."""

    mask: Array
    box: Array

    @property
    def longest(self) -> int:
        """The longest side of its box, in pixels."""
        return int((self.box[2:] - self.box[:2]).max()) + 1

    @property
    def thickness(self) -> float:
        """The greatest distance of its pixels to its edge, in pixels."""
        top, left, bottom, right = self.box
        return float(distances(self.mask[top : bottom + 1, left : right + 1]).max())

    @property
    def at_edge(self) -> bool:
        """Whether it touches the edge of the picture."""
        inside = (self.box[:2] > 0).all() and (self.box[2:] < np.array(self.mask.shape) - 1).all()
        return not inside


def without_surroundings(mask: Array) -> Array:
    """A mask (height, width) without what encloses the digit, or is dark at the picture's edge."""
    parts = _parts(mask)
    kept = parts
    while (inside := _enclosed(kept)) is not None:
        kept = inside
    kept = _without_edges(kept)
    for part in parts:
        if part not in kept:
            mask = mask & ~part.mask
    return mask


def _parts(mask: Array) -> list[Part]:
    """The largest components, the largest first."""
    labels = label_components(mask)
    names, areas = np.unique(labels[mask], return_counts=True)
    found = []
    for name in names[np.argsort(-areas)][:MOST_PARTS]:
        part = labels == name
        y, x = np.nonzero(part)
        found.append(Part(part, np.array([y.min(), x.min(), y.max(), x.max()])))
    return found


def _enclosed(parts: list[Part]) -> list[Part] | None:
    """The parts that others enclose; None if no part that may be a digit is enclosed."""
    for part in parts:
        others = [other for other in parts if other is not part]
        if not others:
            return None
        low = np.min([other.box[:2] for other in others], axis=0)
        high = np.max([other.box[2:] for other in others], axis=0)
        longest = (high - low).max() + 1
        within = (low < part.box[:2]).all() and (part.box[2:] < high).all()
        if not within or part.longest < MIN_INSIDE * longest or _is_slash(part):
            continue
        inside = _apart_from_outside(parts, others, int(GAP * longest / 2))
        if part in inside and len(inside) < len(parts):
            return inside
    return None


def _apart_from_outside(parts: list[Part], around: list[Part], reach: int) -> list[Part]:
    """The parts that the outside of the picture does not reach once others grow by some pixels."""
    margin = reach + 2
    union = np.pad(np.any([part.mask for part in around], axis=0), margin)
    free = label_components(~_grown(union, reach))
    reached = _grown(free == free[0, 0], reach + 1)[margin:-margin, margin:-margin]
    return [part for part in parts if not (reached & part.mask).any()]


def _grown(mask: Array, reach: int) -> Array:
    """A mask with the pixels that are at most `reach` pixels away."""
    return highest_within(mask, reach) if reach else mask


def _is_slash(part: Part) -> bool:
    """Whether a part is a straight and oblique line, as in a slashed 0."""
    y, x = np.nonzero(part.mask)
    if len(y) < 2:
        return True
    spreads, axes = np.linalg.eigh(np.cov(x, y))
    angle = np.degrees(np.arctan2(abs(axes[0, 1]), abs(axes[1, 1])))
    return bool(np.sqrt(spreads[0] / spreads[1]) < SLASH_BREADTH and angle > SLASH_ANGLE)


def _without_edges(parts: list[Part]) -> list[Part]:
    """The parts less those at the edge, and dots, that are no part of the digit inside."""
    inside = [part for part in parts if not part.at_edge]
    if len(parts) < 2 or not inside:
        return parts
    digit = max(inside, key=lambda part: part.longest)
    return [part for part in parts if part is digit or not _is_foreign(part, digit)]


def _is_foreign(part: Part, digit: Part) -> bool:
    """Whether a part is no part of this digit, but something dark that reaches the edge."""
    size = digit.longest / max(part.mask.shape)
    apart = not (_grown(digit.mask, int(MIN_APART * digit.longest)) & part.mask).any()
    thickness = part.thickness
    if not part.at_edge:
        return apart and part.longest < DOT_LENGTH * thickness
    if size > MIN_BESIDE_BORDER and _at_border(part):
        return True
    if thickness > MIN_BLOB * digit.thickness:
        return size > MIN_BESIDE_LINE or (apart and size > MIN_BESIDE_BLOB)
    return apart and size > MIN_BESIDE_LINE


def _at_border(part: Part) -> bool:
    """Whether all of a part is near the edge of the picture."""
    border = int(BORDER * min(part.mask.shape))
    height, width = part.mask.shape
    return not part.mask[border : height - border, border : width - border].any()
