"""Parts of all benchmarks: alternating measurements, medians with their spread, a table.

The speed of a machine changes from day to day, and others may use it too. So a number of seconds
says little. Two programs are therefore measured alternately within one run. The result is the
median of the ratios of the rounds, with the quartiles beside it.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("torch", "onnxruntime", "flask", "gunicorn")
HEADER = ("question", "wanted", "found", "spread")

Runner = Callable[[], object]
Spread = tuple[float, float, float]  # lower quartile, median, upper quartile


@dataclass(frozen=True)
class Row:
    """One line of the table.

    question: its number in the list of README.md here
    spread:   lower quartile, median, upper quartile; the median is the result
    at_least, at_most: the goal; a row without a goal has neither
    """

    question: int
    what: str
    spread: Spread
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def found(self) -> float:
        return self.spread[1]

    @property
    def met(self) -> bool | None:
        """Whether the result meets the goal; None for a row without a goal."""
        if self.at_least is None and self.at_most is None:
            return None
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return bool(low <= self.found <= high)


def race(runners: dict[str, Runner], rounds: int) -> dict[str, list[float]]:
    """Seconds of each runner in each round; every other round runs in the opposite order.

    Each runs once beforehand, unmeasured.
    """
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for runner in runners.values():
        runner()
    order = list(runners.items())
    for _ in range(rounds):
        for name, runner in order:
            started = perf_counter()
            runner()
            seconds[name].append(perf_counter() - started)
        order.reverse()
    return seconds


def spread(values: Sequence[float]) -> Spread:
    """Lower quartile, median, upper quartile."""
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    return low, median, high


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """The spread of the ratios, round by round."""
    return spread([a / b for a, b in zip(numerators, denominators, strict=True)])


def exactly(value: float) -> Spread:
    """The spread of a number that was counted, not timed: all three values are equal."""
    return value, value, value


def resident(pid: int | str = "self", *, peak: bool = False) -> float:
    """Resident memory of a process in MB (10⁶ bytes), now or its peak, as Linux counts it."""
    key = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(key))


def random_images(n: int, seed: int = 0) -> tuple[Any, Any]:
    """(n, 28, 28) uint8 and labels (n,): they take as long as digits do."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (n, 28, 28), np.uint8), rng.integers(0, 10, n, np.uint8)


# --- the machine and the table -------------------------------------------------------------------


def machine() -> dict[str, str]:
    """The machine and the versions of the packages that are measured."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": _cpu(),
        "cores": str(len(os.sched_getaffinity(0))),
        "python": platform.python_version(),
        "numpy": f"{np.__version__} with {blas['name']} {blas['version']} ({_kernels()}), "
        f"{os.environ.get('OPENBLAS_NUM_THREADS', 'all')} thread(s)",
    }
    for peer in PEERS:
        try:
            found[peer] = version(peer)
        except PackageNotFoundError:
            continue
    return found


def _kernels() -> str:
    """The processor architecture that OpenBLAS has chosen its kernels for."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:  # only the benchmarks' own environment has it
        return "kernels unknown"
    return ", ".join({f"kernels for {pool['architecture']}" for pool in threadpool_info()})


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table; those that miss their goal are marked."""
    lines = [_line(HEADER), "|---|---|---:|---:|"]
    lines += [_line(_cells(row)) for row in rows]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    wanted = [f"≥ {_number(row.at_least)}"] if row.at_least is not None else []
    wanted += [f"≤ {_number(row.at_most)}"] if row.at_most is not None else []
    low, median, high = row.spread
    found = f"{_number(median)} {row.unit}"
    return (
        f"{row.question} {row.what}",
        " ".join([*wanted, row.unit]) if wanted else "–",
        f"**{found}** (missed)" if row.met is False else found,
        "–" if low == high else f"{_number(low)} … {_number(high)}",
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    """Three significant digits: 1.42, 14.2, 142; whole numbers from 100 on: 14,200."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as JSON, each with its result and whether the goal is met."""
    return [asdict(row) | {"found": row.found, "met": row.met} for row in rows]


def command(measure: Callable[[bool], list[Row]]) -> None:
    """The command line of a benchmark: --quick for few rounds, --json FILE for programs."""
    parser = argparse.ArgumentParser(description="What it measures: see benchmarks/README.md.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, wider spreads")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    args = parser.parse_args()
    rows = measure(args.quick)
    if args.json:
        args.json.write_text(json.dumps(as_json(rows), indent=2, ensure_ascii=False) + "\n")
    print(markdown(rows))
