"""The terminal: printed text, bars with and without tqdm, and Ctrl-C."""

import signal
import sys
from typing import Any

import pytest

from model.card import Card, InkMetrics, Rejection
from model.training.console import (
    NoBar,
    bytes_bar,
    deferred_interrupt,
    images_bar,
    print_card,
    print_metrics,
)
from tests.made import MINIMAL_CARD, measured

METRICS: dict[str, Any] = {
    "images": 2_000,
    "accuracy": 0.9875,
    "interval": [0.9816, 0.9915],
    "top3": 0.9985,
    "macro_f1": 0.98725,
    "per_digit": [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99],
    "confusion": [[100 * row + column for column in range(10)] for row in range(10)],
    "ece": 0.0125,
}


def test_metrics_are_printed_with_their_interval_and_a_row_for_each_digit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_metrics(METRICS, "mnist")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mnist: 98.75% of 2,000 digits read correctly"
    assert lines[1] == "  95 % interval 98.16% to 99.15%; in the first three 99.85%"
    assert lines[2] == "  macro F1 0.9872; calibration error 1.25%"
    assert lines[4].split() == ["digit", "F1", "read", "as", *"0123456789"]
    assert lines[-1].split() == ["9", "0.9900", *[str(n) for n in range(900, 910)]]
    assert len(lines) == 5 + 10


def test_of_a_gate_what_it_accepts_and_the_area_under_its_curve_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_metrics(InkMetrics(images=2_000, accepted=0.9925, auroc=0.99512), "gate")
    assert capsys.readouterr().out.splitlines() == [
        "gate: 99.25% of 2,000 digits accepted",
        "gate: area under the ROC curve 0.9951, digits and no digits",
    ]
    print_metrics(InkMetrics(images=0, rejected=1.0, auroc=None), "gate")
    assert "ROC" not in capsys.readouterr().out


def test_digits_accepted_and_others_rejected_are_printed_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ink = InkMetrics(
        images=0,
        rejected=0.75,
        no_digits={"drawings": 1_200, "rejected": 0.875},
        look_alikes={"drawings": 0, "rejected": None},
        scribbles={"drawings": 50, "rejected": 0.98},
    )
    others = [
        "ink: 87.50% of 1,200 drawings of no digits rejected",
        "ink: 98.00% of 50 made scribbles rejected",
    ]
    print_metrics(ink, "ink")
    assert capsys.readouterr().out.splitlines() == others
    print_metrics(METRICS | ink | {"images": 2_000, "accepted": 0.9425}, "ink")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["ink: 94.25% of 2,000 digits accepted", *others]


def test_a_card_is_printed_with_every_set_that_was_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    card = Card.from_json(MINIMAL_CARD | {"model": "lenet", "training_accuracy": 0.995})
    scribbles = Rejection(drawings=8, rejected=0.5)
    card.validation = measured(0)
    card.ink_metrics = InkMetrics(images=0, rejected=0.5, scribbles=scribbles)
    print_card(card)
    text = capsys.readouterr().out
    assert text.startswith("training images: 99.50% read correctly\nvalidation: ")
    assert "\nink metrics: 50.00% of 8 made scribbles rejected" in text
    assert "ink validation" not in text


def test_ctrl_c_only_sets_a_flag_and_works_as_before_afterwards() -> None:
    with deferred_interrupt() as interrupted:
        assert not interrupted()
        signal.raise_signal(signal.SIGINT)
        assert interrupted()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_second_ctrl_c_is_never_swallowed() -> None:
    with deferred_interrupt() as interrupted:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupted()


def test_a_bar_begins_with_what_is_done_and_a_download_may_have_no_known_size() -> None:
    with images_bar(100, 40, "epoch 1/2") as bar:
        assert (bar.total, bar.n) == (100, 40)
    with bytes_bar(0, 0, "zip") as bar:
        assert bar.total is None


def test_without_tqdm_a_bar_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with images_bar(100, 0, "epoch") as bar:
        assert isinstance(bar, NoBar)
        bar.update(10)
        bar.set_postfix_str("loss 1")
    assert capsys.readouterr() == ("", "")
