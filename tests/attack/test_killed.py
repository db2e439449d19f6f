"""Three of the kills of tests/attack/killed.py."""

from pathlib import Path

import pytest

from tests.attack.killed import Kill, kill_and_continue, run_whole, write_set


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("killed") / "data")


@pytest.fixture(scope="session")
def whole(data: Path) -> dict[int, tuple[bytes, bytes]]:
    """Weights and history of runs that were left alone, by the number of their processes."""
    return {n: run_whole(data, data.parent / f"whole-{n}.npz", n) for n in (1, 2)}


@pytest.mark.parametrize(
    "kill",
    [
        Kill(2, place="Training.finish_epoch", number=2),
        Kill(1, place="save_arrays", number=3, event="return"),
        Kill(2, victim="group", seconds=1.0),  # early or late, on a slow or a fast machine
    ],
    ids=str,
)
def test_a_killed_run_ends_with_the_same_bytes(
    tmp_path: Path, data: Path, whole: dict[int, tuple[bytes, bytes]], kill: Kill
) -> None:
    is_same = kill_and_continue(data, tmp_path, kill) == whole[kill.workers]
    assert is_same  # of unequal bytes pytest would list all, for minutes
