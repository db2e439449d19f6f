"""Shipped weights have the sums in weights/SHA256SUMS; others are one line in the log."""

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app, sums
from app.sums import SUMS, check_sums, difference, read_sums, sums_of, write_sums
from tests.browser.server import ROOT, Server

WEIGHTS = ROOT / "weights"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all shipped weights and their sums."""
    for path in [*WEIGHTS.glob("*.npz"), WEIGHTS / SUMS]:
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_shipped_weights_have_the_shipped_sums() -> None:
    assert read_sums(WEIGHTS) == sums_of(WEIGHTS)
    assert len(read_sums(WEIGHTS)) == len((WEIGHTS / SUMS).read_text().splitlines()) >= 7


def test_the_sums_are_of_the_bytes_that_are_committed() -> None:
    command = ["git", "ls-files", "weights"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no clone of the repository")
    names = {Path(line).name for line in listed.stdout.split()}
    assert {name for name in names if name.endswith(".npz")} == set(read_sums(WEIGHTS))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_checks_the_file(folder: Path) -> None:
    run = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(run, cwd=folder, capture_output=True).returncode == 0
    (folder / "gate.npz").write_bytes(b"x")
    assert subprocess.run(run, cwd=folder, capture_output=True).returncode == 1


def test_the_shipped_weights_leave_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    create_app()
    assert caplog.records == []


@pytest.mark.parametrize("change", ["changed", "without a sum", "missing"])
def test_other_weights_are_one_line_and_are_served(
    folder: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    if change == "missing":
        (folder / "lenet-32.npz").unlink()
    elif change == "changed":
        shutil.copy(folder / "lenet-tanh.npz", folder / "lenet-32.npz")
    else:
        shutil.copy(folder / "lenet.npz", folder / "mine.npz")
    client = create_app({"WEIGHTS": folder}).test_client()
    assert client.get("/health").status_code == 200
    (record,) = caplog.records
    name = "mine.npz" if change == "without a sum" else "lenet-32.npz"
    assert record.levelno == logging.WARNING
    assert f": {name} {change}. They are served." in record.getMessage()
    assert f"python app/sums.py {folder}" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_a_folder_without_sums_is_one_line_too(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / SUMS).unlink()
    check_sums(folder)
    (record,) = caplog.records
    assert "gate.npz lenet-32.npz lenet-sigmoid.npz and 4 more without a sum" in record.getMessage()


@pytest.mark.parametrize("content", [b"", b"\xff\0 nothing", b"abc  gate.npz\n", b"x" * 1_000_000])
def test_a_broken_file_of_sums_does_not_stop_the_server(
    folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / SUMS).write_bytes(content)
    create_app({"WEIGHTS": folder})
    assert len(caplog.records) == 1


def test_a_file_of_sums_that_cannot_be_read_does_not_stop_the_server(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / SUMS).unlink()
    (folder / SUMS).mkdir()
    create_app({"WEIGHTS": folder})
    assert "cannot be read" in caplog.text


def test_the_command_in_the_line_writes_new_sums(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(folder / "lenet.npz", folder / "mine.npz")
    command = [sys.executable, "app/sums.py", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == f"Wrote {folder / SUMS}\n"
    assert done.stderr == ""
    check_sums(folder)
    assert caplog.records == []


def test_sums_written_anew_have_the_same_bytes(folder: Path) -> None:
    before = (folder / SUMS).read_bytes()
    assert write_sums(folder).read_bytes() == before


def test_the_line_is_on_standard_error_of_gunicorn(folder: Path, tmp_path: Path) -> None:
    (folder / SUMS).unlink()
    with Server(tmp_path / "log", folder) as server:
        pass  # the line is written at the start
    assert server.log.read_text().count("without a sum") == 1


def test_every_kind_of_difference_is_told_with_its_files() -> None:
    wanted, found = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}
    assert difference(wanted, found) == "b changed, d without a sum, c missing"
    assert difference(wanted, wanted) == ""
    assert sums.NAMED == 3
