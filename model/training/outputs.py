"""The files of one run: a weight file, and what lies beside it.

    mine.npz              weights and card
    mine.history.json     loss and accuracy by step
    mine.snapshots.npz    the network at some moments of its training, with --snapshots
    mine.npz.checkpoint   an unfinished run
    mine.npz.lock         says which process trains into mine.npz now
    mine.npz.previous     the weights that were there before, then .previous-2, …

No two weight files share one of the others. The app serves names that end in .npz, and no others.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from model.array_file import MAX_CARD_BYTES
from model.card import Epoch
from model.network import Network
from model.snapshots import Snapshot, save_snapshots
from model.training import console
from model.training.resuming import other_form
from model.weights import WeightsError, load, save


class OutputError(ValueError):
    """A place that cannot be written to: what was found there, and the cure."""


def snapshots_beside(weights: Path) -> Path:
    """The file with the snapshots of a weight file."""
    return _beside(weights, "snapshots.npz")


def history_beside(weights: Path) -> Path:
    """The file with the loss and accuracy by step of a weight file."""
    return _beside(weights, "history.json")


def _beside(weights: Path, ending: str) -> Path:
    """The name of a side file: mine.npz gives mine.<ending>, any other name <name>-<ending>."""
    if weights.suffix == ".npz":
        return weights.with_suffix(f".{ending}")
    return Path(f"{weights}-{ending}")


class Output:
    """The weight file `weights` of a run, and its side files."""

    def __init__(self, weights: Path) -> None:
        self.weights, self.history = weights, history_beside(weights)
        self.snapshots = snapshots_beside(weights)
        self.checkpoint = Path(f"{weights}.checkpoint")
        self.lock = Path(f"{weights}.lock")

    @contextmanager
    def claimed(self, replace: bool = False) -> Iterator[None]:
        """Inside this context no other process trains into the same file.

        replace: whether a file that is there may be replaced
        OutputError for a file that is there without `replace`, for a place where no weight file can
        be written, and where another process trains. Folders that are missing are made, and removed
        if nothing was written into them. KeyboardInterrupt names the checkpoint that is there.
        """
        try:
            if self.weights.is_dir():
                raise OutputError(f"{self.weights}: found a folder, wanted a file's name as --out")
            missing = [folder for folder in self.weights.parents if not folder.exists()]
            self.weights.parent.mkdir(parents=True, exist_ok=True)
            descriptor = _acquire(self.lock)
        except OSError as error:
            raise OutputError(
                f"{self.weights}: cannot be written there ({error.strerror}); "
                "choose another file with --out"
            ) from None
        try:
            if not replace:
                self._refuse_to_replace()
            self._remove_unfinished()
            yield
        except KeyboardInterrupt:
            raise KeyboardInterrupt(self._how_to_continue()) from None
        finally:
            os.close(descriptor)
            self.lock.unlink(missing_ok=True)
            with suppress(OSError):  # not empty
                for folder in missing:
                    folder.rmdir()

    def _refuse_to_replace(self) -> None:
        found = describe(self.weights)
        if found:
            raise OutputError(
                f"{self.weights}: found a file ({found}); add --replace to replace it at the end "
                "and keep it under another name, or choose another file with --out"
            )

    def _remove_unfinished(self) -> None:
        """Remove what `save_arrays` leaves where it is killed while it writes."""
        names = "|".join(re.escape(path.name) for path in (self.weights, self.checkpoint))
        for path in self.weights.parent.iterdir():
            if re.fullmatch(rf"\.({names})\.[0-9]+", path.name):
                path.unlink(missing_ok=True)

    def _how_to_continue(self) -> str:
        if not self.checkpoint.exists():
            return "; nothing was saved"
        return f"; {self.checkpoint} is there, and the same command + --resume continues from it"

    @console.deferred_interrupt()
    def write(
        self,
        network: Network,
        record: dict[str, Any] | None,
        snapshots: Sequence[Snapshot] | None = None,
    ) -> None:
        """Write the weights of a finished run and its side files; its checkpoint is removed.

        record: for the history, None for no such file
        What is there is kept as `free_name(weights)`, with its own history beside. The history and
        the snapshots of other weights are removed.
        """
        kept = free_name(self.weights)
        for old, copy in ((self.weights, kept), (self.history, history_beside(kept))):
            if old.exists():
                shutil.copy2(old, copy)
        save(network, self.weights)
        self.snapshots.unlink(missing_ok=True)
        if snapshots:
            save_snapshots(snapshots, network, self.snapshots)
        self.history.unlink(missing_ok=True)
        if record:
            self.history.write_text(json.dumps(record, sort_keys=True) + "\n", "utf-8")
        self.checkpoint.unlink(missing_ok=True)


def describe(weights: Path) -> str:
    """What a file holds, with the accuracy that its card names; "" where there is none."""
    if not weights.exists():
        return ""
    try:
        card = load(weights).card
    except WeightsError:
        return "no weight file of ours"
    measured, images = card.metrics or card.validation, "test" if card.metrics else "validation"
    if not measured:
        taught = sum(row["digits"] + row["no_digits"] for row in card.fine_tuning)
        return f"{card.model}, " + (f"taught {taught} drawings" if taught else "never measured")
    name = f" of {card.dataset}" if card.dataset else ""
    text = f"{card.model}, {measured['accuracy']:.2%} of {measured['images']:,} {images} images"
    others = card.ink_metrics.get("no_digits") if card.ink_metrics else None
    if others and others["rejected"] is not None:
        name += f", {others['rejected']:.2%} of {others['drawings']:,} drawings of no digits"
        name += " rejected"
    return f"{text}{name}"


def read_history(weights: Path) -> dict[str, Any] | None:
    """What `Output.write` wrote beside a weight file, see `Training.record`; None where it is not.

    OutputError for a file of another form, or one that is too large.
    """
    path = history_beside(weights)
    if not path.exists():
        return None
    row = Epoch(epoch=1, loss=0.0, accuracy=0.0, validation_accuracy=0.0)
    like = {"steps_per_epoch": 1, "steps": [(0, 0.0, 0.0)], "epochs": [row]}
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ValueError(f"{path.stat().st_size:,} bytes, wanted at most {MAX_CARD_BYTES:,}")
        history = json.loads(path.read_text("utf-8"))
        fault = other_form(history, like, "history")
        if fault or not (history["epochs"] and history["steps_per_epoch"] > 0):
            raise ValueError(fault or "no epoch")
    except (OSError, ValueError, RecursionError) as error:
        raise OutputError(
            f"{path}: found no history of a training ({error}); delete it, and the card's epochs "
            "are drawn"
        ) from None
    return dict(history)


def free_name(path: Path) -> Path:
    """`path`.previous, or the first of .previous-2, .previous-3, … that is not there."""
    name, number = Path(f"{path}.previous"), 1
    while name.exists():
        number += 1
        name = Path(f"{path}.previous-{number}")
    return name


def _acquire(lock: Path) -> int:
    """Make a lock file with the number of this process; returns its descriptor.

    The lock of a process that has ended is taken over. OutputError if a living one holds it.
    """
    for _ in range(2):
        try:
            descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            _remove_stale(lock)
            continue
        try:
            os.write(descriptor, str(os.getpid()).encode())
        except OSError:  # the disk is full
            os.close(descriptor)
            lock.unlink()
            raise
        return descriptor
    raise OutputError(f"{lock}: another training began at this moment; wait until it has ended")


def _remove_stale(lock: Path) -> None:
    """Remove the lock of a process that has ended; OutputError if it may be alive."""
    with suppress(FileNotFoundError):  # the other one ended just now
        holder = lock.read_text("utf-8", "replace")
        try:
            # Windows does not delete a file that a process has open. So there the attempt tells.
            if os.name == "nt" or not _is_alive(int(holder)):
                return lock.unlink()
        except (ValueError, PermissionError):
            pass
        raise OutputError(
            f"{lock}: found a training by process {holder or 'unknown'}; wait until it has ended, "
            "choose another --out, or delete this file if none is running"
        )


def _is_alive(process: int) -> bool:
    """Whether another process has this number. Not for Windows, where os.kill ends it."""
    if process == os.getpid():
        return False  # of a process that ended, in a container that has begun anew
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    with suppress(OSError):  # Linux: killed, but its parent has not asked how it ended
        return Path(f"/proc/{process}/stat").read_text("ascii", "replace").split(") ")[-1][0] != "Z"
    return True
