"""Weight files: a written file is read back unchanged; others are refused with a reason."""

import io
import json
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import WeightsError, load
from model.array_file import MAX_BYTES, load_arrays, save_arrays
from model.card import untrained
from model.snapshots import save_snapshots, take_snapshot
from model.types import Array, Arrays
from model.variants import build
from model.weights import kind_of, save


@pytest.fixture
def good(tmp_path: Path) -> Path:
    network = build("lenet", seed=1)
    network.card = replace(network.card, temperature=1.5)
    save(network, tmp_path / "lenet.npz")
    return tmp_path / "lenet.npz"


def test_a_network_comes_back_as_it_was_saved(good: Path) -> None:
    network, again = build("lenet", seed=1), load(good)
    assert again.card == replace(network.card, temperature=1.5)
    assert again.head.temperature == 1.5
    assert all(np.array_equal(a, again.parameters[key]) for key, a in network.parameters.items())


def test_the_same_network_gives_the_same_bytes(good: Path, tmp_path: Path) -> None:
    save(load(good), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == good.read_bytes()


def test_a_failed_write_leaves_the_old_file_and_no_partial_file(good: Path) -> None:
    before = good.read_bytes()
    with pytest.raises(TypeError):
        save_arrays(good, build("lenet").parameters, {"frame": object()})
    assert good.read_bytes() == before
    assert list(good.parent.iterdir()) == [good]


def without(key: str) -> Callable[[Arrays], Any]:
    return lambda arrays: arrays.pop(key)


def replaced(key: str, value: Any) -> Callable[[Arrays], Any]:
    return lambda arrays: arrays.update({key: value})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("c3.weight"), "missing: c3.weight"),
        (replaced("c7.weight", np.zeros(3)), "not wanted: c7.weight"),
        (
            replaced("c3.weight", np.zeros((16, 6, 3, 3), np.float32)),
            r"c3.weight is \(16, 6, 3, 3\), wanted \(16, 6, 5, 5\)",
        ),
        (replaced("c1.bias", np.zeros(6)), "c1.bias is float64, wanted float32"),
        (replaced("c1.bias", np.full(6, np.nan, np.float32)), "c1.bias.*not finite"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    good: Path, change: Callable[[Arrays], Any], words: str
) -> None:
    arrays = dict(build("lenet", seed=1).parameters)
    change(arrays)
    save_arrays(good, arrays, untrained("lenet").to_json())
    with pytest.raises(WeightsError, match=f"lenet.npz: .*{words}.*retrain with: python train.py"):
        load(good)


def test_weights_trained_on_pixels_normalised_otherwise_are_refused(tmp_path: Path) -> None:
    network = build("lenet-tanh", seed=1)
    assert (network.card.mean, network.card.deviation) == (0.1307, 0.3081)
    save(network, tmp_path / "good.npz")
    assert load(tmp_path / "good.npz").card == network.card
    network.card.mean = 0.5
    save(network, tmp_path / "odd.npz")
    with pytest.raises(WeightsError, match=r"odd.npz: .*mean 0.5 and .*wanted 0.1307 .*retrain"):
        load(tmp_path / "odd.npz")


@pytest.mark.parametrize(
    ("model", "kind", "words"),
    [
        ("gate", "reader", "says reader, wanted gate for gate; retrain with: .*--model gate"),
        ("lenet", "gate", "says gate, wanted reader for lenet; retrain"),
        ("lenet", "snapshots", "found snapshots of a training, wanted the weights of a network"),
        ("lenet", "writer", "kind is 'writer', wanted one of"),
    ],
)
def test_weights_of_another_kind_than_their_network_are_refused(
    tmp_path: Path, model: str, kind: str, words: str
) -> None:
    network = build(model, seed=1)
    save_arrays(tmp_path / "odd.npz", network.parameters, network.card.to_json() | {"kind": kind})
    with pytest.raises(WeightsError, match=rf"odd\.npz: .*{words}"):
        load(tmp_path / "odd.npz")


def test_a_file_of_snapshots_is_no_network(tmp_path: Path) -> None:
    network = build("lenet", seed=1)
    images, labels = np.zeros((3, 28, 28), np.float32), np.arange(3)
    snapshots = [take_snapshot(network, 0, images, labels)]
    save_snapshots(snapshots, network, tmp_path / "lenet.snapshots.npz")
    with pytest.raises(WeightsError, match=r"snapshots\.npz: found snapshots .* name the weight"):
        load(tmp_path / "lenet.snapshots.npz")


def test_the_kind_of_a_weight_file_is_read_without_building_a_network(tmp_path: Path) -> None:
    for kind in ("reader", "gate", "snapshots"):
        save_arrays(tmp_path / "a.npz", {}, {"kind": kind})
        assert kind_of(tmp_path / "a.npz") == kind
    save_arrays(tmp_path / "a.npz", {}, {"model": "lenet"})
    assert kind_of(tmp_path / "a.npz") == "reader", "files from before the gate have no kind"
    (tmp_path / "a.npz").write_bytes(b"PK")
    with pytest.raises(WeightsError, match="damaged"):
        kind_of(tmp_path / "a.npz")
    with pytest.raises(WeightsError, match="no such file"):
        kind_of(tmp_path / "none.npz")


ALEXNET = untrained("alexnet").to_json()


def card_of(card: Any) -> Array:
    return np.frombuffer(json.dumps(card).encode(), np.uint8)


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({}, "without a card"),
        ({"card": card_of(ALEXNET)}, "'alexnet'.*lenet"),
        ({"card": card_of({"model": "lenet"})}, "card lacks frame, wanted frame"),
        ({"card": card_of([1, 2])}, "no JSON object"),
        ({"card": np.frombuffer(b"{nonsense", np.uint8)}, "damaged or foreign"),
        ({"card": np.frombuffer(b"\xff\xfe", np.uint8)}, "damaged or foreign"),
        ({"card": np.frombuffer(b"[" * 100_000, np.uint8)}, "damaged or foreign"),
    ],
)
def test_a_card_without_usable_entries_is_refused(
    tmp_path: Path, entries: Arrays, words: str
) -> None:
    path = tmp_path / "odd.npz"
    np.savez(path, x=np.zeros(1), **entries)  # type: ignore[arg-type]
    with pytest.raises(WeightsError, match=f"odd.npz: .*{words}"):
        load(path)


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_a_truncated_file_is_refused(good: Path, kept: float) -> None:
    whole = good.read_bytes()
    good.write_bytes(whole[: int(kept if kept >= 1 else kept * len(whole))])
    with pytest.raises(WeightsError, match=r"lenet\.npz: .*(damaged|foreign).*train"):
        load(good)


def test_a_damaged_byte_is_noticed(good: Path) -> None:
    whole = bytearray(good.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    good.write_bytes(whole)
    with pytest.raises(WeightsError, match="damaged"):
        load(good)


def test_nothing_is_ever_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (tmp_path / "exploded").touch, ()

    (tmp_path / "lone.npz").write_bytes(pickle.dumps(Bomb()))
    np.savez(tmp_path / "packed.npz", card=np.array([Bomb()], object))
    for name in ("lone.npz", "packed.npz"):
        with pytest.raises(WeightsError, match=name):
            load(tmp_path / name)
    assert not (tmp_path / "exploded").exists()


def npz(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


CARD = npy(card_of(untrained("lenet").to_json()))
BIG = 64_000_000  # bytes; a few kB in a zip


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"c1.weight.npy": npy(np.zeros(BIG, np.uint8)), "card.npy": CARD}, "missing: c1.bias"),
        ({"x.npy": b"\x93NUMPY\1\0" + bytes(BIG), "card.npy": CARD}, "damaged or foreign"),
        ({"card.npy": npy(np.zeros(BIG, np.uint8))}, "a card of shape"),
        ({f"{i}.npy": b"" for i in range(20_000)}, "20,000 entries, wanted at most 10,000"),
    ],
    ids=["an array", "a header", "a card", "entries"],
)
def test_sizes_are_read_before_contents(
    tmp_path: Path, entries: dict[str, bytes], words: str
) -> None:
    path = npz(tmp_path / "bomb.npz", entries)
    assert path.stat().st_size < 3e6
    tracemalloc.start()
    try:
        with pytest.raises(WeightsError, match=rf"bomb\.npz: .*{words}") as refusal:
            load(path)
        assert tracemalloc.get_traced_memory()[1] < BIG / 2
    finally:
        tracemalloc.stop()
    assert len(str(refusal.value)) < 2_000


def test_arrays_of_unknown_shapes_are_read_up_to_64_megabytes(tmp_path: Path) -> None:
    arrays = {f"{i}.npy": npy(np.zeros(10, np.uint8)) for i in range(2)}
    path = npz(tmp_path / "good.npz", {**arrays, "card.npy": CARD})
    assert sorted(load_arrays(path)[0]) == ["0", "1"]
    entries = {"0.npy": npy(np.zeros(MAX_BYTES + 1, np.uint8)), "card.npy": CARD}
    path = npz(tmp_path / "bomb.npz", entries)
    with pytest.raises(WeightsError, match=r"found 67,108,865 bytes of arrays, wanted at most 67,"):
        load_arrays(path)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<U99999999', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "{" * 200,
        "",
    ],
)
def test_an_odd_header_of_an_array_is_refused(good: Path, header: str) -> None:
    text = header.encode().ljust(117) + b"\n"
    content = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + bytes(4)
    with zipfile.ZipFile(good) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    npz(good, entries | {"c1.bias.npy": content})
    with pytest.raises(WeightsError, match=r"lenet\.npz: .*; (fetch it again|retrain)") as refusal:
        load(good)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("place", [4, 6, 8, 10])  # version, flags, method, time: in the directory
def test_an_encrypted_or_unknown_zip_is_refused(good: Path, place: int) -> None:
    whole = bytearray(good.read_bytes())
    whole[whole.index(b"PK\1\2") + place] ^= 0xFF
    good.write_bytes(whole)
    with suppress(WeightsError):  # and no other
        load(good)


def test_bytes_after_an_array_are_refused(good: Path) -> None:
    with zipfile.ZipFile(good) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    entries["c1.bias.npy"] += b"x"
    with pytest.raises(WeightsError, match=r"c1\.bias has more bytes than its shape"):
        load(npz(good, entries))


def test_a_lone_array_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "array.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(WeightsError, match=r"array\.npz"):
        load(tmp_path / "array.npz")
    with pytest.raises(WeightsError, match=r"nowhere\.npz: no such file; train one"):
        load(tmp_path / "nowhere.npz")
    with pytest.raises(WeightsError, match="no such file"):
        load(tmp_path)
