"""Checkpoints: a run is continued only with the data of its beginning."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data.datasets import Dataset
from model.data.splits import Drawings, InkFiles, read_drawings
from model.training.checkpoint import (
    ResumeError,
    checksum,
    data_identity,
    load_checkpoint,
    save_checkpoint,
)
from model.weights import WeightsError
from tests.model.training.test_trainer import made_set
from tests.strokes import ONE, ZERO

IMAGES, LABELS = made_set(10, seed=0)
DATASET = Dataset("mnist", "mnist", IMAGES, LABELS, IMAGES, LABELS)
VEE = [[[0, 0], [5, 9], [9, 0]]]


def drawings(folder: Path, digit: Any = ZERO, letter: Any = VEE, fold: int = 1) -> Drawings:
    files = folder / "digits.jsonl", folder / "letters.jsonl"
    for path, label, strokes in zip(files, "0V", (digit, letter), strict=True):
        lines = [
            json.dumps({"label": label, "writer": f"writer-{n}", "strokes": strokes})
            for n in range(10)
        ]
        path.write_text("\n".join(lines))
    return read_drawings(InkFiles([files[0]], [files[1]]), fold)


def different(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    return [key for key in a if a[key] != b[key]]


def test_the_identity_of_the_data_names_what_differs(tmp_path: Path) -> None:
    first = data_identity(DATASET, drawings(tmp_path), 1)
    one_pixel, one_label = IMAGES.copy(), LABELS.copy()
    one_pixel[3, 14, 14] ^= 1
    one_label[3] ^= 1

    def of_images(**changed: Any) -> list[str]:
        changes = replace(DATASET, **changed)
        return different(first, data_identity(changes, drawings(tmp_path), 1))

    assert of_images() == []
    assert of_images(name="emnist-digits") == ["data set"]
    assert of_images(frame="emnist", transposed=True) == ["frame", "transposed"]
    assert of_images(train_images=one_pixel) == ["checksum of the images"]
    assert of_images(train_labels=one_label) == ["checksum of the labels"]
    assert of_images(test_labels=one_label) == []


def test_the_identity_of_the_data_knows_every_stroke_and_the_fold(tmp_path: Path) -> None:
    first = data_identity(DATASET, drawings(tmp_path), 1)
    moved = [[[x + 1e-3, y] for x, y in stroke] for stroke in ZERO]
    halves = [ZERO[0][:3], ZERO[0][3:]]
    for digit in (ONE, moved, halves):
        other = data_identity(DATASET, drawings(tmp_path, digit=digit), 1)
        assert different(first, other) == ["checksum of the ink"]
    other = data_identity(DATASET, drawings(tmp_path, letter=ONE), 1)
    assert different(first, other) == ["checksum of the outliers"]
    other = data_identity(DATASET, drawings(tmp_path, fold=2), 2)
    assert different(first, other)[0] == "fold"


def test_without_drawings_the_fold_does_not_count() -> None:
    first, other = (data_identity(DATASET, None, fold) for fold in (1, 2))
    assert first == other
    assert first["checksum of the ink"] is first["checksum of the outliers"] is None


def test_the_checksum_of_sixty_thousand_images_takes_less_than_three_tenths_of_a_second() -> None:
    images = np.zeros((60_000, 28, 28), np.uint8)
    started = time.process_time()
    checksum(images)
    assert time.process_time() - started < 0.3


def test_arrays_and_state_come_back_for_the_same_identity(tmp_path: Path) -> None:
    path, arrays = tmp_path / "a.npz", {"network.w": np.arange(3.0)}
    save_checkpoint(path, arrays, {"model": "lenet", "fold": None}, {"step": 7})
    found, state = load_checkpoint(path, {"fold": None, "model": "lenet"})
    assert found["network.w"].tolist() == [0, 1, 2]
    assert state == {"step": 7}


def test_a_refusal_names_all_that_differs_as_found_and_wanted_and_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save_checkpoint(path, {}, {"model": "lenet", "fold": 1, "seed": 3}, {})
    with pytest.raises(ResumeError) as refusal:
        load_checkpoint(path, {"model": "lenet", "fold": 2, "seed": 4})
    assert str(refusal.value) == (
        f"{path}: found a run with fold 1, seed 3, wanted fold 2, seed 4; give the same options "
        "and files as before, or leave out --resume to begin anew"
    )


def test_a_checkpoint_of_an_older_format_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.checkpoint.FORMAT", 1)
    save_checkpoint(tmp_path / "a.npz", {}, {"model": "lenet"}, {})
    monkeypatch.undo()
    with pytest.raises(ResumeError, match="found a run with format 1, wanted format 3"):
        load_checkpoint(tmp_path / "a.npz", {"model": "lenet"})


def test_a_missing_or_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResumeError, match=r"a\.npz: no unfinished run there; leave out --resume"):
        load_checkpoint(tmp_path / "a.npz", {})
    (tmp_path / "a.npz").write_bytes(b"PK")
    with pytest.raises(WeightsError, match="damaged"):
        load_checkpoint(tmp_path / "a.npz", {})
