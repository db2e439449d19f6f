"""Learning from larger networks: what they say of an example is a better target than its label.

A label says only "7". A network that is large enough to have learnt the set says that this one
could also be a 1, and lowers its voice where a label is wrong. A small network that is taught so
makes fewer mistakes than one that sees labels only (Hinton, Vinyals and Dean 2015, "Distilling the
knowledge in a neural network", arXiv 1503.02531). Teachers see each example as distorted for the
pupil, so they have something new to say in every epoch.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.examples import Examples
from model.network import Network, floats
from model.types import Array

SHARE = 0.9  # of the teachers in a target; the rest is the label's


class TeacherError(ValueError):
    """A teacher that cannot teach this network: what was found and wanted."""


class Taught:
    """Another source's examples, whose targets are for the larger part what the teachers say.

    Their shares (model/heads.py) are averaged: at their own temperatures, and with rubbish let in,
    so what all of them take for no digit is taught as none.
    """

    def __init__(self, examples: Examples, teachers: Sequence[Network]) -> None:
        self.examples, self.teachers = examples, teachers

    def __len__(self) -> int:
        return len(self.examples)

    def draw(self, chosen: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """See `Examples`."""
        pictures, labels = self.examples.draw(chosen, rng)
        pictures = floats(pictures)
        said = np.mean([teacher.read(pictures)[1] for teacher in self.teachers], axis=0)  # (n, 10)
        return pictures, np.float32(SHARE) * said.T + np.float32(1 - SHARE) * labels


def check_teacher(teacher: Network, pupil: Network, path: object) -> None:
    """TeacherError where a teacher has learnt something else, or what its pupil is validated by.

    Both cards must have been filled as train.py does before training.
    """
    found, wanted = teacher.card, pupil.card
    for key in ("dataset", "frame"):
        _same(path, key, found.get(key), wanted.get(key))
    _same(path, "images kept for validation by seed", _split(found), _split(wanted))
    kept = _kept(wanted) - _kept(found)
    if kept and "ink" in found:
        raise TeacherError(
            f"{path}: found a teacher that has learnt from {len(kept)} writers whose drawings "
            f"are kept for validation or held out here ({sorted(kept)[0]} …), wanted one trained "
            "on the same files with the same --fold"
        )
    if teacher.head.rubbish != pupil.head.rubbish:
        raise TeacherError(
            f"{path}: found a teacher that {_knows(teacher)} what is no digit, wanted one that "
            f"{_knows(pupil)} it, as this run does; give --outliers to both or to neither"
        )


def _same(path: object, what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise TeacherError(
            f"{path}: found a teacher with {what} {found}, wanted {wanted} as in this run; "
            "train one with the same options, or leave --teacher out"
        )


def _split(card: dict[str, Any]) -> Any:
    recipe = card.get("recipe", {})
    return card.get("seed") if recipe.get("split") is None else recipe["split"]


def _kept(card: dict[str, Any]) -> set[str]:
    ink = card.get("ink", {})
    return {*ink.get("validation_writers", []), *ink.get("held_out_writers", [])}


def _knows(network: Network) -> str:
    return "has learnt" if np.isfinite(network.head.rubbish) else "has not learnt"
