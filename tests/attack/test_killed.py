"""Three of the kills of tests/attack/killed.py."""

from pathlib import Path

import pytest

from tests.attack.killed import Kill, kill_and_continue, run_whole, write_set


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("killed") / "data")


@pytest.fixture(scope="session")
def whole(data: Path) -> tuple[bytes, bytes]:
    return run_whole(data, data.parent / "whole.npz", 1)


@pytest.mark.parametrize(
    ("kill", "workers"),
    [
        (Kill(2, place="Training.finish_epoch", number=2), 1),
        (Kill(1, place="save_arrays", number=3, event="return"), 2),
        (Kill(2, victim="group", seconds=1.0), 1),  # early or late, on a slow or a fast machine
    ],
    ids=str,
)
def test_a_killed_run_ends_with_the_same_bytes(
    tmp_path: Path, data: Path, whole: tuple[bytes, bytes], kill: Kill, workers: int
) -> None:
    assert kill_and_continue(data, tmp_path, kill, workers) == whole
