"""Faults of a page's layout: what is cut off, what lies over each other, what is covered."""

from playwright.sync_api import Page

# The names of all elements that stick out of the page to the left or right.
WIDE = """() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  const sticksOut = (element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    return width * height > 4 && (right > clientWidth + 1 || left < -1);
  };
  const scrolls = (element) =>
    element !== null && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX)
      || scrolls(element.parentElement));
  const all = [...document.querySelectorAll("body *")].filter(sticksOut)
    .filter((element) => !scrolls(element.parentElement));
  return [...(scrollWidth > clientWidth ? [`page: ${scrollWidth}`] : []), ...all.map(nameOf)];
}"""

# Pairs of texts that lie over each other by more than a pixel; ascenders may touch.
COLLIDING = """() => {
  const walker = document.createTreeWalker(TOP, NodeFilter.SHOW_TEXT);
  const boxes = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || !isSeen(element)) continue;
    const layer = layerOf(element);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, top, right, bottom, height } of range.getClientRects()) {
      const slack = height / 4; // what a line box has above and below its letters
      boxes.push({ node, layer, left, right, top: top + slack, bottom: bottom - slack });
    }
  }
  boxes.sort((one, other) => one.top - other.top);
  const found = [];
  boxes.forEach((one, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].top < one.bottom - 1; j += 1) {
      const other = boxes[j];
      if (one.node === other.node || one.layer !== other.layer) continue;
      if (one.right > other.left + 1 && other.right > one.left + 1) {
        found.push(`${one.node.data.trim()} / ${other.node.data.trim()}`);
      }
    }
  });
  return found;
}"""

# Controls whose middle is covered by something else, when they are scrolled into view, and when the
# page is scrolled to its top. What is open covers what is below it, as it should.
COVERED = """() => {
  const found = [];
  for (const control of document.querySelectorAll(CONTROLS)) {
    const target = control.closest("label") ?? control;
    if (!isSeen(target)) continue;
    target.scrollIntoView({ block: "center", behavior: "instant" });
    const over = coverOf(target);
    scrollTo(0, 0);
    if (over !== null && coverOf(target) !== null) found.push(`${nameOf(target)} under ${over}`);
  }
  return found;
}"""

HELPERS = """
  const CONTROLS = "a, button, input, select, summary, [tabindex]";
  // What lies under an open dialog cannot be used, and need not be seen.
  const TOP = document.querySelector("dialog[open]") ?? document.body;
  const nameOf = (element) => `${element.tagName.toLowerCase()}.${element.className}`
    + ` ${element.textContent.trim().slice(0, 20)}`;
  // For screen readers only.
  const isUnseen = (element) => element !== null
    && (getComputedStyle(element).clipPath === "inset(50%)" || isUnseen(element.parentElement));
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && !isUnseen(element) && width > 1 && height > 1;
  };
  const OPEN = ".menu-list:not([hidden]), dialog[open]";
  // Elements that stay or lie over the page: what is below them is scrolled from under them.
  const layerOf = (element) => element === null || element.matches(OPEN)
      || /sticky|fixed/.test(getComputedStyle(element).position)
    ? element : layerOf(element.parentElement);
  // The name of what lies over the middle of an element, or null.
  const coverOf = (target) => {
    const { left, top, width, height } = target.getClientRects()[0];
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    if (hit === null) return "nothing: it is outside the window";
    const isOpen = hit.closest(OPEN) !== null && target.closest(OPEN) === null;
    return isOpen || target.contains(hit) || hit.contains(target) ? null : nameOf(hit);
  };
"""


SCRIPTS = {"wide": WIDE, "colliding": COLLIDING, "covered": COVERED}


def layout_faults(page: Page) -> dict[str, list[str]]:
    """What each of the scripts above finds on the page."""
    page.evaluate("new Promise(requestAnimationFrame)")
    return {name: ask(page, script) for name, script in SCRIPTS.items()}


def ask(page: Page, script: str) -> list[str]:
    """What one of them finds."""
    found: list[str] = page.evaluate(f"() => {{ {HELPERS} return ({script})(); }}")
    return found
