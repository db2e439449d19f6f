"""All attacks, one after the other; a table of what they found.

    python -m tests.attack.run            # some ten minutes on two cores; `make attack`
    python -m tests.attack.run --quick    # the short forms, as in `make test`
    python -m tests.attack.run --write    # writes the table into docs/limits.md too
    python -m tests.attack.run --only raw slow

Only addresses of this machine are used. Every attack is a process of its own and ends within its
time. What it prints besides its result is a fault: the log would hold it. The exit status is 1 if
there is a fault.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from benchmarks.common import ROOT
from benchmarks.run import with_table
from tests.attack.tally import Tally

PAGE = ROOT / "docs" / "limits.md"
MOST_SECONDS = 1_800  # for all together; they take under 600 on two cores that are free


@dataclass(frozen=True)
class Attack:
    """What an attack sends, how much of it, and how much in its short form."""

    what: str
    cases: int
    few: int


ATTACKS = {
    "described": Attack("requests by the description, from schemathesis", 5_100, 60),
    "bodies": Attack("changed bodies", 20_000, 400),
    "pictures": Attack("changed pictures", 20_000, 300),
    "raw": Attack("raw requests on connections", 3_000, 100),
    "slow": Attack("slow clients of each sort at once", 100, 10),
    "dearest": Attack("dearest requests, a search and pictures", 10, 1),
    "signals": Attack("signals under load", 9, 3),
    "starts": Attack("starts with a bad setting", 1_000, 5),
}
HEAD = "| attack | cases | faults | answers | figures | time |\n|---|---:|---:|---|---|---:|"


def run(name: str, cases: int, seconds: float) -> Tally:
    """The tally of one attack. What it prints besides, and a halt, are faults."""
    command = [sys.executable, "-m", f"tests.attack.{name}", "--cases", str(cases)]
    tally, pipe = Tally(), subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            printed, errors = process.communicate(timeout=max(seconds, 1))
        except subprocess.TimeoutExpired:
            tally.fault("it did not end in time")
            return tally
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it and the server that it started
    lines = printed.splitlines()
    if process.returncode == 0 and lines:
        tally = Tally(**json.loads(lines[-1]))
    if process.returncode or errors or len(lines) != 1:
        tally.fault(f"exit status {process.returncode}, it printed {errors[-500:]!r}")
    return tally


def row(what: str, tally: Tally, seconds: float) -> str:
    """A line of the table."""
    by_status = sorted(tally.statuses.items(), key=lambda item: -item[1])
    answers = ", ".join(f"{count:,} × {status}" for status, count in by_status) or "–"
    cells = [what, f"{tally.cases:,}", f"{tally.failed}", answers, "; ".join(tally.figures)]
    return f"| {' | '.join(cells)} | {seconds:.0f} s |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Attack the program, within bounds.")
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=ATTACKS, metavar="ATTACK")
    parser.add_argument("--quick", action="store_true", help="the short forms")
    parser.add_argument("--write", action="store_true", help="write the table into docs/limits.md")
    args = parser.parse_args()
    rows, faults, end = [], [], perf_counter() + MOST_SECONDS
    for name in args.only:
        attack, started = ATTACKS[name], perf_counter()
        tally = run(name, attack.few if args.quick else attack.cases, end - started)
        rows.append(row(attack.what, tally, perf_counter() - started))
        faults += [f"{name}: {words}" for words in tally.faults]
        print(f"… {name}", file=sys.stderr)
    table = "\n".join([HEAD, *rows])
    if args.write:
        PAGE.write_text(with_table(PAGE.read_text(), table + "\n"))
    print("\n".join([table, *faults]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
