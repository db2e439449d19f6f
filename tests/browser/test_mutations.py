"""While one digit is drawn the page is written only where it changes, and a reader speaks once."""

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.hand import SEVEN, Mouse, draw
from tests.browser.states import TABS
from tests.browser.watch import asked, open_tab, rest, settle

MOST = 25  # mutations for each answer: ten bars with their shares, and some words
MOST_INSIDE = 110  # there the patch, the kernel and the products of one unit are written out

# Every mutation of the page from now on. `idle`: those that wrote what was there before.
RECORD = """() => {
  const all = (watch.mutations = { count: 0, idle: [], spoken: [], places: {} });
  const nameOf = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return `${element?.tagName}.${element?.className}`;
  };
  const isIdle = ({ type, target, attributeName, oldValue, addedNodes, removedNodes }) => {
    if (type === "attributes") return oldValue === target.getAttribute(attributeName);
    if (type === "characterData") return oldValue === target.data;
    const text = (nodes) => [...nodes].map((node) => node.textContent).join("");
    return addedNodes.length > 0 && addedNodes.length === removedNodes.length
      && text(addedNodes) === text(removedNodes);
  };
  const note = (records) => {
    for (const record of records) {
      const element = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      all.count += 1;
      all.places[nameOf(record.target)] = (all.places[nameOf(record.target)] ?? 0) + 1;
      if (isIdle(record)) all.idle.push(`${nameOf(record.target)} ${record.attributeName ?? ""}`);
      const live = element?.closest("[role=status], [role=alert], [aria-live=polite]");
      if (live?.textContent.trim() && live.textContent.trim() !== all.spoken.at(-1)) {
        all.spoken.push(live.textContent.trim());
      }
    }
  };
  new MutationObserver(note).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeOldValue: true, characterDataOldValue: true,
  });
}"""


def mutations(page: Page) -> dict[str, Any]:
    """Those of one seven, from pen down until everything that is asked afterwards is shown."""
    draw(Mouse(page), SEVEN)
    page.keyboard.press("Escape")
    settle(page)  # what is written once only has been written
    page.evaluate(RECORD)
    before = len(asked(page))
    draw(Mouse(page), SEVEN)
    rest(page)
    found: dict[str, Any] = page.evaluate("watch.mutations")
    return found | {"answers": len(asked(page)) - before}


@pytest.mark.parametrize("tab", ["answer", *TABS])
def test_only_changes_are_written(page: Page, tab: str) -> None:
    open_tab(page, tab)
    found = mutations(page)
    assert Counter(found["idle"]) == {}
    most = MOST_INSIDE if tab == "inside" else MOST
    assert found["count"] <= most * found["answers"], found


@pytest.mark.parametrize("tab", ["answer", *TABS])
def test_a_reader_speaks_once_when_the_answer_has_settled(page: Page, tab: str) -> None:
    open_tab(page, tab)
    spoken = mutations(page)["spoken"]
    assert len(spoken) <= 2, spoken  # of the whole page, and of the tab that is open
    assert len([one for one in spoken if one.startswith("A 7")]) == 1
