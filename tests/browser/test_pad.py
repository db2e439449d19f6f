"""The pad: one pointer draws at a time, ink stays, and the page does not scroll under a finger."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hand import (
    ONE,
    OVER,
    SEVEN,
    UNDER,
    Finger,
    Mouse,
    Stylus,
    draw,
    on_screen,
    trace,
)
from tests.browser.watch import asked, figure, ink, open_tab, settle, wait_for_parts

BACKING = """() => {
  const canvas = document.querySelector(".pad-ink");
  return [canvas.width / canvas.clientWidth, canvas.height / canvas.clientHeight];
}"""


def test_the_page_does_not_scroll_under_a_finger_on_the_pad(finger: Finger, phone: Page) -> None:
    draw(finger, [(0.5, 0.9), (0.5, 0.1)])
    settle(phone)
    assert phone.evaluate("scrollY") == 0
    assert len(asked(phone)[-1]["strokes"]) == 1


def test_the_page_scrolls_under_a_finger_elsewhere(finger: Finger, phone: Page) -> None:
    draw(finger, [(0.5, 1.5), (0.5, 0.5)])
    phone.wait_for_function("scrollY > 0")
    assert ink(phone) == 0


def test_a_second_finger_draws_nothing(finger: Finger, phone: Page) -> None:
    first, second = (0.3, 0.3), (0.8, 0.8)
    finger.touch("touchStart", first)
    finger.touch("touchStart", first, second)
    finger.touch("touchMove", first, (0.8, 0.2))
    finger.touch("touchMove", (0.3, 0.7), (0.8, 0.2))
    finger.touch("touchEnd")
    settle(phone)
    (stroke,) = asked(phone)[-1]["strokes"]
    assert {round(x, 1) for x, _ in stroke} == {0.3}
    assert stroke[-1] == pytest.approx((0.3, 0.7), abs=0.01)


def test_a_touch_that_the_device_cancels_leaves_no_ink(finger: Finger, phone: Page) -> None:
    draw(finger, OVER)
    settle(phone)
    before = ink(phone)
    trace(finger, UNDER)
    assert ink(phone) > before
    finger.touch("touchCancel")
    settle(phone)
    assert ink(phone) == before
    assert len(asked(phone)[-1]["strokes"]) == 1


def test_a_pen_takes_over_from_a_palm_that_rests_on_the_pad(finger: Finger, phone: Page) -> None:
    draw(finger, OVER)
    settle(phone)
    finger.down((0.9, 0.9))
    finger.move((0.9, 0.8))
    pen = Stylus(phone)
    trace(pen, ONE)
    finger.move((0.8, 0.8))
    pen.up()
    finger.up()
    settle(phone)
    line, one = asked(phone)[-1]["strokes"]
    assert line[0] == pytest.approx(OVER[0], abs=0.01)
    assert one[-1] == pytest.approx(ONE[-1], abs=0.01)
    assert max(x for x, _ in one) < 0.6


def test_a_palm_that_comes_after_the_pen_draws_nothing(finger: Finger, phone: Page) -> None:
    pen = Stylus(phone)
    trace(pen, ONE)
    finger.down((0.9, 0.9))
    finger.move((0.9, 0.8))
    pen.move((0.4, 0.9))
    finger.up()
    pen.up()
    settle(phone)
    (stroke,) = asked(phone)[-1]["strokes"]
    assert stroke[-1] == pytest.approx((0.4, 0.9), abs=0.01)


# A pointer that the browser does not know: it cannot be captured.
SEND = """([type, pointerId, [clientX, clientY], buttons, stamp]) => {
  const init = { pointerId, clientX, clientY, buttons, bubbles: true, isPrimary: true };
  const event = new PointerEvent(type, init);
  if (stamp !== null) Object.defineProperty(event, "timeStamp", { value: stamp });
  (type === "pointerup" ? document.body : document.querySelector(".pad-ink")).dispatchEvent(event);
}"""


def send(
    page: Page,
    kind: str,
    point: tuple[float, float],
    pointer: int = 77,
    stamp: float | None = None,
) -> None:
    """An event made by a script."""
    buttons = 0 if kind == "pointerup" else 1
    page.evaluate(SEND, [kind, pointer, on_screen(page, point), buttons, stamp])


def test_a_pointer_that_cannot_be_captured_draws(page: Page) -> None:
    send(page, "pointerdown", (0.2, 0.3))
    send(page, "pointermove", (0.8, 0.3))
    send(page, "pointerup", (0.8, 0.5))
    send(page, "pointermove", (0.2, 0.9))
    settle(page)
    (stroke,) = asked(page)[-1]["strokes"]
    assert stroke == [
        pytest.approx(point, abs=0.01) for point in [(0.2, 0.3), (0.8, 0.3), (0.8, 0.5)]
    ]


def test_a_pointer_that_never_ends_does_not_block_the_pad(mouse: Mouse, page: Page) -> None:
    send(page, "pointerdown", (0.2, 0.3))
    send(page, "pointerdown", (0.2, 0.3), pointer=78)
    draw(mouse, ONE)
    settle(page)
    strokes = asked(page)[-1]["strokes"]
    assert [len(stroke) for stroke in strokes[:2]] == [1, 1]
    assert strokes[2][-1] == pytest.approx(ONE[-1], abs=0.01)


def test_points_with_one_time_stamp_are_told_apart_by_their_places(page: Page) -> None:
    send(page, "pointerdown", (0.2, 0.2), stamp=100)
    for place in [(0.4, 0.2), (0.6, 0.2), (0.4, 0.2)]:  # the last was reported before
        send(page, "pointermove", place, stamp=100)
    send(page, "pointermove", (0.8, 0.2), stamp=116)
    send(page, "pointermove", (0.5, 0.5), stamp=100)  # late: older than the newest
    send(page, "pointerup", (0.8, 0.2), stamp=116)
    settle(page)
    (stroke,) = asked(page)[-1]["strokes"]
    assert [round(x, 1) for x, _ in stroke] == [0.2, 0.4, 0.6, 0.8]


def test_a_mouse_that_was_pressed_outside_draws_nothing(mouse: Mouse, page: Page) -> None:
    mouse.down((0.5, -0.05))
    mouse.move((0.5, 0.5))
    mouse.up()
    assert ink(page) == 0
    draw(mouse, ONE)
    assert ink(page) > 0


def test_the_small_pad_beside_a_tab_can_be_drawn_on(finger: Finger, phone: Page) -> None:
    open_tab(phone, "inside")
    phone.evaluate("scrollTo(0, 200)")
    phone.wait_for_function("scrollY > 0")
    scrolled = phone.evaluate("scrollY")
    draw(finger, [(0.5, 0.9), (0.5, 0.1)])
    draw(finger, [(0.1, 0.5), (0.9, 0.5)])
    settle(phone)
    assert phone.evaluate("scrollY") == scrolled
    strokes = asked(phone)[-1]["strokes"]
    assert [stroke[-1] for stroke in strokes] == [
        pytest.approx((0.5, 0.1), abs=0.02),
        pytest.approx((0.9, 0.5), abs=0.02),
    ]


@pytest.mark.parametrize("button", ["right", "middle"])
def test_only_the_left_button_draws(page: Page, button: str) -> None:
    page.mouse.move(*on_screen(page, (0.3, 0.3)))
    page.mouse.down(button=button)  # type: ignore[arg-type]
    page.mouse.move(*on_screen(page, (0.7, 0.7)))
    page.mouse.up(button=button)  # type: ignore[arg-type]
    assert ink(page) == 0


def test_a_stroke_ends_when_its_button_is_let_go_under_another(mouse: Mouse, page: Page) -> None:
    trace(mouse, [(0.3, 0.3), (0.4, 0.3)])
    # By the standard, pointerup comes when the last button is up. Chromium ends the capture too,
    # which would hide the error, so the test sends its own event.
    x, y = on_screen(page, (0.4, 0.3))
    right_button_only = {"pointerId": 1, "button": 0, "buttons": 2, "clientX": x, "clientY": y}
    page.locator(".pad-ink").dispatch_event("pointermove", right_button_only)
    ended = ink(page)
    mouse.move((0.4, 0.9))
    mouse.up()
    assert ink(page) == ended


def test_a_stroke_ends_when_the_pen_is_lifted_outside(mouse: Mouse, page: Page) -> None:
    trace(mouse, [(0.5, 0.5), (0.5, -0.2)])
    mouse.up()
    mouse.move((0.2, 0.5))
    mouse.move((0.8, 0.5))
    settle(page)
    (stroke,) = asked(page)[-1]["strokes"]
    assert stroke[-1] == pytest.approx((0.5, 0), abs=0.01)


@pytest.mark.parametrize(
    "loss",
    [
        "window.dispatchEvent(new Event('blur'))",
        "document.querySelector('.pad-ink').releasePointerCapture(1)",
    ],
    ids=["the window to another", "the capture"],
)
def test_a_stroke_ends_when_the_pen_is_lost(mouse: Mouse, page: Page, loss: str) -> None:
    trace(mouse, [(0.3, 0.3), (0.4, 0.3)])
    page.evaluate(loss)
    ended = ink(page)
    mouse.move((0.4, 0.9))
    mouse.up()
    assert ink(page) == ended
    draw(mouse, ONE)
    assert ink(page) > ended


def test_a_tap_is_a_dot(any_pen: Mouse | Finger) -> None:
    page = any_pen.page
    any_pen.down((0.5, 0.5))
    any_pen.up()
    settle(page)
    assert 0.0015 < ink(page) < 0.0025  # π/4 · 0.05², the pen being 0.05 wide
    assert [len(stroke) for stroke in asked(page)[-1]["strokes"]] == [1]


def test_ink_appears_before_the_pen_is_lifted(mouse: Mouse, page: Page) -> None:
    page.route("**/api/predict", lambda route: None)  # the pen draws without an answer
    mouse.down(ONE[0])
    amounts = [ink(page)]
    for point in ONE[1:]:
        mouse.move(point)
        amounts.append(ink(page))
    assert amounts[0] > 0
    assert amounts == sorted(set(amounts))


def test_a_movement_is_asked_about_before_the_next_frame(mouse: Mouse, page: Page) -> None:
    wait_for_parts(page)
    mouse.down((0.2, 0.2))
    settle(page)
    page.evaluate("""() => {
      watch.order = [];
      const pad = document.querySelector(".pad-ink");
      pad.addEventListener("pointerrawupdate", () => watch.order.push("raw", watch.asked.length));
      pad.addEventListener("pointermove", () => watch.order.push("frame", watch.asked.length));
    }""")
    mouse.move((0.8, 0.2))
    settle(page)
    assert page.evaluate("watch.order") == ["raw", 2, "frame", 2]
    mouse.move((0.8002, 0.2))  # this movement adds no point, so no question
    settle(page)
    assert len(asked(page)) == 2


def test_movements_are_asked_about_where_the_browser_tells_of_them_late(
    mouse: Mouse, page: Page
) -> None:
    page.evaluate(
        """addEventListener("pointerrawupdate", (event) => event.stopPropagation(),
                             { capture: true })"""
    )
    draw(mouse, SEVEN)
    settle(page)
    (stroke,) = asked(page)[-1]["strokes"]
    assert len(stroke) > len(SEVEN)
    assert figure(page) == "7"


def test_the_ink_survives_a_rotation_of_the_phone(finger: Finger, phone: Page) -> None:
    draw(finger, SEVEN)
    settle(phone)
    side, before = phone.locator(".pad-ink").bounding_box(), ink(phone)
    phone.set_viewport_size({"width": 844, "height": 390})
    settle(phone)
    assert phone.locator(".pad-ink").bounding_box() != side
    assert phone.evaluate(BACKING) == [3, 3]
    assert ink(phone) == pytest.approx(before, rel=0.05)


def test_a_stroke_goes_on_through_a_resize(mouse: Mouse, page: Page) -> None:
    trace(mouse, [(0.2, 0.2), (0.2, 0.8)])
    settle(page)
    page.set_viewport_size({"width": 1000, "height": 620})
    settle(page)
    assert page.evaluate(BACKING) == [1, 1]
    mouse.move((0.8, 0.8))
    mouse.up()
    settle(page)
    (stroke,) = asked(page)[-1]["strokes"]
    assert stroke[0] == pytest.approx((0.2, 0.2), abs=0.01)
    assert stroke[-1] == pytest.approx((0.8, 0.8), abs=0.01)


def test_the_canvas_has_a_pixel_for_each_of_the_screens(open_page: OpenPage) -> None:
    assert open_page().evaluate(BACKING) == [1, 1]
    assert open_page(**PHONE).evaluate(BACKING) == [3, 3]


def test_the_ink_becomes_sharp_again_on_another_screen(mouse: Mouse, page: Page) -> None:
    draw(mouse, SEVEN)
    before = ink(page)
    # Chromium's emulation tells the page of a new density only together with a new width.
    screen = {"width": 1281, "height": 800, "deviceScaleFactor": 2, "mobile": False}
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", screen)
    page.wait_for_function(f"() => String(({BACKING})()) === '2,2'")
    assert ink(page) == pytest.approx(before, rel=0.05)


def test_the_pad_does_not_forbid_zooming_the_page(phone: Page) -> None:
    viewport = phone.locator("meta[name=viewport]").get_attribute("content") or ""
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
    where = """() => [document.querySelector(".pad-ink"), document.body, document.documentElement]
                .map((element) => getComputedStyle(element).touchAction)"""
    assert phone.evaluate(where) == ["none", "auto", "auto"]
