"""Drawing by keys and by taps: for those who have no mouse, and for those who cannot drag."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import OVER, Finger, Mouse, Point, draw, on_screen, trace
from tests.browser.watch import asked, figure, ink, settle, wait_for_parts

TAPS = "Draw by taps"
HELP = "Keys, and drawing by taps"


@pytest.fixture
def ready(page: Page) -> Page:
    """The page on a desktop, with all its parts."""
    wait_for_parts(page)
    return page


def press(page: Page, *keys: str) -> None:
    """Keys one after the other; "ArrowDown*9" is one of them nine times."""
    for key in keys:
        name, _, count = key.partition("*")
        for _ in range(int(count or 1)):
            page.keyboard.press(name)


def strokes(page: Page) -> list[list[tuple[float, float]]]:
    """The strokes of the newest question."""
    settle(page)
    return [[(x, y) for x, y in stroke] for stroke in asked(page)[-1]["strokes"]]


def test_a_digit_is_drawn_with_the_keyboard_alone(ready: Page) -> None:
    for _ in range(4):  # the mode comes first
        press(ready, "Tab")
        if ready.evaluate("document.activeElement.matches('.pad-ink')"):
            break
    expect(ready.locator(".pad-ink")).to_be_focused()
    press(ready, "ArrowLeft*7", "ArrowUp*9", " ", "ArrowRight*13", " ")
    press(ready, " ", *["ArrowDown*2", "ArrowLeft"] * 9, " ")
    settle(ready)
    assert figure(ready) == "7"
    assert ready.evaluate("scrollY") == 0
    press(ready, "Tab")
    expect(ready.get_by_role("button", name="Undo")).to_be_focused()


def test_arrows_move_by_squares_and_finely_with_shift(ready: Page) -> None:
    ready.locator(".pad-ink").focus()
    press(ready, " ", "ArrowRight*2", "Shift+ArrowDown*2", " ")
    (stroke,) = strokes(ready)
    assert stroke[0] == pytest.approx((0.5, 0.5))
    assert stroke[2] == pytest.approx((0.5 + 2 / 28, 0.5), abs=1e-3)
    assert stroke[-1] == pytest.approx((0.5 + 2 / 28, 0.5 + 2 / 112), abs=1e-3)


def test_two_arrows_at_a_time_move_the_pen_aslant(ready: Page) -> None:
    ready.locator(".pad-ink").focus()
    press(ready, " ")
    ready.keyboard.down("ArrowRight")
    ready.keyboard.down("ArrowDown")
    ready.keyboard.up("ArrowRight")
    press(ready, "ArrowDown", " ")
    (stroke,) = strokes(ready)
    steps = [(round((x - 0.5) * 28), round((y - 0.5) * 28)) for x, y in stroke]
    assert steps == [(0, 0), (1, 0), (2, 1), (2, 2)]


def test_the_pen_stays_on_the_pad(ready: Page) -> None:
    ready.locator(".pad-ink").focus()
    press(ready, "ArrowLeft*16", " ", "ArrowUp*2", " ")
    (stroke,) = strokes(ready)
    assert {x for x, _ in stroke} == {0}


def test_the_crosshair_shows_where_the_pen_is_and_whether_it_is_down(ready: Page) -> None:
    cursor = ready.locator(".pad-cursor")
    expect(cursor).to_be_hidden()
    ready.locator(".pad-ink").focus()
    press(ready, "ArrowUp*7")
    expect(cursor).to_have_attribute("data-pen", "up")
    box = cursor.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert middle == pytest.approx(on_screen(ready, (0.5, 0.25)), abs=1)
    press(ready, " ")
    expect(cursor).to_have_attribute("data-pen", "down")
    press(ready, "Tab")
    expect(cursor).to_be_hidden()


def test_a_screen_reader_hears_where_the_pen_stops(ready: Page) -> None:
    ready.evaluate("""() => {
      window.said = [];
      const voice = document.querySelector(".pad-voice");
      new MutationObserver(() => said.push(voice.textContent))
        .observe(voice, { childList: true, characterData: true, subtree: true });
    }""")
    ready.locator(".pad-ink").focus()
    press(ready, "ArrowUp*4")
    expect(ready.locator(".pad-voice")).to_have_text("Pen up, column 14, row 10.")
    press(ready, " ")
    expect(ready.locator(".pad-voice")).to_have_text("Pen down, column 14, row 10.")
    assert len(ready.evaluate("said")) <= 5
    assert ready.locator(".pad-voice").get_attribute("role") == "status"


def test_undo_takes_back_a_step_while_the_pen_is_down_and_then_a_stroke(ready: Page) -> None:
    ready.locator(".pad-ink").focus()
    press(ready, " ", "ArrowRight*5", "Backspace*2")
    assert len(strokes(ready)[0]) == 4
    press(ready, "ArrowDown", " ")
    assert strokes(ready)[0][-1] == pytest.approx((0.5 + 3 / 28, 0.5 + 1 / 28), abs=1e-3)
    press(ready, "Backspace")
    assert ink(ready) == 0


def test_a_line_ends_when_the_focus_leaves_or_a_mouse_draws(ready: Page, mouse: Mouse) -> None:
    pad = ready.locator(".pad-ink")
    pad.focus()
    press(ready, " ", "ArrowRight*3", "Tab")
    assert len(strokes(ready)) == 1
    expect(ready.locator("body.is-drawing")).to_have_count(0)
    press(ready, "Shift+Tab", " ", "ArrowDown*3")
    draw(mouse, OVER)
    assert len(strokes(ready)) == 3
    press(ready, "ArrowDown", " ")  # the mouse has the pen now, so these scroll the page
    assert len(strokes(ready)) == 3


def test_the_pad_says_what_it_is_and_how_it_is_used(ready: Page) -> None:
    pad = ready.get_by_role("application", name="Pad to draw a digit on")
    expect(pad).to_have_accessible_description(
        "Arrow keys move the pen. Space puts it down or up. The question mark lists all keys."
    )
    ready.locator("input[value=many]").check()
    expect(ready.get_by_role("application", name="Pad to write a number on")).to_be_visible()


def test_a_question_mark_lists_the_keys_and_escape_keeps_the_drawing(
    ready: Page, mouse: Mouse
) -> None:
    draw(mouse, OVER)
    before = ink(ready)
    press(ready, "?")
    dialog = ready.get_by_role("dialog", name="Other ways to draw")
    expect(dialog).to_be_visible()
    for key in ("Space", "Backspace", "Delete", "Esc", "Tab", "Shift", "?"):
        expect(dialog.locator("kbd", has_text=key).first).to_be_visible()
    press(ready, "5", "Backspace", "Escape")
    expect(dialog).to_be_hidden()
    settle(ready)
    assert ink(ready) == before
    ready.get_by_role("button", name=HELP).click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(ready.get_by_role("button", name=HELP)).to_be_focused()


def test_single_keys_can_be_switched_off_and_stay_off(ready: Page) -> None:
    press(ready, "?")
    ready.get_by_role("checkbox", name="Single keys").uncheck()
    press(ready, "Escape", "?", "7")
    expect(ready.get_by_role("dialog")).to_be_hidden()
    ready.reload()
    wait_for_parts(ready)
    press(ready, "7")
    ready.wait_for_timeout(300)
    settle(ready)
    assert ink(ready) == 0


# By taps ----------------------------------------------------------------------------------------


def tap(finger: Finger, *points: Point) -> None:
    """Short touches, one after the other."""
    for point in points:
        finger.down(point)
        finger.up()


@pytest.fixture
def tapped(finger: Finger, phone: Page) -> Finger:
    """A finger on a phone whose page is drawn on by taps."""
    wait_for_parts(phone)
    phone.get_by_role("button", name=HELP).click()
    phone.get_by_role("checkbox", name=TAPS).check()
    phone.get_by_role("button", name="Close").click()
    return finger


def test_taps_set_points_and_the_last_point_again_ends_the_line(
    tapped: Finger, phone: Page
) -> None:
    tap(tapped, (0.25, 0.2), (0.75, 0.2), (0.45, 0.9))
    settle(phone)
    assert phone.evaluate("document.body.classList.contains('is-drawing')")
    tap(tapped, (0.46, 0.89))
    (stroke,) = strokes(phone)
    assert stroke == [
        pytest.approx(point, abs=0.01) for point in [(0.25, 0.2), (0.75, 0.2), (0.45, 0.9)]
    ]
    assert figure(phone) == "7"
    tap(tapped, (0.3, 0.5), (0.7, 0.5))
    phone.get_by_role("button", name="Lift pen").click()
    assert len(strokes(phone)) == 2
    assert not phone.evaluate("document.body.classList.contains('is-drawing')")


def test_a_tap_that_slips_sets_its_point_where_it_ends_and_none_beside_the_pad(
    tapped: Finger, phone: Page
) -> None:
    trace(tapped, [(0.2, 0.2), (0.4, 0.3)])
    tapped.up()
    trace(tapped, [(0.5, 0.9), (0.5, -0.2)])  # out of the pad: a way not to tap
    tapped.up()
    assert strokes(phone) == [[pytest.approx((0.4, 0.3), abs=0.01)]]


def test_undo_takes_back_the_last_tap(tapped: Finger, phone: Page) -> None:
    tap(tapped, (0.2, 0.2), (0.8, 0.2), (0.8, 0.8))
    phone.get_by_role("button", name="Undo").click()
    assert len(strokes(phone)[0]) == 2
    phone.get_by_role("button", name="Undo").click()
    phone.get_by_role("button", name="Undo").click()
    settle(phone)
    assert ink(phone) == 0


def test_drawing_by_taps_stays_chosen_and_can_be_left(open_page: OpenPage, tapped: Finger) -> None:
    phone = tapped.page
    phone.reload()
    wait_for_parts(phone)
    expect(phone.get_by_role("button", name="Lift pen")).to_be_visible()
    phone.get_by_role("button", name=HELP).click()
    phone.get_by_role("checkbox", name=TAPS).uncheck()
    phone.get_by_role("button", name="Close").click()
    expect(phone.get_by_role("button", name="Lift pen")).to_be_hidden()
    draw(tapped, OVER)
    assert len(strokes(phone)[0]) > 2
