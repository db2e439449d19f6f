"""Drop files on a page, or paste them, as a visitor would."""

import base64
from typing import Any

from playwright.sync_api import Page

from tests.browser.watch import wait_for_parts

# What a browser does when files or text are dropped on an element, or pasted. It returns whether
# the page has prevented what the browser would do itself.
DROP = """([selector, kind, name, type, data]) => {
  const transfer = new DataTransfer();
  if (name === null) transfer.setData("text/plain", data);
  else {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  const target = document.querySelector(selector);
  const options = { bubbles: true, cancelable: true };
  if (kind === "paste") {
    const event = new ClipboardEvent("paste", { ...options, clipboardData: transfer });
    return !target.dispatchEvent(event);
  }
  const prevented = ["dragenter", "dragover", "drop"].map((name) =>
    !target.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: transfer })));
  return prevented.every(Boolean);
}"""


def drop(page: Page, data: bytes, kind: str = "drop", at: str = ".masthead", **file: str) -> Any:
    """Drop or paste a file; returns whether the page prevented what the browser would do.

    file: its name and type; else those of a PNG
    """
    wait_for_parts(page)
    code = base64.b64encode(data).decode()
    name, media = file.get("name", "seven.png"), file.get("type", "image/png")
    return page.evaluate(DROP, [at, kind, name, media, code])
