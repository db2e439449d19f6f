"""Targets by larger networks, and which networks may be asked for them."""

import copy
from typing import Any

import numpy as np
import pytest

from model.examples import Images
from model.heads import one_hot
from model.network import Network
from model.recipes import RECIPES
from model.teaching import SHARE, Taught, TeacherError, check_teacher
from model.training import Training
from model.variants import KNOWN, TEACHERS, VARIANTS, build
from tests.model.test_training import made_set, run, weights

IMAGES, LABELS = made_set(90, seed=3)
CARD: dict[str, Any] = {
    "dataset": "mnist",
    "frame": "mnist",
    "seed": 1998,
    "recipe": {"split": None},
    "ink": {"validation_writers": ["Ann", "Bob"], "held_out_writers": ["Eve"]},
}


def network(first: int = 1, **card: Any) -> Network:
    made = build("lenet", first)
    made.card |= copy.deepcopy(CARD) | card
    made.head.rubbish = 0.0
    return made


def test_a_target_is_for_the_larger_part_what_the_teachers_say_on_average() -> None:
    teachers = [network(seed) for seed in (5, 6)]
    chosen = np.array([3, 0, 8])
    pictures, targets = Taught(Images(IMAGES, LABELS, False), teachers).draw(
        chosen, np.random.default_rng(0)
    )
    said = (teachers[0].read(pictures)[1] + teachers[1].read(pictures)[1]).T / 2
    assert np.allclose(targets, SHARE * said + (1 - SHARE) * one_hot(LABELS[chosen]), atol=1e-6)
    assert targets.dtype == pictures.dtype == np.float32
    assert (targets.sum(axis=0) < 1).all(), "the teachers let rubbish in"


def test_what_all_take_for_no_digit_is_taught_as_none() -> None:
    teacher = network()
    teacher.parameters["output.bias"][...] = -30  # all scores are low: rubbish wins
    _, targets = Taught(Images(IMAGES, LABELS, False), [teacher]).draw(
        np.arange(5), np.random.default_rng(0)
    )
    assert np.allclose(targets, (1 - SHARE) * one_hot(LABELS[:5]), atol=1e-6)


def test_teachers_see_the_pictures_that_the_pupil_sees() -> None:
    examples = Images(IMAGES, LABELS, augment=True)
    plain, _ = examples.draw(np.arange(9), np.random.default_rng(4))
    taught, _ = Taught(examples, [network()]).draw(np.arange(9), np.random.default_rng(4))
    assert np.array_equal(plain, taught)


def test_a_pupil_comes_to_say_what_its_teacher_says() -> None:
    """The teacher has learnt that ones are zeros and zeros ones; labels count a tenth."""
    recipe = RECIPES["lenet"]
    swapped = Images(IMAGES, 1 - LABELS, augment=False)
    small = {"epochs": 6, "batch_size": 16, "rate": 0.005, "augment": False}
    recipe = type(recipe)(**(vars(recipe) | small))
    teacher = run(Training(network(1), swapped, (IMAGES, LABELS), recipe)).network
    assert (teacher.predict(IMAGES).argmax(axis=1) == 1 - LABELS).mean() > 0.95
    taught = Taught(Images(IMAGES, LABELS, augment=False), [teacher])
    pupil = run(Training(network(2), taught, (IMAGES, LABELS), recipe)).network
    assert (pupil.predict(IMAGES).argmax(axis=1) == 1 - LABELS).mean() > 0.95


def test_processes_and_threads_are_taught_alike() -> None:
    recipe = type(RECIPES["lenet"])(1, 64, "adam", "constant", rate=0.002, seed=3)
    found = []
    for workers, threads in ((1, 1), (1, 2), (2, 1)):
        taught = Taught(Images(IMAGES, LABELS, augment=True), [network(7)])
        training = Training(network(2), taught, (IMAGES, LABELS), recipe, workers, threads)
        found.append(weights(run(training)))
        training.team.dismiss()
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"dataset": "emnist-digits"}, "found a teacher with dataset emnist-digits, wanted mnist"),
        ({"frame": "emnist"}, "found a teacher with frame emnist"),
        ({"seed": 2}, "kept for validation by seed 2, wanted 1998"),
        ({"ink": {"held_out_writers": ["Eve"]}}, r"learnt from 2 writers .*\(Ann …\)"),
    ],
)
def test_a_teacher_that_has_learnt_something_else_is_refused(card: Any, said: str) -> None:
    with pytest.raises(TeacherError, match=said):
        check_teacher(network(**card), network(), "big.npz")


def test_a_teacher_of_another_seed_with_the_same_split_is_fit() -> None:
    check_teacher(network(seed=2, recipe={"split": 1998}), network(), "big.npz")


def test_a_teacher_must_know_of_rubbish_if_its_pupil_is_to() -> None:
    teacher = network()
    teacher.head.rubbish = np.inf
    with pytest.raises(TeacherError, match="has not learnt what is no digit"):
        check_teacher(teacher, network(), "big.npz")
    with pytest.raises(TeacherError, match="give --outliers to both or to neither"):
        check_teacher(network(), teacher, "big.npz")


def test_a_teacher_without_ink_has_seen_no_writer() -> None:
    teacher = network()
    del teacher.card["ink"]
    check_teacher(teacher, network(), "big.npz")


def test_the_teacher_is_none_of_the_five_and_larger_than_any() -> None:
    assert len(VARIANTS) == 5
    assert set(KNOWN) - set(VARIANTS) == {"lenet-wide"}
    assert build("lenet-wide").size == 248_774
    assert RECIPES.keys() == KNOWN.keys()
    assert TEACHERS["lenet-wide"].title
