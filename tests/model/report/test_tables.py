"""Tables of one network, and of several networks."""

from typing import Any

import numpy as np
import pytest

from model.network import Network
from model.report.markup import Element
from model.report.tables import (
    confusion_table,
    digits_table,
    epochs_table,
    f1_table,
    overview_table,
)
from model.variants import build
from tests.made import MINIMAL_CARD, amend, measured
from tests.model.report.made_page import text


def network(variant: str, card: dict[str, Any]) -> Network:
    made = build(variant, 1)
    amend(made, MINIMAL_CARD | card)
    return made


def rows(table: Element) -> list[list[str]]:
    """The texts of all rows, the head first."""
    return [[text(cell) for cell in row] for row in table.iter("tr")]


DRAWINGS = {"digits": 7_782, "no_digits": 0, "writers": 110}
NETWORKS = [
    ("first", network("lenet", {"epochs": 3, "dataset": "mnist", "ink": DRAWINGS})),
    ("second", network("lenet-32", {"metrics": measured(1), "dataset": "mine", "epochs": 20})),
    ("third", network("lenet5-1998", {"metrics": measured(2)})),
]


def test_networks_stand_side_by_side_with_gaps_for_what_is_not_known() -> None:
    one, two = measured(1), measured(2)
    mistakes = [2_000 - int(np.trace(np.array(each["confusion"]))) for each in (one, two)]
    assert rows(overview_table(NETWORKS)) == [
        ["Network", "first", "second", "third"],
        ["Learned weights", "44,426", "61,706", "60,000"],
        ["Learned from", "MNIST, 7,782 drawings", "mine", "–"],
        ["Epochs", "3", "20", "–"],
        ["Accuracy", "–", *(f"{100 * each['accuracy']:.2f} %" for each in (one, two))],
        [
            "95 % interval",
            "–",
            *("{:.2f} % to {:.2f} %".format(*(100 * np.array(e["interval"]))) for e in (one, two)),
        ],
        ["Mistakes", "–", *(f"{count} of 2,000" for count in mistakes)],
        ["Top-3 accuracy", "–", *(f"{100 * each['top3']:.2f} %" for each in (one, two))],
        ["Macro F1", "–", *(f"{each['macro_f1']:.4f}" for each in (one, two))],
        ["Calibration error", "–", *(f"{100 * each['ece']:.2f} %" for each in (one, two))],
    ]


def test_every_term_of_the_tables_is_explained_beside_it() -> None:
    overview, by_digit = overview_table(NETWORKS), f1_table(NETWORKS)
    assert by_digit is not None
    words, more = (text(next(table.iter("caption"))) for table in (overview, by_digit))
    for term in ("95 % interval", "Top-3 accuracy", "Macro F1", "Calibration error"):
        assert f"{term}:" in words.replace("\u202f", " ")
    for term in ("precision", "recall", "harmonic mean, which"):
        assert term in more


def test_each_head_is_a_link_to_its_network() -> None:
    for table in (overview_table(NETWORKS[1:]), f1_table(NETWORKS)):
        assert table is not None
        links = [(text(a), a.get("href")) for a in table.iter("a")]
        assert links == [("second", "#second"), ("third", "#third")]


def test_networks_that_were_never_measured_have_a_table_without_scores() -> None:
    titles = [row[0] for row in rows(overview_table(NETWORKS[:1]))]
    assert titles == ["Network", "Learned weights", "Learned from", "Epochs"]
    assert f1_table(NETWORKS[:1]) is None


def test_the_f1_of_each_digit_is_told_and_the_lowest_is_marked() -> None:
    table = f1_table(NETWORKS)
    assert table is not None
    head, *body = rows(table)
    assert head == ["Digit", "second", "third"]
    assert [row[0] for row in body] == list("0123456789")
    for column, seed in ((1, 1), (2, 2)):
        scores = measured(seed)["per_digit"]
        assert [row[column] for row in body] == [f"{score:.4f}" for score in scores]
        marked = [row[column].get("class") for row in table.iterfind("tbody/tr")]
        assert marked.index("is-lowest") == np.argmin(scores)
        assert marked.count("is-lowest") == 1


@pytest.mark.parametrize(
    ("mistakes", "shade"),
    [(0, None), (2, "is-few"), (3, "is-some"), (9, "is-some"), (10, "is-many")],
)
def test_a_mistake_is_shaded_by_its_fraction_of_the_row(mistakes: int, shade: str | None) -> None:
    counts = np.diag([9_000] * 10)  # there are more of the other digits
    counts[4, 4], counts[4, 9] = 1_000 - mistakes, mistakes
    row = confusion_table(counts).findall("tbody/tr")[4]
    assert [cell.get("class") for cell in row] == [None] * 5 + ["is-right"] + [None] * 4 + [shade]


def test_every_digit_has_images_f1_precision_and_recall() -> None:
    counts = np.diag([0, 1, 0, 0, 5, 0, 0, 0, 0, 0])
    counts[1, 7] = counts[2, 3] = 1
    head, *body = rows(digits_table(counts))
    assert head == ["Digit", "Images", "F1", "Precision", "Recall"]
    assert len(body) == 10
    assert body[1] == ["1", "2", "0.6667", "1.0000", "0.5000"]
    assert body[4] == ["4", "5", "1.0000", "1.0000", "1.0000"]
    assert body[7] == ["7", "0", "0.0000", "0.0000", "0.0000"]


@pytest.mark.parametrize(
    ("last", "shown"),
    [
        (1, [1]),
        (12, list(range(1, 13))),
        (13, [1, 2, 4, 6, 8, 10, 12, 13]),
        (60, [1, *range(5, 61, 5)]),
        (5_000, [1, 5_000]),
    ],
)
def test_the_table_shows_some_epochs_and_always_the_first_and_last(
    last: int, shown: list[int]
) -> None:
    row = {"loss": 0.5, "accuracy": 0.25, "validation_accuracy": 0.75}
    history = {"epochs": [row | {"epoch": epoch} for epoch in range(1, last + 1)]}
    _, *body = rows(epochs_table(history))
    assert body == [[str(epoch), "0.5000", "25.00 %", "75.00 %"] for epoch in shown]
