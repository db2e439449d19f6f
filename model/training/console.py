"""The terminal: results as text, progress bars, Ctrl-C.

The bars need tqdm. Without it there are none, and everything else works.
"""

import io
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from model.card import Card

REJECTIONS = {  # entries of InkMetrics, and what they count
    "no_digits": "drawings of no digits",
    "look_alikes": "letters that look like digits",
    "scribbles": "made scribbles",
}


def print_everywhere() -> None:
    """Print a question mark for a letter that the terminal lacks, instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: str) -> None:
    """Print a line about the files beside the results, which alone go to standard output."""
    print(line, file=sys.stderr, flush=True)


def print_card(card: Card) -> None:
    """Print how well a trained network reads each set that it was measured on."""
    if card.training_accuracy is not None:
        print(f"training images: {card.training_accuracy:.2%} read correctly")
    for name in ("validation", "ink_validation", "metrics", "ink_metrics"):
        if measured := getattr(card, name):
            print_metrics(measured, name.replace("_", " "))


def print_metrics(result: Mapping[str, Any], title: str) -> None:
    """Print accuracy with its interval, F1 by digit, the confusion matrix, and rejections.

    result: Metrics or InkMetrics of model/card.py. A drawing is accepted if the answer is a digit,
            and rejected if it is blank, unsure or not a digit.
    """
    if "accuracy" in result:
        low, high = result["interval"]
        print(f"{title}: {result['accuracy']:.2%} of {result['images']:,} digits read correctly")
        print(f"  95 % interval {low:.2%} to {high:.2%}; in the first three {result['top3']:.2%}")
        print(f"  macro F1 {result['macro_f1']:.4f}; calibration error {result['ece']:.2%}\n")
        print("  digit      F1   read as" + "".join(f"{digit:7d}" for digit in range(10)))
        for digit, (score, row) in enumerate(
            zip(result["per_digit"], result["confusion"], strict=True)
        ):
            print(f"  {digit:5d}  {score:.4f}          " + "".join(f"{n:7d}" for n in row))
    if "accepted" in result:
        print(f"{title}: {result['accepted']:.2%} of {result['images']:,} digits accepted")
    for key, name in REJECTIONS.items():
        if key in result and result[key]["drawings"]:
            found = result[key]
            print(f"{title}: {found['rejected']:.2%} of {found['drawings']:,} {name} rejected")
    if result.get("auroc") is not None:
        print(f"{title}: area under the ROC curve {result['auroc']:.4f}, digits and no digits")


@contextmanager
def deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Inside this context Ctrl-C only sets a flag; the function that it yields returns the flag.

    So a loop can end between two batches. A second Ctrl-C raises KeyboardInterrupt as usual: it
    also ends what would not end by itself. The handler of before is restored afterwards.
    """
    caught: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: bool(caught)
    finally:
        signal.signal(signal.SIGINT, before)


class NoBar:
    """In place of a bar where tqdm is not installed; shows nothing."""

    def __enter__(self) -> "NoBar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, n: int) -> None:
        pass

    def set_postfix_str(self, text: str) -> None:
        pass


def images_bar(total: int, done: int, title: str) -> Any:
    """A bar of `total` images; `done` of them are trained on already."""
    return _bar(total, done, title, unit=" images")


def bytes_bar(total: int, done: int, title: str) -> Any:
    """A bar of `total` bytes, 0 if unknown; `done` of them are received already."""
    return _bar(total or None, done, title, unit="B", unit_scale=True)


def _bar(total: int | None, done: int, title: str, **options: Any) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return NoBar()
    # disable=None: no bar if the output is not a terminal.
    return tqdm(
        total=total,
        initial=done,
        desc=title,
        leave=False,
        dynamic_ncols=True,
        disable=None,
        **options,
    )
