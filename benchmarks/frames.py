"""The frames of MNIST and of EMNIST, measured on their images, beside our drawings of ink.

    python -m benchmarks.frames --mnist DIR --emnist DIR --ink FILE …

Each may be left out. It measures the training images, and the drawings of the ink files in the
frame of each set: the longest side of the ink, its centre of mass, the width of its strokes, and
the mean and deviation of all pixels, where every digit has the same weight.
tests/model/test_frames.py compares `render` with these numbers.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from model.data.datasets import Dataset, load_images
from model.data.ink_files import read_ink
from model.evaluation.ink_metrics import labels_of, pictures_of
from model.ink.pen import centre_of_mass
from model.types import Array


def box(picture: Array) -> Array:
    """First and last row and column of the ink: [[top, bottom], [left, right]]."""
    return np.array([np.flatnonzero(picture.any(axis=axis))[[0, -1]] for axis in (1, 0)])


def stroke_width(picture: Array) -> float:
    """Twice the ink, divided by the length of its outline: the sum of all gradients' lengths."""
    across, down = np.diff(picture, axis=1)[1:], np.diff(picture, axis=0)[:, 1:]
    return float(2 * picture.sum() / np.hypot(across, down).sum())


def statistics(pictures: Array, labels: Array) -> Iterator[tuple[str, str]]:
    """Name and value of each statistic of pictures (N, 28, 28) in [0, 1] that are not empty."""
    bytes_ = np.round(255 * pictures)
    for least in (0, 127):
        sides = [np.ptp(box(picture > least), axis=1).max() + 1 for picture in bytes_]
        yield f"longest side above {least} of 255, mean", f"{np.mean(sides):.1f}"
    half = np.array([np.ptp(box(p > 0.5), axis=1).max() + 1 for p in pictures])
    whole = np.array([np.ptp(box(p), axis=1).max() + 1 for p in pictures])
    centres = np.array([centre_of_mass(p.astype(np.float32)) for p in pictures])
    widths = np.array([stroke_width(p) for p in pictures])
    yield "longest side of all ink", _mode(whole)
    yield "longest side at half the darkness", _mode(half)
    for axis, places in zip("xy", centres.T, strict=True):
        yield f"centre of mass, {axis}", f"{places.mean():.2f} ± {places.std():.2f}"
    yield "stroke width, median", f"{np.median(widths):.2f} ± {widths.std():.2f}"
    by_digit = [pictures[labels == digit] for digit in range(10)]
    for digit, some in enumerate(by_digit):
        means = some.mean(axis=(1, 2))
        yield f"mean pixel of a {digit}", f"{means.mean():.3f} ± {means.std():.3f}"
    mean = np.mean([some.mean() for some in by_digit])
    square = np.mean([(some**2).mean() for some in by_digit])
    yield "mean of all pixels, of 255", f"{255 * mean:.1f}"
    yield "mean of all pixels", f"{mean:.4f}"
    yield "deviation of all pixels", f"{np.sqrt(square - mean**2):.4f}"


def _mode(sides: Array) -> str:
    """The most frequent value, and its fraction of all."""
    values, counts = np.unique(sides, return_counts=True)
    return f"{values[counts.argmax()]} ({counts.max() / len(sides):.1%})"


def emnist_in(folder: Path) -> Dataset:
    """EMNIST digits, or files under MNIST's names that hold others in EMNIST's way."""
    if any(folder.glob("train-images*")):
        return load_images("idx", folder, frame="emnist", transposed=True)
    return load_images("emnist-digits", folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mnist", type=Path, metavar="DIR")
    parser.add_argument("--emnist", type=Path, metavar="DIR")
    parser.add_argument("--ink", type=Path, nargs="+", metavar="FILE", default=[])
    args = parser.parse_args()
    datasets = [load_images("mnist", args.mnist)] if args.mnist else []
    datasets += [emnist_in(args.emnist)] if args.emnist else []
    samples = [sample for path in args.ink for sample in read_ink(path, only="digits")]
    columns = {}
    for dataset in datasets:
        pictures = dataset.train_images / np.float32(255)
        columns[dataset.frame] = dict(statistics(pictures, dataset.train_labels))
        if samples:
            drawn = pictures_of([sample.strokes for sample in samples], dataset.frame)
            columns[f"ink as in {dataset.frame}"] = dict(statistics(drawn, labels_of(samples)))
    if not columns:
        parser.error("found no folder, wanted --mnist DIR, --emnist DIR or both")
    print(f"| pixels | {' | '.join(columns)} |")
    print("|---|" + "---|" * len(columns))
    for name in next(iter(columns.values())):
        print(f"| {name} | " + " | ".join(column[name] for column in columns.values()) + " |")


if __name__ == "__main__":
    main()
