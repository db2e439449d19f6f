"""All attacks, one after the other; a table of what they found.

    python -m tests.attack.run            # under 10 minutes on two cores; `make attack`
    python -m tests.attack.run --only raw slow

Only addresses of this machine are used. Every attack is a process of its own and ends within its
time. What it prints besides its result is a fault: the log would hold it. The exit status is 1 if
there is a fault.
"""

import argparse
import json
import subprocess
import sys
from time import perf_counter

from benchmarks.common import ROOT
from tests.attack.tally import Tally

ATTACKS = {  # what each sends, how much of it, and the most minutes
    "described": ("requests by the description, schemathesis", 5_100, 30),
    "bodies": ("changed bodies", 20_000, 15),
    "pictures": ("changed pictures", 20_000, 15),
    "raw": ("raw requests on connections", 3_000, 10),
    "slow": ("slow clients of each sort at once", 100, 10),
    "dearest": ("dearest requests", 10, 10),
    "signals": ("signals under load", 9, 10),
    "starts": ("starts with a bad setting", 1_000, 10),
}
HEAD = "| attack | cases | faults | answers | figures | time |\n|---|---:|---:|---|---|---:|"


def run(name: str, cases: int, minutes: float) -> Tally:
    """The tally of one attack. What it prints besides, and a halt, are faults."""
    command = [sys.executable, "-m", f"tests.attack.{name}", "--cases", str(cases)]
    tally = Tally()
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=60 * minutes
        )
    except subprocess.TimeoutExpired:
        tally.fault(f"it did not end within {minutes} minutes")
        return tally
    lines = done.stdout.splitlines()
    if done.returncode == 0 and lines:
        tally = Tally(**json.loads(lines[-1]))
    if done.returncode or done.stderr or len(lines) != 1:
        tally.fault(f"exit status {done.returncode}, it printed {done.stderr[-500:]!r}")
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
    rows, faults = [], []
    for name in parser.parse_args().only:
        what, cases, minutes = ATTACKS[name]
        started = perf_counter()
        tally = run(name, cases, minutes)
        rows.append(row(what, tally, perf_counter() - started))
        faults += [f"{name}: {words}" for words in tally.faults]
        print(f"… {name}", file=sys.stderr)
    print("\n".join([HEAD, *rows, *faults]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
