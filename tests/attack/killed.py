"""Training that is killed and continued ends with the same bytes as training that is not.

    python -m tests.attack.killed --kills 50 --seed 1

Every run trains on a small made set with one or two processes. It is killed (SIGKILL) at a random
moment, or at a random call of one of PLACES: while it starts, trains, validates, saves or writes.
The first process, a worker, or the whole group is killed. The same command with --resume then goes
on. Its files must equal those of a run of as many processes that was left alone, and nothing else
may be left: no other file, no process.
"""

import argparse
import gzip
import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import train
from model.types import Array
from tests.model.training.test_trainer import made_set

SCRIPT = Path(train.__file__)
EPOCHS = 3
PLACES = {  # functions of ours, and how often a run calls them at least
    "build": 1,
    "WorkerPool.spawn": EPOCHS + 1,
    "WorkerPool.start": EPOCHS,
    "GradientBuffer.all_reduce": 5 * EPOCHS,
    "Training.finish_epoch": EPOCHS,
    "Network.predict": EPOCHS,
    "Training.save": EPOCHS,
    "save_arrays": EPOCHS + 1,
    "measure": 1,
    "Output.write": 1,
    "save": 1,
    "history_beside": 1,
}
# A run that is killed at a call of a function of ours, just before or just after it.
KILLED_AT = """
import os, runpy, signal, sys
place, number, event, sys.argv = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
root = os.path.dirname(sys.argv[0])
sys.path.insert(0, root)

def watch(frame, happened, argument):
    global number
    code = frame.f_code
    if happened == event and code.co_qualname == place and code.co_filename.startswith(root):
        number -= 1
        if number == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(watch)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Kill:
    """How a run is killed: `victim` after `seconds`, or at call `number` of `place`.

    victim: "first" process, "worker" or "group"
    event:  "call" or "return" of the place
    """

    workers: int
    victim: str = "first"
    seconds: float = 0.0
    place: str = ""
    number: int = 1
    event: str = "call"

    def __str__(self) -> str:
        moment = f"{self.event} {self.number} of {self.place}" if self.place else "random moment"
        return f"{moment}, {self.victim}, {self.workers} processes"


def write_set(folder: Path) -> Path:
    """The four files of an MNIST of 300 + 40 made images."""
    folder.mkdir()
    for part, n in (("train", 300), ("t10k", 40)):
        for kind, array in zip(("images-idx3", "labels-idx1"), made_set(n, seed=n), strict=True):
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(_idx(array)))
    return folder


def _idx(array: Array) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def command(data: Path, out: Path, workers: int) -> list[str]:
    """The arguments of train.py; with --resume where there is something to resume."""
    resume = ["--resume"] if Path(f"{out}.checkpoint").exists() else []
    options = f"--dataset mnist --data {data} --epochs {EPOCHS} --batch-size 64 --rate 0.005"
    return [*options.split(), "--workers", f"{workers}", "--replace", "--out", f"{out}", *resume]


def run_whole(data: Path, out: Path, workers: int) -> tuple[bytes, bytes]:
    """Train to the end; returns weights and history. RuntimeError with what it said if it fails."""
    process = subprocess.run(
        [sys.executable, str(SCRIPT), *command(data, out, workers)], capture_output=True, text=True
    )
    if process.returncode:
        raise RuntimeError(process.stderr)
    return out.read_bytes(), out.with_suffix(".history.json").read_bytes()


def run_killed(data: Path, out: Path, kill: Kill) -> int:
    """Train, and kill; returns the exit status, after every process of the run has ended."""
    watched = ["-c", KILLED_AT, kill.place, f"{kill.number}", kill.event] if kill.place else []
    process = subprocess.Popen(
        [sys.executable, *watched, str(SCRIPT), *command(data, out, kill.workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    if not kill.place:
        time.sleep(kill.seconds)
        for victim in _victims(process.pid, kill.victim):
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:  # it has ended by itself
                continue
    process.communicate(timeout=120)  # until no process of the run has the output open
    return process.returncode


def _victims(first: int, name: str) -> list[int]:
    children = Path(f"/proc/{first}/task/{first}/children")
    workers = [
        int(child)
        for child in (children.read_text().split() if children.exists() else [])
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return {"first": [first], "worker": workers[:1], "group": [first, *workers]}[name]


def kill_and_continue(data: Path, folder: Path, kill: Kill) -> tuple[bytes, bytes]:
    """Weights and history of a run that was killed and continued.

    AssertionError if other files are left than it may leave.
    """
    out = folder / "a.npz"
    run_killed(data, out, kill)
    result = run_whole(data, out, kill.workers)
    left = {path.name for path in folder.iterdir()} - {out.name, "a.history.json"}
    # Killed after it had written the weights: the run that went on kept them aside.
    assert left <= {"a.npz.previous", "a.npz.previous-history.json"}, left
    return result


def random_kill(rng: random.Random, seconds: float) -> Kill:
    """A kill at a random moment within so many seconds, or at a random call."""
    workers = rng.choice([1, 2])
    if rng.random() < 0.5:
        victim = rng.choice(["first", "group", "worker"] if workers == 2 else ["first"])
        return Kill(workers, victim, seconds=rng.uniform(0, seconds))
    place = rng.choice(list(PLACES))
    number, event = rng.randint(1, PLACES[place]), rng.choice(["call", "return"])
    return Kill(workers, place=place, number=number, event=event)


def main(kills: int, seed: int) -> int:
    """Kill so many runs; prints a line for each kind of kill. Returns the exit status."""
    rng, same, other = random.Random(seed), Counter[str](), Counter[str]()
    with TemporaryDirectory() as place:
        folder = Path(place)
        data, started = write_set(folder / "data"), time.monotonic()
        whole = {n: run_whole(data, folder / f"whole-{n}.npz", n) for n in (1, 2)}
        seconds = (time.monotonic() - started) / 2
        for number in range(kills):
            kill = random_kill(rng, seconds)
            (folder / f"{number}").mkdir()
            is_same = kill_and_continue(data, folder / f"{number}", kill) == whole[kill.workers]
            (same if is_same else other)[f"{kill}"] += 1
            print(f"{number + 1:3d}  {'same' if is_same else 'OTHER'}  {kill}", flush=True)
    print(f"{same.total()} of {kills} killed runs ended with the bytes of a whole one")
    return 1 if other else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(main(arguments.kills, arguments.seed))
