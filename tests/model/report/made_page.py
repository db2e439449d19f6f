"""A page as a tree, and a network and a test set whose answers can be counted by hand."""

import base64
import io
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

import numpy as np
from PIL import Image

from model.data.datasets import Dataset
from model.network import Network
from model.nn.heads import SoftmaxHead
from model.nn.layers import Conv2D, Flatten, Linear
from model.types import Array

VOID = {"meta", "img", "input"}


class Page(HTMLParser):
    """AssertionError if a closing tag does not match the last opening tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.builder, self.opened = TreeBuilder(), list[str]()
        self.feed(page)
        self.close()
        assert self.opened == []
        self.root = self.builder.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """The elements of that tag, with that class if one is given."""
        return [e for e in self.root.iter(tag) if kind in ("", *e.get("class", "").split())]

    def rows(self, table: str) -> list[list[str]]:
        """The texts of the body's cells of the table of that class."""
        (found,) = self.all("table", table)
        return [[text(cell) for cell in row] for row in found.iterfind("tbody/tr")]

    def section(self, heading: str) -> Element:
        """The section, or half of one, under that heading."""
        (found,) = [e for e in self.root.iter() if any(h.text == heading for h in e.findall("h2"))]
        return found


def text(node: Element) -> str:
    """All words in it, with single ordinary spaces."""
    return " ".join("".join(node.itertext()).split())


def pixels(img: Element) -> Array:
    """The grey levels of a picture that is embedded in the page."""
    head, data = img.get("src", "").split(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def counting_network() -> Network:
    """Answers k with p = e^10s / (e^10s + 9) where pixel k of the first row is s, others 0."""
    layers = {"c1": Conv2D(1, 1, kernel=1), "flat": Flatten(), "output": Linear(784, 10)}
    network = Network("lenet", layers, SoftmaxHead())
    network.parameters["c1.weight"][...] = 1
    network.parameters["output.weight"][:, :10] = 10 * np.eye(10)
    network.card = replace(network.card, dataset="mnist", seed=3, epochs=2, training_images=50)
    return network


def made_dataset(*cases: tuple[int, int, int]) -> Dataset:
    """A test image for each case: its label, the wanted answer, the pixel's level."""
    images = np.zeros((len(cases), 28, 28), np.uint8)
    for image, (_, answer, level) in zip(images, cases, strict=True):
        image[0, answer] = level
    labels = np.array([label for label, _, _ in cases], np.uint8)
    return Dataset("mnist", "mnist", images, labels, images, labels)
