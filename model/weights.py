"""Trained weights on disk: an array for each parameter, and the card.

A file is believed only after every name, shape and type in it has been compared with a freshly
built network.
"""

from pathlib import Path

from model.array_file import ArrayFile, WeightsError, misfit, save_arrays
from model.card import KINDS, Card
from model.card_json import CardError
from model.network import Network
from model.variants import VARIANTS, build

__all__ = ["WeightsError", "kind_of", "load", "save"]


def save(network: Network, path: str | Path) -> None:
    """Write the network's parameters and card."""
    save_arrays(Path(path), network.parameters, network.card.to_json())


def load(path: str | Path) -> Network:
    """The trained network in that file, its card in `network.card`.

    WeightsError, naming file, found, wanted and cure, for a file that is missing, damaged,
    foreign, holds snapshots, or does not fit the network that its card names.
    """
    with ArrayFile(Path(path)) as file:
        return _network_in(file)


def _network_in(file: ArrayFile) -> Network:
    path = file.path
    if file.card.get("kind") == "snapshots":
        raise WeightsError(
            f"{path}: found snapshots of a training, wanted the weights of a network; name the "
            "weight file beside it"
        )
    try:
        card = Card.from_json(file.card)
    except CardError as error:
        raise WeightsError(f"{path}: {error}; retrain with: python train.py --replace") from None
    if card.model not in VARIANTS:
        raise WeightsError(
            f"{path}: found weights of a network named {card.model!r:.40}, wanted one of: "
            f"{', '.join(VARIANTS)}; train one with: "
            f"python train.py --model {next(iter(VARIANTS))} --replace"
        )
    network = build(card.model)
    fault = misfit(file.shapes, network.parameters) or _other_use(card, network.card)
    if fault:
        raise WeightsError(
            f"{path}: {fault}; retrain with: python train.py --model {card.model} --replace"
        )
    for key, array in file.read().items():
        network.parameters[key][...] = array
    network.card, network.head.temperature = card, card.temperature
    return network


def kind_of(path: Path) -> str:
    """The kind of a weight file, one of KINDS in model/card.py; WeightsError as from `load`."""
    with ArrayFile(path) as file:
        kind = file.card.get("kind", "reader")
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
