"""Pictures of digits: their pixels, and the answers in words."""

import numpy as np

from model.report.gallery import before_and_after, digit_figure, kernel_figure
from tests.model.report.made_page import pixels, text

PICTURE = np.arange(784, dtype=np.uint8).reshape(28, 28)
ANSWERS = np.array([0.0004, 0.1, 0, 0, 0, 0, 0.2, 0.6996, 0, 0])


def test_a_picture_is_ink_on_paper_with_three_pixels_to_each() -> None:
    (img,) = digit_figure(PICTURE, 7, ANSWERS, 12).iter("img")
    found = pixels(img)
    assert found.shape == (84, 84)
    assert (found == 255 - PICTURE.repeat(3, axis=0).repeat(3, axis=1)).all()
    assert img.get("alt") == "Handwritten 7"


def test_a_right_answer_and_a_wrong_one_differ_in_words() -> None:
    right, wrong = digit_figure(PICTURE, 7, ANSWERS, 1234), digit_figure(PICTURE, 1, ANSWERS, 5)
    assert text(right.find("figcaption")) == "7 no. 1,234"  # type: ignore[arg-type]
    assert text(wrong.find("figcaption")) == "1, read as 7 no. 5"  # type: ignore[arg-type]
    assert [right.get("class"), wrong.get("class")] == ["digit", "digit is-wrong"]


def test_the_three_best_answers_have_bars_of_their_length() -> None:
    figure = digit_figure(PICTURE, 7, ANSWERS, 1)
    assert [text(li) for li in figure.iter("li")] == ["7 70.0 %", "6 20.0 %", "1 10.0 %"]
    assert [i.get("style") for i in figure.iter("i")] == [
        "--share:0.700",
        "--share:0.200",
        "--share:0.100",
    ]


def test_before_and_after_are_named() -> None:
    made = before_and_after(PICTURE, 7, np.full(10, 0.1), ANSWERS)
    found = [text(caption) for caption in made.iter("figcaption")]
    assert found == ["before: 0, 10.0 %", "after: 7, 70.0 %"]


def test_a_kernel_is_black_where_it_is_most_positive_and_grey_at_zero() -> None:
    figure = kernel_figure(np.array([[1.0, -1.0], [0.0, 0.5]]), 3)
    (img,) = figure.iter("img")
    assert pixels(img)[8::16, 8::16].tolist() == [[0, 255], [128, 64]]
    assert img.get("alt") == "Kernel 3: weights from −1.00 to +1.00"
    assert text(figure) == "3 −1.00 … +1.00"


def test_a_kernel_of_zeros_is_grey() -> None:
    (img,) = kernel_figure(np.zeros((2, 2)), 1).iter("img")
    assert set(pixels(img).ravel().tolist()) == {128}
