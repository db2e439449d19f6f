"""How well whole numbers are read, composed from digits of one writer each.

    python -m benchmarks.whole_numbers INK [--weights FILE] [--numbers N] [--seed N]

INK is a .jsonl or .jsonl.gz file of digits as strokes: to measure, of people whom the network has
not learnt from. The gate is the one beside the weights. `read alone` is the fraction of numbers
whose digits are all read right one by one. For `read whole` the digits have to be found as well.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.compose import JOINED_FRACTION, TOUCHING_FRACTION, Number, by_writer, compose
from model import Network, load
from model.data.ink_files import Sample, read_ink
from model.evaluation import Gate
from model.evaluation.measure import gate_beside
from model.ink.redraw import render
from model.ink.trace import Strokes
from model.number import read_number

LENGTHS = (2, 3, 4, 5, 6)
SPACINGS = {  # of neighbours: the fraction that touches, the fraction that is joined
    "apart": (0.0, 0.0),
    "mixed": (TOUCHING_FRACTION, JOINED_FRACTION),
    "touching": (1.0, 0.0),
    "in one go": (0.0, 1.0),
}


@dataclass
class Tally:
    """Counts of numbers.

    numbers: all of them
    alone:   all digits are read right one by one
    counted: the right number of digits is found
    whole:   the whole number is read right
    """

    numbers: int = 0
    alone: int = 0
    counted: int = 0
    whole: int = 0

    def add(self, number: Number, found: str, alone: bool) -> None:
        """Count one number; found: the number that was read."""
        self.numbers += 1
        self.alone += alone
        self.counted += len(found) == len(number.text)
        self.whole += found == number.text

    def __str__(self) -> str:
        parts = [100 * n / self.numbers for n in (self.alone, self.counted, self.whole)]
        return "".join(f"{part:13.1f}" for part in parts)


class Writers:
    """The writers of some digits, and which of these a network reads right."""

    def __init__(self, network: Network, gate: Gate, samples: Sequence[Sample]) -> None:
        self.network, self.gate = network, gate
        self.writers = by_writer(samples)
        every = [sample for own in self.writers.values() for sample in own]
        self.right = {id(s): read_alone(network, s) == s.label for s in every}
        self.readable = [sample for sample in every if self.right[id(sample)]]

    def stay_single(self) -> int:
        """How many of the readable digits are still read right when read as a number."""
        return sum(
            read(self.network, self.gate, digit.strokes) == digit.label for digit in self.readable
        )

    def tally(self, spacing: str, length: int, count: int, seed: int) -> Tally:
        """The counts for `count` numbers of a length, with a spacing of `SPACINGS`."""
        rng, tally = np.random.default_rng([seed, length]), Tally()
        for number in compose_many(self.writers, length, count, rng, SPACINGS[spacing]):
            found = read(self.network, self.gate, number.strokes)
            tally.add(number, found, all(self.right[id(digit)] for digit in number.digits))
        return tally


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    options = _options(arguments)
    network = load(options.weights)
    gate = gate_beside(options.weights, options.weights.parent)
    writers = Writers(network, gate, read_ink(options.ink))
    single, readable = writers.stay_single(), len(writers.readable)
    print(f"{options.weights}, {len(writers.writers)} writers of {options.ink}")
    print(f"single digits that stay one digit and read the same: {single} of {readable}")
    print(
        f"{'neighbours':<11}{'digits':>7}{'read alone %':>13}{'counted %':>13}{'read whole %':>13}"
    )
    for spacing in SPACINGS:
        for length in LENGTHS:
            tally = writers.tally(spacing, length, options.numbers, options.seed)
            print(f"{spacing:<11}{length:>7}{tally}")
    rng = np.random.default_rng(options.seed)
    four = list(compose_many(writers.writers, 4, 40, rng, SPACINGS["mixed"]))
    print(f"a number of 4 digits takes {milliseconds(network, gate, four):.1f} ms (median)")


def compose_many(
    writers: dict[str, list[Sample]],
    length: int,
    count: int,
    rng: np.random.Generator,
    fractions: tuple[float, float],
) -> list[Number]:
    """`count` numbers; a writer is chosen in proportion to the number of their digits."""
    each = [own for own in writers.values() for _ in own]
    return [compose(each[rng.integers(len(each))], length, rng, *fractions) for _ in range(count)]


def read_alone(network: Network, sample: Sample) -> str:
    """The network's most probable digit for the sample."""
    return str(network.predict(render(sample.strokes, network.card.frame)).argmax())


def read(network: Network, gate: Gate, strokes: Strokes) -> str:
    """The most probable digit of each piece, together."""
    pieces = read_number(network, gate, strokes)
    return "".join(str(piece.probabilities.argmax()) for piece in pieces)


def milliseconds(network: Network, gate: Gate, numbers: Sequence[Number]) -> float:
    """The median time of reading one of these numbers."""
    seconds = []
    for number in numbers:
        start = perf_counter()
        read_number(network, gate, number.strokes)
        seconds.append(perf_counter() - start)
    return 1000 * median(seconds)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ink", type=Path, help="digits as strokes, .jsonl or .jsonl.gz")
    parser.add_argument("--weights", type=Path, default=Path("weights/lenet.npz"))
    parser.add_argument("--numbers", type=int, default=500, help="of each length (500)")
    parser.add_argument("--seed", type=int, default=1998)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
