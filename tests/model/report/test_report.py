"""The report: numbers counted by hand, on a page that refers to no other file."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data.datasets import Dataset
from model.network import Network
from model.recipes import RECIPES
from model.report.page import SHOWN_MISTAKES, SHOWN_SAMPLES, write_report
from model.report.words import facts
from model.variants import VARIANTS, build
from tests.model.report.made_page import Page, counting_network, made_dataset, pixels, text

# Label, answer, level: three right and two wrong; 255 makes it sure to 99.96 %, 51 to 45.1 %.
FIVE = made_dataset((0, 0, 255), (1, 1, 255), (2, 3, 51), (1, 7, 255), (4, 4, 255))
HISTORY: dict[str, Any] = {
    "steps_per_epoch": 2,
    "steps": [[1, 2.0, 0.2], [2, 1.0, 0.5], [3, 0.5, 0.8], [4, 0.2, 0.9]],
    "epochs": [
        {"epoch": 1, "loss": 1.5, "accuracy": 0.35, "validation_accuracy": 0.8},
        {"epoch": 2, "loss": 0.35, "accuracy": 0.85, "validation_accuracy": 0.99},
    ],
}


def reported(
    folder: Path,
    dataset: Dataset = FIVE,
    network: Network | None = None,
    history: dict[str, Any] | None = None,
) -> Page:
    path = write_report(network or counting_network(), dataset, folder / "new", history)
    assert path == folder / "new" / "index.html"
    return Page(path.read_text("utf-8"))


def names_and_values(page: Page, kind: str) -> dict[str, str]:
    (found,) = page.all("dl", kind)
    return {text(group[0]): text(group[1]) for group in found}


def captions(page: Page, heading: str) -> list[str]:
    figures = page.section(heading).iter("figure")
    return [text(figure.find("figcaption")) for figure in figures]  # type: ignore[arg-type]


def test_the_scores_are_those_counted_by_hand(tmp_path: Path) -> None:
    scores = names_and_values(reported(tmp_path), "scores")
    # F1 of 0 and 4 is 1, of 1 is 2/3 (found: one of two), of all others 0.
    assert scores == {
        "Accuracy": "60.00 %",
        "95 % interval": "23.07 % to 88.24 %",  # Wilson's for 3 of 5
        "Mistakes": "2 of 5",
        "Top-3 accuracy": "80.00 %",  # 2 was read as 3; the others lie at 0, 1, 2 …
        "Macro F1": "0.2667",
        "Calibration error": "28.98 %",  # (|0.4509 − 0| + |4 · 0.9996 − 3|) / 5
    }


def test_the_confusion_matrix_counts_label_by_row_and_answer_by_column(tmp_path: Path) -> None:
    page = reported(tmp_path)
    wanted = np.zeros((10, 11), int)
    wanted[:, 0] = range(10)
    for label, answer in [(0, 0), (1, 1), (2, 3), (1, 7), (4, 4)]:
        wanted[label, answer + 1] = 1
    assert page.rows("confusion") == wanted.astype(str).tolist()
    (table,) = page.all("table", "confusion")
    body = [[cell.get("class") for cell in row] for row in table.iterfind("tbody/tr")]
    assert [row[digit + 1] for digit, row in enumerate(body)] == ["is-right"] * 10
    assert (body[2][4], body[1][8], body[2][5]) == ("is-many", "is-many", None)


def test_reliability_is_told_by_bins(tmp_path: Path) -> None:
    assert reported(tmp_path).rows("bins") == [
        ["40 to 47 %", "1", "45.1 %", "0.0 %"],
        ["93 to 100 %", "4", "99.9 %", "75.0 %"],
    ]


def test_the_most_confident_mistake_is_the_worst(tmp_path: Path) -> None:
    page = reported(tmp_path)
    heading = "The worst mistakes"
    assert captions(page, heading) == ["1, read as 7 no. 3", "2, read as 3 no. 2"]
    worst, next_one = page.section(heading).iter("figure")
    assert [text(li) for li in next_one.iter("li")] == ["3 45.1 %", "0 6.1 %", "1 6.1 %"]
    assert (
        pixels(next(worst.iter("img")))[:3, 18:27].tolist() == [[255] * 3 + [0] * 3 + [255] * 3] * 3
    )


def test_only_so_many_mistakes_and_ordinary_digits_are_shown(tmp_path: Path) -> None:
    page = reported(tmp_path, made_dataset(*[(1, 2, 255)] * 70, *[(3, 3, 255)] * 70))
    assert len(captions(page, "The worst mistakes")) == SHOWN_MISTAKES == 60
    assert "60 most confident mistakes of 70" in text(page.section("The worst mistakes"))
    ordinary = captions(page, "Random test images")
    assert len(set(ordinary)) == len(ordinary) == SHOWN_SAMPLES == 120
    wrong = [caption for caption in ordinary if caption.startswith("1, read as 2")]
    assert (
        f"120 of the 140 test images, drawn at random; mistakes among them: {len(wrong)}."
        in text(page.section("Random test images"))
    )
    assert len(page.all("figure", "is-wrong")) == SHOWN_MISTAKES + len(wrong)


def test_the_words_over_the_worst_mistakes_give_the_range_that_is_shown(tmp_path: Path) -> None:
    heading = "The worst mistakes"
    section = reported(tmp_path, made_dataset((2, 3, 51), (1, 7, 255), (4, 4, 255))).section(
        heading
    )
    assert "Its 2 most confident mistakes of 2, from > 99.9 % down to 45.1 %." in text(section)
    many = made_dataset(*[(1, 2, 255)] * 60, *[(1, 2, 51)] * 10)
    section = reported(tmp_path, many).section(heading)
    assert "Its 60 most confident mistakes of 70, from > 99.9 % down to > 99.9 %." in text(section)


def test_a_network_without_mistakes_has_a_sentence_instead_of_a_gallery(tmp_path: Path) -> None:
    page = reported(tmp_path, made_dataset((1, 1, 255), (2, 2, 255)))
    assert text(page.section("The worst mistakes")) == "The worst mistakes It made no mistake."
    assert len(page.all("figure", "digit")) == 2
    assert page.all("figure", "is-wrong") == []


def test_the_untrained_network_is_built_again_from_the_seed_on_the_card(tmp_path: Path) -> None:
    page = reported(tmp_path)
    section = page.section("Before training and after")
    found = [text(caption) for caption in section.iter("figcaption")]
    first = FIVE.test_images[[0, 1, 2, 4]]  # the first of each digit; number 3 is the second 1
    untrained = build("lenet", 3).predict(first)
    before = [f"before: {p.argmax()}, {100 * p.max():.1f} %" for p in untrained]
    assert found[::2] == before
    after = [*(f"after: {i}, > 99.9 %" for i in (0, 1)), "after: 3, 45.1 %"]
    assert found[1::2] == [*after, "after: 4, > 99.9 %"]


def test_every_kernel_of_the_first_layer_is_shown(tmp_path: Path) -> None:
    network = build("lenet5-1998", 1)
    network.card = replace(counting_network().card, model="lenet5-1998")
    section = reported(tmp_path, network=network).section("The kernels of the first layer")
    assert "layer C1" in text(section)
    weights = network.parameters["c1.weight"][:, 0]
    for figure, weight in zip(section.iter("figure"), weights, strict=True):
        picture = pixels(next(figure.iter("img")))
        assert picture.shape == (80, 80)
        dark = np.unravel_index(picture[8::16, 8::16].argmin(), (5, 5))
        assert dark == np.unravel_index(weight.argmax(), (5, 5))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_has_its_table_of_layers(tmp_path: Path, name: str) -> None:
    network = build(name, 1)
    network.card = replace(counting_network().card, model=name, recipe=RECIPES[name])
    page = reported(tmp_path, network=network)
    printed = [re.split(r"\s{2,}", line.strip()) for line in repr(network).splitlines()[2:]]
    assert [[c for c in row if c] for row in page.rows("layers")] == printed
    (caption,) = [text(t[0]) for t in page.all("table", "layers")]
    assert caption.endswith(f"become probabilities by {network.head!r}.")
    assert f"{network.size:,} learned weights" in text(page.all("p", "abstract")[0])


def test_curves_and_their_numbers_come_from_the_history(tmp_path: Path) -> None:
    page = reported(tmp_path, history=json.loads(json.dumps(HISTORY)))
    assert page.rows("epochs") == [
        ["1", "1.5000", "35.00 %", "80.00 %"],
        ["2", "0.3500", "85.00 %", "99.00 %"],
    ]
    section = page.section("How it learned")
    labels = [svg.get("aria-label") for svg in section.iter("svg")]
    assert labels == [
        "Loss: 1.5 after the first epoch, 0.35 after epoch 2",
        "Validation accuracy: 80.00\u202f% after the first epoch, 99.00\u202f% after epoch 2",
    ]
    assert "single steps, 2 in an epoch" in text(section)


def test_without_a_history_the_page_says_so(tmp_path: Path) -> None:
    section = reported(tmp_path).section("How it learned")
    assert "no record of its training" in text(section)
    assert list(section.iter("svg")) == []


def test_without_a_history_the_epochs_of_the_card_are_drawn(tmp_path: Path) -> None:
    network = counting_network()
    network.card = replace(network.card, history=HISTORY["epochs"])
    page = reported(tmp_path, network=network)
    assert [row[1] for row in page.rows("epochs")] == ["1.5000", "0.3500"]
    section = page.section("How it learned")
    assert len(list(section.iter("svg"))) == 2
    assert "single steps" not in text(section)


def test_the_facts_are_those_of_the_card(tmp_path: Path) -> None:
    network = counting_network()
    network.card = replace(network.card, source="Somebody", recipe=RECIPES["lenet"])
    shown = names_and_values(reported(tmp_path, network=network), "facts")
    assert shown == {name: " ".join(words.split()) for name, words in facts(network.card)}
    assert shown["Learned from"] == "MNIST; Somebody"


def test_a_frame_that_differs_from_the_training_data_is_pointed_out(tmp_path: Path) -> None:
    assert reported(tmp_path).all("p", "warning") == []
    page = reported(tmp_path, replace(FIVE, frame="emnist"))
    assert "Expect more mistakes" in text(page.all("p", "warning")[0])


def test_text_of_a_card_is_never_markup(tmp_path: Path) -> None:
    network, trap = counting_network(), '</title><script>alert("x")</script> & $style'
    network.card = replace(network.card, dataset=trap, source=trap)
    page = reported(tmp_path, network=network)
    assert page.all("script") == []
    assert names_and_values(page, "facts")["Learned from"] == f"{trap}; {trap}"


def test_the_page_refers_to_no_other_file(tmp_path: Path) -> None:
    page = reported(tmp_path, history=HISTORY)
    tags = {element.tag for element in page.root.iter()}
    assert not tags & {"script", "link", "iframe", "object", "base", "form"}
    addresses = [
        (name, value)
        for element in page.root.iter()
        for name, value in element.items()
        if name in {"src", "href", "srcset", "data", "action"} or "//" in value
    ]
    assert addresses
    assert all(value.startswith("data:image/png;base64,") for _, value in addresses)
    style = page.all("style")[0].text or ""
    assert "{" in style
    used, defined = (set(re.findall(p, style)) for p in (r"var\((--[\w-]+)", r"(--[\w-]+):"))
    assert used - {"--share"} <= defined  # the page itself gives the length of a bar
    assert not re.search(r"url\(|@import|//", style)
    assert "".join(page.root.itertext()).count("http") == 0


def test_every_picture_is_told_in_words(tmp_path: Path) -> None:
    page = reported(tmp_path, history=HISTORY)
    assert all(img.get("alt") for img in page.all("img"))
    alternatives = [
        svg.get("aria-label") or svg.get("aria-hidden") == "true" for svg in page.all("svg")
    ]
    assert len(alternatives) == 3 + 2 * 4
    assert all(alternatives)
    assert all(th.get("scope") for th in page.all("th"))
