"""Trained weights on disk: one .npz with an array for each dotted name and a JSON card.

Nothing is ever unpickled, and a file is believed only after every name, shape and type in it
has been held against a freshly built network.
"""

import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from model.card import KINDS, Card, CardError
from model.network import Network
from model.types import Arrays
from model.variants import VARIANTS, build

DAMAGE = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)
CARD = "card"  # the one entry that is no parameter: the card as UTF-8 bytes of JSON


class WeightsError(ValueError):
    """A weight file that cannot be used: which file, what was found and wanted, the cure."""


def save_arrays(path: Path, arrays: Arrays, card: dict[str, Any]) -> None:
    """Write arrays and card to `path` in one step: a reader sees the old file or the new one.

    The same arrays and card give the same bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(card, ensure_ascii=False, sort_keys=True).encode()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **{CARD: np.frombuffer(text, np.uint8)}, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_arrays(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """The arrays and the card that `save_arrays` wrote; WeightsError for any other file."""
    if not path.is_file():
        raise WeightsError(f"{path}: no such file; train one with: python train.py --out {path}")
    cure = "fetch it again, or train it anew with: python train.py --replace"
    try:
        with zipfile.ZipFile(path):  # a lone .npy or a pickle would get past np.load
            pass
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        card = json.loads(arrays.pop(CARD).tobytes())
    except KeyError:
        raise WeightsError(
            f"{path}: an .npz without a card, so not one of ours; train one with: python train.py "
            "--replace"
        ) from None
    except (*DAMAGE, RecursionError, MemoryError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsError(
            f"{path}: found a damaged or foreign file ({reason}), wanted an .npz with a card; "
            f"{cure}"
        ) from error
    if not isinstance(card, dict):
        raise WeightsError(f"{path}: the card is no JSON object; {cure}")
    return arrays, card


def save(network: Network, path: str | Path) -> None:
    """Write the network's parameters and card."""
    save_arrays(Path(path), network.parameters, network.card.to_json())


def load(path: str | Path) -> Network:
    """The trained network in that file, its card in `network.card`.

    WeightsError, naming file, found, wanted and cure, for a file that is missing, damaged,
    foreign, holds snapshots, or does not fit the network that its card names.
    """
    path = Path(path)
    arrays, value = load_arrays(path)
    if value.get("kind") == "snapshots":
        raise WeightsError(
            f"{path}: found snapshots of a training, wanted the weights of a network; name the "
            "weight file beside it"
        )
    try:
        card = Card.from_json(value)
    except CardError as error:
        raise WeightsError(f"{path}: {error}; retrain with: python train.py --replace") from None
    if card.model not in VARIANTS:
        raise WeightsError(
            f"{path}: found weights of a network named {card.model!r:.40}, wanted one of: "
            f"{', '.join(VARIANTS)}; train one with: "
            f"python train.py --model {next(iter(VARIANTS))} --replace"
        )
    network = build(card.model)
    fault = _misfit(arrays, network.parameters) or _other_use(card, network.card)
    if fault:
        raise WeightsError(
            f"{path}: {fault}; retrain with: python train.py --model {card.model} --replace"
        )
    for key, parameter in network.parameters.items():
        parameter[...] = arrays[key]
    network.card, network.head.temperature = card, card.temperature
    return network


def kind_of(path: Path) -> str:
    """The kind of a weight file, one of KINDS in model/card.py; WeightsError as from `load`."""
    _, card = load_arrays(path)
    kind = card.get("kind", "reader")
    if kind not in KINDS:
        raise WeightsError(f"{path}: kind is {kind!r:.40}, wanted one of {', '.join(KINDS)}")
    return str(kind)


def _other_use(found: Card, wanted: Card) -> str | None:
    """What differs where the weights are of another kind, or of pixels normalised otherwise."""
    if found.kind != wanted.kind:
        return f"the card says {found.kind}, wanted {wanted.kind} for {found.model}"
    if (found.mean, found.deviation) != (wanted.mean, wanted.deviation):
        return (
            f"pixels were normalised with mean {found.mean} and deviation {found.deviation}, "
            f"wanted {wanted.mean} and {wanted.deviation}"
        )
    return None


def _misfit(found: Arrays, wanted: Arrays) -> str | None:
    """The first reason why the found arrays cannot replace the wanted ones."""
    missing, foreign = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    if missing or foreign:
        return (
            f"found the arrays {', '.join(sorted(found)) or 'of no layer'}; "
            f"missing: {', '.join(sorted(missing)) or 'none'}, "
            f"not wanted: {', '.join(sorted(foreign)) or 'none'}"
        )
    for name, array in wanted.items():
        if found[name].shape != array.shape:
            return f"{name} is {found[name].shape}, wanted {array.shape}"
        if found[name].dtype != array.dtype:
            return f"{name} is {found[name].dtype}, wanted {array.dtype}"
        if not np.isfinite(found[name]).all():
            return f"{name} holds values that are not finite, wanted finite ones only"
    return None
