"""Every benchmark, each in a process of its own: one table, and benchmarks/results.json.

    python -m benchmarks.run [--quick] [--only SCRIPT …]

Without --quick and --only, the table in benchmarks/README.md is written anew as well.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.common import ROOT, Row, machine, markdown

SCRIPTS = (
    "training",
    "to_99",
    "prediction",
    "request",
    "server",
    "visitors",
    "pen_to_bars",
    "smoothness",
    "weight",
    "growth",
)
RESULTS = ROOT / "benchmarks" / "results.json"
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- results: written by run.py -->\n", "<!-- end of results -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure everything; see benchmarks/README.md.")
    parser.add_argument("--quick", action="store_true", help="some two minutes, with wider spreads")
    parser.add_argument("--only", nargs="+", choices=SCRIPTS, default=SCRIPTS, metavar="SCRIPT")
    args = parser.parse_args()
    about, started = machine(), perf_counter()
    print(about_machine(about), flush=True)
    found = {script: measured(script, args.quick) for script in args.only}
    rows = [row for some in found.values() for row in some or []]
    seconds = perf_counter() - started
    table = f"{about_machine(about)}\n\n{markdown(rows)}\n"
    print(f"\n{table}\n{seconds:.0f} s")
    RESULTS.write_text(json.dumps(_results(about, rows, args.quick), indent=2) + "\n")
    if not args.quick and set(args.only) == set(SCRIPTS) and None not in found.values():
        README.write_text(with_table(README.read_text(), table))
    return 1 if None in found.values() else 0


def measured(script: str, quick: bool) -> list[Row] | None:
    """The rows of one script; None if it failed, after printing its error output."""
    print(f"… {script}", end="", file=sys.stderr, flush=True)
    started = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        run = [sys.executable, "-m", f"benchmarks.{script}", "--json", str(file)]
        done = subprocess.run(
            [*run, *(["--quick"] if quick else [])], cwd=ROOT, capture_output=True
        )
        print(f" {perf_counter() - started:.0f} s", file=sys.stderr)
        if done.returncode:
            print(f"{script} failed:\n{done.stderr.decode()}", file=sys.stderr)
            return None
        return rows_from(json.loads(file.read_text()))


def rows_from(found: list[dict[str, Any]]) -> list[Row]:
    """Rows as `common.command` writes them."""
    fields = Row.__dataclass_fields__
    return [Row(**{k: _frozen(v) for k, v in row.items() if k in fields}) for row in found]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def about_machine(about: dict[str, str]) -> str:
    """The machine and the versions, as one paragraph."""
    peers = [f"{k} {v}" for k, v in about.items() if k not in ("date", "cpu", "cores")]
    return f"{about['date']}, {about['cores']} cores of {about['cpu']}; {', '.join(peers)}."


def with_table(readme: str, table: str) -> str:
    """The README with this table between its two markers."""
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + table + "\n" + END + rest.split(END)[1]


def _results(about: dict[str, str], rows: list[Row], quick: bool) -> dict[str, Any]:
    from benchmarks.common import as_json

    return {"machine": about, "quick": quick, "rows": as_json(rows)}


if __name__ == "__main__":
    sys.exit(main())
