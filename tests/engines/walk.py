"""A walk over the page, the same in each engine: draw, undo, number, tabs, sizes, a server away."""

from collections.abc import Iterator

import pytest

from tests.browser.hand import ONE, SEVEN
from tests.browser.numbers import NUMBER
from tests.browser.server import Server
from tests.engines.engine import Engine, click, draw, press, text, wait

FIGURE, SENTENCE = text(".reading-figure"), text(".reading-sentence")
INK = """(() => { const { width, height } = document.querySelector(".pad-ink");
  const copy = new OffscreenCanvas(width, height).getContext("2d");
  copy.drawImage(document.querySelector(".pad-ink"), 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  return data.filter((alpha, i) => i % 4 === 3 && alpha > 127).length / (width * height); })()"""
TOO_WIDE = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.documentElement)"
# Tab of the lens → what is true once it shows the drawing, a seven.
TABS = {
    "steps": f"{INK.replace('.pad-ink', '#panel-steps [data-step=picture] canvas')} > 0",
    "inside": f"{INK.replace('.pad-ink', '#panel-inside [data-layer=c1] canvas')} > 0",
    "why": f"{text('.why-title')}.startsWith('Why 7 and not')",
    "compare": f"{text('[data-network=lenet] .network-figure')} === '7'",
    "training": "document.querySelector('#panel-training').innerText.trim() !== ''",
}


class Walk:
    """The tests; each engine's file has a subclass and its `engine`."""

    @pytest.fixture
    def page(self, engine: Engine, server: Server) -> Iterator[Engine]:
        """The page, just opened in a window of a desktop; its scripts must not complain."""
        engine.resize(1280, 800)
        engine.open(server.url)
        wait(engine, "document.querySelector('#panel-answer').ariaBusy", "false")  # all is loaded
        yield engine
        assert [one for one in engine.complaints() if "api/predict" not in one] == []

    @pytest.mark.parametrize("pen", ["mouse", "touch", "pen"])
    def test_a_digit_is_drawn_and_read(self, page: Engine, pen: str) -> None:
        if pen not in page.pens:
            pytest.skip(f"the driver of this engine has no {pen}")
        draw(page, [SEVEN], pen)
        wait(page, FIGURE, "7")
        assert "A 7, " in page.run(SENTENCE)
        assert page.run("scrollY") == 0

    def test_undo_redo_and_clear_work_by_keys_and_buttons(self, page: Engine) -> None:
        draw(page, [ONE])
        wait(page, FIGURE, "1")
        press(page, "Backspace")
        wait(page, FIGURE, "")
        press(page, "Control", "y")
        wait(page, FIGURE, "1")
        click(page, "[data-command=clear]")
        wait(page, f"{FIGURE} + {INK}", "0")
        click(page, "[data-command=undo]")
        wait(page, FIGURE, "1")
        press(page, "Escape")
        wait(page, f"{FIGURE} + {INK}", "0")

    def test_a_whole_number_is_read(self, page: Engine) -> None:
        click(page, ".mode label:has([value=many])")
        draw(page, NUMBER)
        wait(page, FIGURE, "1737")
        click(page, ".mode label:has([value=one])")
        wait(page, FIGURE, "")

    @pytest.mark.parametrize("tab", TABS)
    def test_each_tab_shows_the_drawing(self, page: Engine, tab: str) -> None:
        click(page, f"#tab-{tab}")
        draw(page, [SEVEN])
        wait(page, TABS[tab])
        assert page.run(TOO_WIDE) == 0

    def test_the_ink_stays_and_nothing_is_cut_off_in_other_windows(self, page: Engine) -> None:
        draw(page, [SEVEN])
        wait(page, FIGURE, "7")
        before = page.run(INK)
        for width in (700, 500):
            page.resize(width, 800)
            wait(page, TOO_WIDE, 0)
            wait(page, f"Math.abs({INK} - {before}) < {before / 10}")
        draw(page, [[(0.3, 0.55), (0.75, 0.55)]])
        wait(page, f"{INK} > {1.1 * before}")

    def test_the_drawing_is_kept_while_the_server_is_away(
        self, page: Engine, server: Server
    ) -> None:
        server.stop()
        try:
            draw(page, [SEVEN])
            wait(page, f"{SENTENCE}.startsWith('The network cannot be reached')")
        finally:
            server.start()
        wait(page, FIGURE, "7")
        engine_said = [one for one in page.complaints() if "api/predict" not in one]
        assert engine_said == []

    def test_both_columns_of_the_text_begin_at_the_same_height(self, page: Engine) -> None:
        tops = page.run(
            """[...document.querySelectorAll(".columns > *")]
                 .flatMap((element) => [...element.getClientRects()])
                 .reduce((tops, { left, top }) => {
                   tops[Math.round(left)] = Math.min(tops[Math.round(left)] ?? Infinity, top);
                   return tops; }, {})"""
        )
        assert len(tops) == 2
        assert max(tops.values()) - min(tops.values()) < 4, tops

    def test_the_page_of_the_networks_marks_what_is_different(
        self, page: Engine, server: Server
    ) -> None:
        page.open(f"{server.url}models#lenet-tanh")
        assert page.run("document.querySelector('[id=lenet-tanh]').open")
        assert page.run(TOO_WIDE) == 0
        lines = page.run(
            """[...document.querySelectorAll(".is-lowest")].map((cell) =>
                 getComputedStyle(cell).textDecorationLine)"""
        )
        assert set(lines) == {"underline"}
