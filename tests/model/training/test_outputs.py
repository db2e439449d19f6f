"""The files of a run: where they lie, and that only one process writes them."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.array_file import MAX_CARD_BYTES
from model.training.outputs import (
    Output,
    OutputError,
    describe,
    free_name,
    history_beside,
    read_history,
)
from model.variants import build
from model.weights import save
from tests.made import MINIMAL_CARD, amend, complete_card, measured

NAMES = ["lenet.npz", "lenet", "lenet.v2", "lenet.v2.npz", "lenet.history", "lenet.npz.npz"]


def side_files(weights: Path) -> set[Path]:
    output = Output(weights)
    return {output.weights, output.history, output.checkpoint, output.lock, free_name(weights)}


def test_no_two_weight_files_share_a_file(tmp_path: Path) -> None:
    weights = [tmp_path / folder / name for folder in ("seed1", "seed2") for name in NAMES]
    files = [file for path in weights for file in side_files(path)]
    assert len(files) == len(set(files)) == 5 * len(weights)


def test_the_app_serves_none_of_the_side_files(tmp_path: Path) -> None:
    beside = side_files(tmp_path / "lenet.npz") - {tmp_path / "lenet.npz"}
    assert not any(path.match("*.npz") for path in beside)


def test_the_history_lies_beside_under_the_same_name() -> None:
    assert history_beside(Path("weights/lenet.npz")) == Path("weights/lenet.history.json")
    assert history_beside(Path("lenet.v2")) == Path("lenet.v2-history.json")


def test_a_file_that_is_kept_never_takes_the_place_of_another(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        names.append(free_name(tmp_path / "a.npz"))
        names[-1].touch()
    endings = [name.name.removeprefix("a.npz") for name in names]
    assert endings == [".previous", ".previous-2", ".previous-3"]


def test_a_weight_file_is_described_by_what_its_card_knows(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    assert describe(path) == ""
    path.write_bytes(b"notes")
    assert describe(path) == "no weight file of ours"
    network = build("lenet-32", 0)
    save(network, path)
    assert describe(path) == "lenet-32, never measured"
    amend(network, MINIMAL_CARD | {"validation": measured(0), "dataset": "mnist"})
    save(network, path)
    assert describe(path).endswith("% of 2,000 validation images of mnist")
    amend(network, complete_card())
    save(network, path)
    assert describe(path).endswith("2,000 test images of mnist")
    others = {"images": 9, "no_digits": {"drawings": 321, "rejected": 0.914}}
    amend(network, complete_card() | {"ink_metrics": others})
    save(network, path)
    assert describe(path).endswith("mnist, 91.40% of 321 drawings of no digits rejected")


@pytest.mark.parametrize(
    ("out", "found"),
    [
        ("folder", "folder: found a folder, wanted a file's name as --out"),
        ("", "found a folder"),
        ("file/a.npz", "file/a.npz: cannot be written there (File exists)"),
        ("file/deeper/a.npz", "file/deeper/a.npz: cannot be written there (Not a directory)"),
        ("x" * 300, "cannot be written there (File name too long)"),
        ("/proc/a.npz", "/proc/a.npz: cannot be written there"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, found: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    with pytest.raises(OutputError) as refusal, Output(Path(out)).claimed():
        pytest.fail("the place was accepted")
    assert found in str(refusal.value)


def test_a_full_disk_leaves_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OutputError, match="cannot be written there"):
        Output(tmp_path / "a.npz").claimed().__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_a_living_process_is_respected(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.npz")
    living = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    output.lock.write_text(str(living.pid))
    with pytest.raises(OutputError, match=f"found a training by process {living.pid}; wait"):
        output.claimed().__enter__()
    living.communicate()
    with output.claimed():
        assert output.lock.read_text() == str(os.getpid())
    assert not output.lock.exists()


@pytest.mark.parametrize("holder", ["", "somebody", "1", "-1"])
def test_a_lock_is_respected_if_its_process_may_be_alive(tmp_path: Path, holder: str) -> None:
    output = Output(tmp_path / "a.npz")
    output.lock.write_text(holder)
    with pytest.raises(OutputError, match="or delete this file if none is running"):
        output.claimed().__enter__()
    assert output.lock.read_text() == holder


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells")
def test_a_lock_of_a_killed_process_is_taken_over_before_its_parent_asks(tmp_path: Path) -> None:
    output = Output(tmp_path / "a.npz")
    killed = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    output.lock.write_text(str(killed.pid))
    killed.kill()
    os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)
    with output.claimed():
        assert output.lock.read_text() == str(os.getpid())
    killed.communicate()


@pytest.mark.parametrize("holder", [str(os.getpid()), "9" * 30], ids=["this", "none"])
def test_a_lock_is_taken_over_if_its_process_has_ended(tmp_path: Path, holder: str) -> None:
    output = Output(tmp_path / "a.npz")
    output.lock.write_text(holder)
    with output.claimed():
        assert output.lock.read_text() == str(os.getpid())


def test_folders_are_made_and_removed_again_if_nothing_was_written(tmp_path: Path) -> None:
    output = Output(tmp_path / "new" / "folder" / "a.npz")
    with output.claimed():
        assert output.weights.parent.is_dir()
    assert list(tmp_path.iterdir()) == []
    with output.claimed():
        output.weights.touch()
    assert [path.name for path in output.weights.parent.iterdir()] == ["a.npz"]


HISTORY = {
    "steps_per_epoch": 9,
    "steps": [[1, 0.5, 0.25]],
    "epochs": [{"epoch": 1, "loss": 1.0, "accuracy": 0.5, "validation_accuracy": 0}],
}


def test_a_history_is_read_back_and_may_be_missing(tmp_path: Path) -> None:
    weights = tmp_path / "a.npz"
    assert read_history(weights) is None
    history_beside(weights).write_text(json.dumps(HISTORY))
    assert read_history(weights) == HISTORY


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        json.dumps(HISTORY | {"epochs": []}),
        json.dumps(HISTORY | {"epochs": [{"epoch": 1}]}),
        json.dumps(HISTORY | {"steps_per_epoch": 0}),
        json.dumps(HISTORY | {"steps": [[1, 2]]}),
        json.dumps(HISTORY | {"steps": [[1, float("nan"), 0.5]]}),
        json.dumps({"epochs": HISTORY["epochs"]}),
        " " * (MAX_CARD_BYTES + 1),
    ],
)
def test_another_file_in_place_of_a_history_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.history.json").write_text(text)
    with pytest.raises(OutputError, match=r"a\.history\.json: found no history") as refusal:
        read_history(tmp_path / "a.npz")
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 600
