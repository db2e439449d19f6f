"""HTML and SVG as elements: every tag is closed and every text escaped, whatever a card says."""

from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["Element", "element", "html"]


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """A tag with its children. Attributes as keywords: `class_` is class, `view_box` viewBox.

    `aria_label` is aria-label, as every other name with a line in it.
    """
    made = Element(tag, {_attribute(name): str(value) for name, value in attributes.items()})
    for child in children:
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
    return made


def html(*nodes: Element | str) -> str:
    """The text of a page's part."""
    return "".join(
        escape(node, quote=False)
        if isinstance(node, str)
        else ElementTree.tostring(node, "unicode", method="html")
        for node in nodes
    )


def _attribute(name: str) -> str:
    return "viewBox" if name == "view_box" else name.rstrip("_").replace("_", "-")
