"""What passes between a person at a terminal and training: results, progress bars, Ctrl-C.

The bars are a convenience; everything works without tqdm too.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


def print_report(result: Mapping[str, Any], title: str) -> None:
    """Accuracy with its interval, F1 by digit and the confusion matrix, for a reader."""
    if result["images"]:
        low, high = result["interval"]
        print(f"{title}: {result['accuracy']:.2%} of {result['images']:,} digits read correctly")
        print(f"  95 % interval {low:.2%} to {high:.2%}; in the first three {result['top3']:.2%}")
        print(f"  macro F1 {result['macro_f1']:.4f}; calibration error {result['ece']:.2%}\n")
        print("  digit      F1   read as" + "".join(f"{digit:7d}" for digit in range(10)))
        for digit, (score, row) in enumerate(
            zip(result["per_digit"], result["confusion"], strict=True)
        ):
            print(f"  {digit:5d}  {score:.4f}          " + "".join(f"{n:7d}" for n in row))
    if "rejected" in result:
        print(f"{title}: {result['rejected']:.2%} answered with blank, unsure or not a digit")
    for kind, name in {
        "no_digits": "drawings of no digits",
        "look_alikes": "letters that look like digits",
        "scribbles": "made scribbles",
    }.items():
        if kind in result and result[kind]["drawings"]:
            found = result[kind]
            print(f"  of {found['drawings']:,} {name}: {found['rejected']:.2%} turned away")


@contextmanager
def interrupts() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C into a question that the loop asks where it can stop cleanly."""
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    try:
        yield lambda: bool(caught)
    finally:
        signal.signal(signal.SIGINT, before)


class NoBar:
    """Stands in for a bar where tqdm is not installed."""

    def __enter__(self) -> "NoBar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, n: int) -> None:
        pass

    def set_postfix_str(self, text: str) -> None:
        pass


def images_bar(total: int, done: int, title: str) -> Any:
    return _bar(total, done, title, unit=" images")


def bytes_bar(total: int, done: int, title: str) -> Any:
    return _bar(total or None, done, title, unit="B", unit_scale=True)


def _bar(total: int | None, done: int, title: str, **options: Any) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return NoBar()
    # disable=None: no bar where the output goes to a file.
    return tqdm(
        total=total,
        initial=done,
        desc=title,
        leave=False,
        dynamic_ncols=True,
        disable=None,
        **options,
    )
