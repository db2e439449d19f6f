"""Labels on the page: given, looked at, deleted, exported, imported; nothing leaves the device."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, Request, expect

from model.data.ink_files import read_ink
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import FOUR, SEVEN, Finger, Mouse, Pen, draw
from tests.browser.watch import ink, ink_in, settle

KEPT = "Kept on this device. Nothing leaves it."
LINE = '{"label": "3", "writer": "w4", "strokes": [[[1, 2], [30, 40]]]}'


def is_ready(page: Page) -> None:
    """All parts of the page are loaded."""
    page.wait_for_selector("[data-command=undo][aria-disabled]")


def open_teach(page: Page) -> None:
    page.get_by_role("button", name="Not right?").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def write(pen: Pen, number: int = 1) -> None:
    """A 4, or its first stroke."""
    for stroke in FOUR[:number]:
        draw(pen, stroke)
    settle(pen.page)  # type: ignore[attr-defined]


def give(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".teach-status")).to_contain_text(words)


def labels(page: Page) -> list[str]:
    """The labels in the gallery, the newest first."""
    return page.locator(".teach-label").all_inner_texts()


def test_a_label_is_given_in_two_steps_and_stays_on_the_device(any_pen: Pen) -> None:
    page: Page = any_pen.page  # type: ignore[attr-defined]
    write(any_pen, 2)
    sent: list[Request] = []
    open_teach(page)
    page.on("request", lambda request: sent.append(request))
    give(page, "9")
    says(page, f"A 9. {KEPT}")
    expect(page.get_by_role("dialog", name="Your drawings: 1")).to_be_visible()
    assert labels(page) == ["9"]
    assert [request.url for request in sent if request.method != "GET"] == []
    page.goto(page.url.partition("#")[0])
    page.reload()
    open_gallery(page)
    expect(page.get_by_role("heading", name="Your drawings: 1")).to_be_visible()
    expect(page.locator(".teach-ask")).to_be_hidden()  # nothing is drawn


def test_another_label_takes_the_place_of_the_first(page: Page, mouse: Mouse) -> None:
    write(mouse)
    open_teach(page)
    give(page, "4")
    says(page, "A 4.")
    give(page, "No digit")
    says(page, f"No digit. {KEPT}")
    give(page, "8")
    says(page, "An 8.")
    assert labels(page) == ["8"]
    assert page.locator("[aria-pressed=true][data-label]").all_inner_texts() == ["8"]


def test_labels_are_given_by_keys_that_do_nothing_to_the_drawing(page: Page, mouse: Mouse) -> None:
    write(mouse)
    before = ink(page)
    open_teach(page)
    page.keyboard.press("7")
    says(page, f"A 7. {KEPT}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert ink(page) == before


def save(page: Page, button: str, folder: Path) -> Path:
    """The file that a button exports, under the name that the browser gives it."""
    with page.expect_download() as download:
        give(page, button)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_what_is_exported_train_py_reads(page: Page, mouse: Mouse, tmp_path: Path) -> None:
    write(mouse)
    open_teach(page)
    expect(page.get_by_role("button", name="Export digits")).to_be_hidden()
    give(page, "4")
    says(page, "A 4.")
    give(page, "Close")
    draw(mouse, SEVEN)
    settle(page)
    open_teach(page)
    give(page, "No digit")
    says(page, "No digit.")
    digits = save(page, "Export digits", tmp_path)
    others = save(page, "Export what is no digit", tmp_path)
    says(page, "my-no-digits.jsonl: 1 drawing.")
    assert (digits.name, others.name) == ("my-digits.jsonl", "my-no-digits.jsonl")
    (four,) = read_ink(digits, only="digits")
    (other,) = read_ink(others, only="no digits")
    assert (four.label, len(four.strokes), len(other.strokes)) == ("4", 1, 2)
    assert four.strokes[0][0] == pytest.approx(FOUR[0][0], abs=0.01)  # in heights of the pad


def bring(page: Page, *files: tuple[str, str]) -> None:
    """Import files of these names with these texts."""
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files
    ]
    page.locator(".teach-file").set_input_files(payloads)


def open_gallery(page: Page) -> None:
    is_ready(page)
    page.locator(".teach-open").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_files_are_imported_or_refused_in_words(page: Page) -> None:
    open_gallery(page)
    other = LINE.replace("3", "A", 1)
    bring(page, ("mine.jsonl", f"{LINE}\n{other}\n"), ("bad.jsonl", f"{LINE}\nhello"))
    says(page, "mine.jsonl: 2 drawings came in. bad.jsonl is not imported. Line 2: no JSON;")
    assert labels(page) == ["no digit", "3"]
    bring(page, ("mine.jsonl", LINE))
    says(page, "mine.jsonl: 0 drawings came in, 1 were here.")
    assert len(labels(page)) == 2


def many(count: int) -> str:
    return "\n".join(
        json.dumps({"label": str(i % 10), "strokes": [[[i, 0], [0, i + 1]]]}) for i in range(count)
    )


def test_drawings_are_deleted_one_by_one_and_the_focus_stays_near(page: Page) -> None:
    open_gallery(page)
    bring(page, ("mine.jsonl", many(3)))
    expect(page.locator(".teach-item")).to_have_count(3)
    page.get_by_role("button", name="Delete this drawing: a 1").focus()
    page.keyboard.press("Enter")
    says(page, "Deleted.")
    assert labels(page) == ["2", "0"]
    expect(page.get_by_role("button", name="Delete this drawing: a 0")).to_be_focused()


def test_all_are_deleted_only_by_a_second_press(page: Page) -> None:
    open_gallery(page)
    bring(page, ("mine.jsonl", many(3)))
    give(page, "Delete all")
    give(page, "Delete all 3 drawings? Press again")
    says(page, "All are deleted.")
    assert labels(page) == []
    expect(page.get_by_role("button", name="Delete all")).to_be_hidden()


def test_the_question_before_deleting_all_is_taken_back_by_anything_else(page: Page) -> None:
    open_gallery(page)
    bring(page, ("mine.jsonl", many(3)))
    give(page, "Delete all")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Delete all", exact=True)).to_be_visible()
    assert len(labels(page)) == 3


def test_a_large_gallery_is_shown_in_parts(page: Page) -> None:
    open_gallery(page)
    bring(page, ("mine.jsonl", many(60)))
    expect(page.locator(".teach-item")).to_have_count(48)
    give(page, "Show more")
    expect(page.locator(".teach-item")).to_have_count(60)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    assert all(ink_in(page, ".teach-item canvas"))  # each of them is painted


BLOCKED = {
    "missing": "delete window.indexedDB; delete Window.prototype.indexedDB",
    "blocked": """Object.defineProperty(window, "indexedDB",
        { get() { throw new DOMException("no", "SecurityError"); } })""",
    "refusing": """IDBFactory.prototype.open = () => {
        throw new DOMException("no", "InvalidStateError"); }""",
}


@pytest.fixture(params=BLOCKED)
def blocked(request: pytest.FixtureRequest, page: Page) -> Page:
    page.add_init_script(BLOCKED[request.param])
    page.reload()
    return page


def test_a_browser_that_keeps_nothing_is_told_and_can_export(blocked: Page, tmp_path: Path) -> None:
    write(Mouse(blocked))
    open_teach(blocked)
    says(blocked, "This browser keeps nothing for this page")
    give(blocked, "4")
    says(blocked, "A 4. This browser keeps nothing for this page")
    assert len(read_ink(save(blocked, "Export digits", tmp_path))) == 1


def test_no_question_of_the_browser_is_asked(page: Page, mouse: Mouse) -> None:
    asked: list[Dialog] = []
    page.on("dialog", lambda dialog: asked.append(dialog))
    write(mouse)
    open_teach(page)
    give(page, "4")
    says(page, KEPT)
    assert asked == []


@pytest.mark.parametrize(("width", "size"), [(320, 16), (390, 32), (1280, 16)])
def test_the_dialog_fits_a_narrow_page_and_large_text(
    open_page: OpenPage, width: int, size: int
) -> None:
    page = open_page(**{**PHONE, "viewport": {"width": width, "height": 700}})
    page.evaluate(f"document.documentElement.style.fontSize = '{size}px'")
    write(Finger(page))
    open_teach(page)
    give(page, "No digit")
    says(page, KEPT)
    wrong = page.locator(".teach *:visible").evaluate_all(
        """parts => {
          const { left, right } = document.querySelector(".teach").getBoundingClientRect();
          return parts.filter((part) => {
            const box = part.getBoundingClientRect();
            return box.left < left || box.right > Math.min(right, innerWidth)
              || (part.tagName === "BUTTON" && Math.min(box.width, box.height) < 40);
          }).map((part) => part.outerHTML);
        }"""
    )
    assert wrong == []


def test_in_the_dark_a_drawing_is_light(open_page: OpenPage) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        write(Mouse(page))
        open_teach(page)
        assert ink_in(page, ".teach-drawing")[0] > 0
        colours.append(page.locator(".teach-drawing").evaluate("(c) => getComputedStyle(c).color"))
    assert colours[0] != colours[1]
