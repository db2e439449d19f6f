"""How well a network reads ink as a slow or coarse tablet records it, smoothed or not.

    python -m benchmarks.coarse --ink FILE … [--weights FILE]

Two things make ink coarse. Either only points at a given distance are kept, with the last point of
each stroke. Or every point is rounded to a grid, which leaves staircases. Settings are chosen with
files that the network has learnt from; files of other people say how good they are.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from model import load
from model.data.ink_files import read_ink
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.ink import Normalise
from model.types import Array

Lines = list[Array]


def thinned(lines: Lines, spacing: float) -> Lines:
    """Keep points at least `spacing` lengths of the digit apart, and the last of each stroke."""
    distance = spacing * _length(lines)
    return [line[_kept(line, distance)] for line in lines]


def _kept(line: Array, distance: float) -> list[int]:
    kept = [0]
    for i, point in enumerate(line):
        if np.hypot(*(point - line[kept[-1]])) >= distance:
            kept.append(i)
    return kept if kept[-1] == len(line) - 1 else [*kept, len(line) - 1]


def on_a_grid(lines: Lines, units: int) -> Lines:
    """Every point moved to the nearest point of a grid; the digit is so many units long."""
    unit = max(_length(lines), 1e-9) / units
    return [np.round(line / unit) * unit for line in lines]


def _length(lines: Lines) -> float:
    return float(np.ptp(np.concatenate(lines), axis=0).max())


CHANGES: dict[str, Callable[[Lines], Lines]] = {
    "as it was recorded": lambda lines: lines,
    **{
        f"a point every {spacing:.0%} of the digit": partial(thinned, spacing=spacing)
        for spacing in (0.1, 0.2, 0.3, 0.4)
    },
    **{f"on a grid, {n} units a digit": partial(on_a_grid, units=n) for n in (40, 20, 12, 8)},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ink", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--weights", type=Path, default=Path("weights/lenet.npz"))
    args = parser.parse_args()
    network = load(args.weights)
    samples = [sample for path in args.ink for sample in read_ink(path, only="digits")]
    labels = labels_of(samples)
    print(f"{len(samples)} digits\n{'read right':32} {'smoothed':>9} {'as it is':>9} {'points':>7}")
    for name, change in CHANGES.items():
        drawings = [change(sample.strokes) for sample in samples]
        points = np.median([sum(map(len, drawing)) for drawing in drawings])
        right = []
        for smooth in (True, False):
            pictures = pictures_of(drawings, network.card.frame, Normalise(smooth=smooth))
            right.append((network.predict(pictures).argmax(axis=1) == labels).mean())
        print(f"{name:32} {right[0]:9.2%} {right[1]:9.2%} {points:7.0f}", flush=True)


if __name__ == "__main__":
    main()
