"""train.py on IDX files of one's own: their frame and transposition are told, and remembered."""

import socket
from pathlib import Path

import pytest

import train
from model import load
from model.training.trainer import Training
from tests.train.runs import evaluate, options


def own(folder: Path, *more: str) -> list[str]:
    """Options that read the files of the folder as a set of one's own, in EMNIST's frame."""
    return ["--dataset", "idx", "--frame", "emnist", "--data", str(folder), *more]


def test_own_files_are_learnt_from_measured_and_reported(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = options(mnist, *own(mnist), "--transposed", "--out", "mine.npz")
    assert train.main(command) == 0
    card = load("mine.npz").card
    assert (card.dataset, card.frame, card.source) == ("idx", "emnist", None)
    capsys.readouterr()
    files = ["--frame", "emnist", "--transposed", "--data", str(mnist)]
    result = evaluate(capsys, "mine.npz", *files)
    assert result["dataset"] == "idx"
    assert card.metrics
    assert result["accuracy"] == card.metrics["accuracy"]
    upright = evaluate(capsys, "mine.npz", *own(mnist))
    assert upright["accuracy"] < result["accuracy"]
    assert train.main(["--report", "mine.npz", *files]) == 0
    assert "IDX files" in (here / "report/index.html").read_text()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--dataset", "idx"], "idx: found no --frame, wanted --frame mnist or --frame emnist"),
        (["--dataset", "mnist", "--frame", "mnist"], "mnist: found --frame mnist, wanted none"),
        (["--dataset", "mnist", "--transposed"], "mnist: found --transposed, wanted none"),
        (["--dataset", "emnist-digits", "--transposed"], "emnist-digits: found --transposed"),
    ],
)
def test_frame_and_transposition_belong_to_own_files(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str], more: list[str], words: str
) -> None:
    assert train.main([*options(mnist), *more]) == 2
    assert capsys.readouterr().err.startswith(f"train.py: {words}")


def test_measuring_a_network_of_own_files_needs_the_same_options(
    here: Path, mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(options(mnist, *own(mnist), "--epochs", "1", "--out", "mine.npz")) == 0
    for use in ("--evaluate", "--report"):
        assert train.main([use, "mine.npz", "--data", str(mnist)]) == 2
        assert "idx: found no --frame" in capsys.readouterr().err


def test_a_run_is_not_continued_on_files_that_are_read_otherwise(
    here: Path,
    mnist: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = options(mnist, *own(mnist), "--out", "mine.npz")

    def stopped(training: Training, checkpoint: Path) -> bool:
        training.save(checkpoint)
        return False

    monkeypatch.setattr(train, "run_epochs", stopped)
    assert train.main(command) == train.INTERRUPTED
    assert train.main([*command, "--resume"]) == train.INTERRUPTED
    assert train.main([*command, "--frame", "mnist", "--resume"]) == 2
    assert "found a run with frame emnist, wanted frame mnist" in capsys.readouterr().err
    assert train.main([*command, "--transposed", "--resume"]) == 2
    assert "found a run with transposed False" in capsys.readouterr().err


def test_a_data_set_that_cannot_be_downloaded_is_told_soon_with_other_ways(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: so it refuses
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        for name, other in (("EMNIST_URL", "--dataset mnist"), ("MNIST_URL", "--data DIR")):
            monkeypatch.setenv(name, address)
            dataset = "emnist-digits" if name == "EMNIST_URL" else "mnist"
            assert train.main(["--dataset", dataset, "--data", "data"]) == 2
            first, second, *_, last = capsys.readouterr().err.splitlines()
            assert first.startswith(f"downloading {address}")
            assert "refused); the next attempt begins in 1 s" in second
            assert last.startswith(f"train.py: {address}")
            assert other in last
    assert waits == [1, 3, 9, 1]
