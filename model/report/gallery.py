"""Pictures of digits, each with a network's answer, as figures of a page."""

import base64
import io

import numpy as np
from PIL import Image

from model.report.charts import ten_bars
from model.report.markup import Element, element
from model.report.words import sureness
from model.types import Array

SHOWN = 3  # probabilities beside each picture, best first
DIGIT_PIXEL, KERNEL_PIXEL = 3, 16  # the side of one, enlarged here so that print is as crisp


def digit_figure(image: Array, label: int, probabilities: Array, number: int) -> Element:
    """A test image (28, 28) uint8, its label, the answer and the three most probable digits.

    probabilities: (10,); number: which of the test images it is, from 0
    """
    answer = int(probabilities.argmax())
    wrong = answer != label
    title = element("b", f"{label}, read as {answer}" if wrong else str(label))
    caption = element("figcaption", title, " ", element("small", f"no. {number:,}"))
    best = np.argsort(-probabilities, kind="stable")[:SHOWN]
    bars = element("ol", *(_bar(int(i), float(probabilities[i])) for i in best))
    kind = "digit is-wrong" if wrong else "digit"
    return element("figure", _picture(image, f"Handwritten {label}"), caption, bars, class_=kind)


def before_and_after(image: Array, label: int, before: Array, after: Array) -> Element:
    """A picture (28, 28) uint8 between the probabilities (10,) of two networks."""
    sides = [
        element(
            "figure",
            ten_bars(probabilities),
            element("figcaption", f"{when}: {_answer(probabilities)}"),
        )
        for when, probabilities in (("before", before), ("after", after))
    ]
    return element("div", _picture(image, f"Handwritten {label}"), *sides, class_="change")


def kernel_figure(weights: Array, number: int) -> Element:
    """Weights (height, width) as grey levels: zero is the middle grey, black the most positive."""
    low, high = float(weights.min()), float(weights.max())
    largest = max(-low, high) or 1.0
    grey = np.round(127.5 - 127.5 * weights / largest).astype(np.uint8)
    least, most = (f"{value:+.2f}".replace("-", "−") for value in (low, high))
    label = f"Kernel {number}: weights from {least} to {most}"
    caption = element("figcaption", element("b", str(number)), f" {least} … {most}")
    return element("figure", _grey(grey, KERNEL_PIXEL, label), caption, class_="kernel")


def _answer(probabilities: Array) -> str:
    return f"{int(probabilities.argmax())}, {sureness(float(probabilities.max()))}"


def _bar(digit: int, probability: float) -> Element:
    fill = element("i", style=f"--share:{probability:.3f}", aria_hidden="true")
    return element("li", f"{digit} ", fill, " ", element("span", sureness(probability)))


def _picture(image: Array, label: str) -> Element:
    picture = _grey(255 - image, DIGIT_PIXEL, label)  # ink is 255 in the data, black on paper
    picture.set("class", "pixels")
    return picture


def _grey(levels: Array, enlarged: int, label: str) -> Element:
    stream = io.BytesIO()
    large = levels.repeat(enlarged, axis=0).repeat(enlarged, axis=1)
    Image.fromarray(large).save(stream, "PNG", optimize=True)
    source = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    height, width = large.shape
    return element("img", src=source, alt=label, width=width, height=height)
