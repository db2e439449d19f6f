"""Mutation tests: small changes of the program; a test should fail for each.

cosmic-ray makes the changes. A seeded sample of them is tried, one at a time, in a copy of the
repository. `make mutants ROOM=nn` runs this; it needs requirements-mutants.txt.
"""

import argparse
import ast
import os
import random
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

from tests.mutants.rooms import ROOT, Accepted, Room, is_accepted, read_accepted, read_rooms

COPIED = ("app", "model", "static", "templates", "tests", "weights", "*.py", "*.toml", "*.md")
MIN_TIMEOUT_S = 20  # seconds for the tests of one mutant, or …
TIMEOUT_FACTOR = 4  # … this multiple of their time without a change, if it is longer


def main() -> None:
    arguments = _arguments()
    rooms, accepted = read_rooms(), read_accepted()
    print(f"seed {arguments.seed}; the tests run under {arguments.python}")
    unknown = set(arguments.room) - rooms.keys()
    if unknown:
        raise SystemExit(f"no such room: {', '.join(unknown)}; there are: {', '.join(rooms)}")
    for name in arguments.room or rooms:
        _try_room(rooms[name], accepted, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", nargs="*", help="of tests/mutants/rooms.toml; default: all")
    parser.add_argument("--sample", type=int, default=150, help="mutants a room; default: 150")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at once; default: 2")
    parser.add_argument("--python", default=".venv/bin/python", help="has requirements-dev.txt")
    return parser.parse_args()


def _try_room(room: Room, accepted: list[Accepted], arguments: argparse.Namespace) -> None:
    mutants = sample(all_mutants(room.files), arguments.sample, arguments.seed)
    python = str((ROOT / arguments.python).absolute())
    with tempfile.TemporaryDirectory() as folder:
        jobs = ProcessPoolExecutor(arguments.jobs, initializer=_enter_copy, initargs=(folder,))
        with jobs:
            began = time.monotonic()
            outcome, output = jobs.submit(run_tests, _command(python, room.tests), None).result()
            if outcome != TestOutcome.SURVIVED:
                raise SystemExit(f"{room.name}: the tests fail without any change\n{output}")
            timeout = max(MIN_TIMEOUT_S, TIMEOUT_FACTOR * (time.monotonic() - began))
            commands = [_command(python, room.tests_of(one.module_path)) for one in mutants]
            batches = [[mutant] for mutant in mutants]
            results = jobs.map(mutate_and_test, batches, commands, [timeout] * len(mutants))
            report(room.name, zip(mutants, results, strict=True), accepted)
            print(f"{room.name}: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)


def all_mutants(files: Iterable[Path]) -> list[MutationSpec]:
    """Every change that cosmic-ray can make to these files, except in type hints."""
    with use_db(":memory:", WorkDB.Mode.create) as database:
        init(files, database, {})
        found = [one for item in database.work_items for one in item.mutations]
    hints = {file: _places_of_hints(file) for file in files}
    return [
        mutant
        for mutant in found
        if not any(low <= mutant.start_pos < high for low, high in hints[mutant.module_path])
    ]


def _places_of_hints(file: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The begin and end of type hints, as (line, column)."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    hints = [getattr(node, "annotation", None) for node in nodes]
    hints += [getattr(node, "returns", None) for node in nodes]
    return [
        ((hint.lineno, hint.col_offset), (hint.end_lineno or 0, hint.end_col_offset or 0))
        for hint in hints
        if hint is not None
    ]


def sample(mutants: list[MutationSpec], size: int, seed: int) -> list[MutationSpec]:
    """At most `size` of them, at as many places as there are: at each place only one.

    Without that rule a sum, which cosmic-ray can change in eleven ways, would count eleven times.
    """
    generator = random.Random(seed)
    mutants = sorted(mutants, key=lambda one: (one.module_path, one.operator_name, one.occurrence))
    generator.shuffle(mutants)
    places = {(one.module_path, one.start_pos): one for one in mutants}
    chosen = list(places.values())[:size]
    return sorted(chosen, key=lambda one: (one.module_path, one.start_pos))


def report(
    name: str, results: Iterable[tuple[MutationSpec, WorkResult]], accepted: list[Accepted]
) -> None:
    """Print the survivors that are not accepted, as diffs, and the counts by file."""
    counts: dict[str, list[int]] = {}  # file → killed, accepted, all
    for mutant, result in results:
        file = str(mutant.module_path)
        diff = result.diff or ""
        if result.worker_outcome == WorkerOutcome.EXCEPTION:
            print(f"\nleft out: {file}:{mutant.start_pos[0]}: {mutant.operator_name} fails there")
            continue
        count = counts.setdefault(file, [0, 0, 0])
        count[2] += 1
        if result.is_killed:
            count[0] += 1
        elif is_accepted(diff, file, accepted):
            count[1] += 1
        else:
            print(f"\nsurvived: {file}:{mutant.start_pos[0]}\n{diff}", flush=True)
    counts[f"{name} in all"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    print(f"\n{'':40} killed  accepted  mutants  killed")
    for file, (killed, without_effect, total) in counts.items():
        percent = 100 * killed / max(total - without_effect, 1)
        print(f"{file:40} {killed:6}  {without_effect:8}  {total:7}  {percent:4.0f} %")


def _command(python: str, tests: list[Path]) -> str:
    return shlex.join(
        [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    )


def _enter_copy(folder: str) -> None:
    """Give a process its own copy of the repository to work in."""
    copy = Path(tempfile.mkdtemp(dir=folder)) / "copy"
    copy.mkdir()
    ignore = shutil.ignore_patterns("node_modules", "__pycache__")
    for path in (path for pattern in COPIED for path in ROOT.glob(pattern)):
        if path.is_dir():
            shutil.copytree(path, copy / path.name, ignore=ignore)
        else:
            shutil.copy(path, copy)
    os.chdir(copy)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one thread for each job


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
