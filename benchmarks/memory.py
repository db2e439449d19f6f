"""The memory of a worker that is asked for the dearest things, or of a process that trains.

    python -m benchmarks.memory --server         # a table of a worker's peaks
    python -m benchmarks.memory --shares         # what processes hold that share the weights
    python -m benchmarks.memory --train 300      # STEPS on EMNIST's 240,000 images: the peak
    python -m benchmarks.memory --epochs 5       # short epochs: resident memory after each

The training prints JSON. Its images are random. They are read from files in EMNIST's format with
the functions of train.py. benchmarks/server_memory.py has the server's part.
"""

import argparse
import gzip
import json
import struct
import tempfile
from pathlib import Path

import numpy as np

import train
from benchmarks import server_memory
from benchmarks.common import random_images, resident
from model.data.datasets import load_images
from model.data.sources import EMNIST_MEMBERS
from model.data.unpack import Member
from model.training.command_line import parse, recipe_of
from model.training.trainer import Training
from model.types import Array

COUNTS = (240_000, 240_000, 40_000, 40_000)  # of EMNIST's four files
SHORT_EPOCH_IMAGES = 6_000


def after_steps(steps: int) -> float:
    """The peak in MB of loading EMNIST's number of images and training for so many batches."""
    training = prepared(COUNTS)
    for now in training.batches():
        if now.step == steps:
            break
    return resident(peak=True)


def after_epochs(epochs: int) -> list[float]:
    """Resident memory in MB after each of some short epochs."""
    training = prepared((SHORT_EPOCH_IMAGES, SHORT_EPOCH_IMAGES, 100, 100))
    found = []
    for _ in range(epochs):
        for _ in training.batches():
            pass
        training.finish_epoch()
        found.append(resident())
    return found


def prepared(counts: tuple[int, ...], *options: str) -> Training:
    """The training that train.py prepares from EMNIST's four files, with so many entries each."""
    args = parse(list(options))
    with tempfile.TemporaryDirectory() as folder:
        members = [
            _written(Path(folder), n, m) for n, m in zip(counts, EMNIST_MEMBERS, strict=True)
        ]
        dataset = load_images("emnist-digits", Path(folder), members=members)
    return train.prepare(args, recipe_of(args), dataset)


def _written(folder: Path, count: int, member: Member) -> Member:
    """A file of the member's name and format with random contents, written block by block."""
    pictures, labels = random_images(1000)
    labels = (np.arange(len(labels)) % 10).astype(np.uint8)  # as many of each digit
    block: Array = pictures if "images" in member.file_name else labels
    magic_number = {3: 0x0803, 1: 0x0801}[block.ndim]
    path = folder / member.file_name
    with gzip.open(path, "wb", compresslevel=0) as file:
        file.write(struct.pack(f">I{block.ndim}I", magic_number, count, *block.shape[1:]))
        for start in range(0, count, len(block)):
            file.write(np.ascontiguousarray(block[: count - start]).tobytes())
    return Member(member.path, path.stat().st_size, member.sha256, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--shares", action="store_true")
    parser.add_argument("--train", type=int, metavar="STEPS")
    parser.add_argument("--epochs", type=int)
    args = parser.parse_args()
    if args.server:
        server_memory.print_peaks()
    if args.shares:
        server_memory.print_shares()
    if args.train:
        print(json.dumps({"peak": after_steps(args.train)}))
    if args.epochs:
        print(json.dumps({"resident": after_epochs(args.epochs)}))


if __name__ == "__main__":
    main()
