"""The memory of a process that trains, printed by that process itself as JSON.

    python -m benchmarks.memory --train 300      # STEPS on EMNIST's 240,000 images: the peak
    python -m benchmarks.memory --epochs 5       # short epochs: resident memory after each

The images are random, but they come from files of EMNIST's form by the way that train.py goes.
"""

import argparse
import gzip
import json
import struct
import tempfile
from pathlib import Path

import numpy as np

import train
from benchmarks.common import random_images, resident
from model.data.datasets import EMNIST_MEMBERS, load_images
from model.data.unpack import Member
from model.training.command_line import parse, recipe_of
from model.training.trainer import Training
from model.types import Array

COUNTS = (240_000, 240_000, 40_000, 40_000)  # of EMNIST's four files
SHORT = 6_000  # images in a short epoch


def after_steps(steps: int) -> float:
    """The peak in MB of loading EMNIST's number of images and learning so many batches."""
    training = prepared(COUNTS)
    for now in training.batches():
        if now.step == steps:
            break
    return resident(peak=True)


def after_epochs(epochs: int) -> list[float]:
    """Resident memory in MB after each of some short epochs."""
    training = prepared((SHORT, SHORT, 100, 100))
    found = []
    for _ in range(epochs):
        for _ in training.batches():
            pass
        training.finish_epoch()
        found.append(resident())
    return found


def prepared(counts: tuple[int, ...]) -> Training:
    """What train.py makes of EMNIST's four files, with so many images and labels in them."""
    args = parse([])
    with tempfile.TemporaryDirectory() as folder:
        members = [
            _written(Path(folder), n, m) for n, m in zip(counts, EMNIST_MEMBERS, strict=True)
        ]
        dataset = load_images("emnist-digits", Path(folder), members=members)
    return train.prepare(args, recipe_of(args), dataset)


def _written(folder: Path, count: int, member: Member) -> Member:
    """A file of the member's name and form with random contents, written without holding it."""
    pictures, labels = random_images(1000)
    block: Array = pictures if "images" in member.file_name else labels
    kind = {3: 0x0803, 1: 0x0801}[block.ndim]
    path = folder / member.file_name
    with gzip.open(path, "wb", compresslevel=0) as file:
        file.write(struct.pack(f">I{block.ndim}I", kind, count, *block.shape[1:]))
        for start in range(0, count, len(block)):
            file.write(np.ascontiguousarray(block[: count - start]).tobytes())
    return Member(member.path, path.stat().st_size, member.sha256)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=int, metavar="STEPS")
    parser.add_argument("--epochs", type=int)
    args = parser.parse_args()
    if args.train:
        print(json.dumps({"peak": after_steps(args.train)}))
    if args.epochs:
        print(json.dumps({"resident": after_epochs(args.epochs)}))


if __name__ == "__main__":
    main()
