"""Several questions on their way: how many, whose answers count, and when there are fewer."""

import pytest
from playwright.sync_api import Page

from tests.browser.reader import Play

MOST, CONNECTIONS = 4, 6
OTHERS = ("one", "two", "three", "four")


@pytest.fixture
def play(page: Page) -> Play:
    return Play(page)


@pytest.mark.parametrize(
    ("trip", "least"),
    [(5, 55), (20, 50), (50, 45), (100, 30), (200, 17), (400, 9)],  # milliseconds; answers a second
)
def test_a_line_is_used_as_it_needs(play: Play, trip: int, least: int) -> None:
    play.server(f"() => {trip}")
    play.draw(3_000)
    play("play.shown = []; play.sent = []; play.most = 0")
    play.draw(3_000)
    assert len(play.shown()) >= 3 * least
    assert play.get("play.sent.length") <= 3 * 60 + 1
    assert play.get("play.most") <= MOST
    gaps = play.get("play.sent.slice(1).map(({ at }, i) => at - play.sent[i].at)")
    assert min(gaps) >= 16
    assert max(gaps) <= 2 * (sum(gaps) / len(gaps))  # evenly spread


def test_a_fast_line_has_one_question_on_its_way(play: Play) -> None:
    play.server("() => 5")
    play.draw(2_000)
    assert play.get("play.most") == 1


def test_answers_out_of_order_never_replace_newer_ones(play: Play) -> None:
    play.server("({ index }) => [100, 230, 60, 150, 80][index % 5]")
    play.draw(5_000)
    play.wait(1_000)
    shown = play.shown()
    assert shown == sorted(shown)
    assert len(shown) > 30
    assert play.get("play.open().length") == 0
    assert shown[-1] == play.get("play.number")


def test_with_one_answer_in_twenty_a_second_late_the_bars_keep_moving(play: Play) -> None:
    play.server("({ index }) => 100 + (index % 20 === 7 ? 1_000 : 0)")
    play.draw(10_000)
    assert play.longest_gap() <= 250
    assert len(play.shown()) >= 10 * 25
    assert play.get("play.most") <= CONNECTIONS
    assert play.get("play.troubles") == []


def test_lost_questions_are_not_waited_for_and_their_connections_come_back(play: Play) -> None:
    play.server("({ index }) => (index % 10 === 7 ? undefined : 100)")
    play.draw(10_000)
    assert play.longest_gap() <= 250
    assert play.get("play.most") <= CONNECTIONS
    assert play.get("play.sent.filter(({ state }) => state === 'aborted').length") > 0
    assert play.get("play.troubles") == []


def test_the_last_question_is_asked_again_where_it_was_lost(play: Play) -> None:
    play.server("() => 100")
    play.draw(1_000)
    play.server("({ number }) => undefined")
    play("play.ask(); play.reader.penUp(); await play.run(300)")
    last = play.get("play.number")
    play.server("() => 100")
    play.wait(12_000)
    assert play.shown()[-1] == last


def test_a_broken_connection_is_no_trouble_if_a_newer_question_was_answered(play: Play) -> None:
    play.server("() => 100")
    play.draw(1_000)
    play.server("({ index }) => undefined")
    play.draw(200)
    play("const open = play.open(); open[1].reply(); await play.run(1); open[0].lose();")
    play.wait(1)
    assert play.get("play.troubles") == []
    play.server("() => 100")
    play("await play.run(100); play.open().forEach((own) => own.reply())")
    before = len(play.shown())
    play.draw(2_000)
    assert len(play.shown()) > before + 40


@pytest.mark.parametrize(("status", "wait"), [(429, "1"), (503, "1"), (503, "0"), (0, "0")])
def test_after_trouble_there_is_one_and_slowly_more_again(
    play: Play, status: int, wait: str
) -> None:
    play.server("() => 100")
    play.draw(2_000)
    assert play.get("play.open().length") >= MOST - 1
    trouble = f"own.reply({status}, {{ 'Retry-After': '{wait}' }})" if status else "own.lose()"
    play.server("() => undefined")
    play(f"play.open().forEach((own) => {trouble}); await play.run(20)")
    assert play.get("play.troubles") == ["busy" if wait == "1" else "away"]
    assert play.get("play.open().length") == 0
    play("play.most = 0")
    play.server("() => 100")
    play.draw(1_000)
    assert play.get("play.most") == 1
    play.draw(6_000)
    assert play.get("play.most") == MOST
    play("play.ask([], false); await play.run(3_000)")
    assert play.get("play.troubles.at(-1)") is None


@pytest.mark.parametrize("early", [0.1, 0.2, 0.3, 0.4, 0.5])
def test_a_server_that_is_busy_never_counts_as_away_where_timers_end_early(
    play: Play, early: float
) -> None:
    play(f"play.early = {early}; play.drift = 0.15")
    play.server("(own) => setTimeout(() => own.reply(429, { 'Retry-After': '1' }), 5) && undefined")
    play.draw(5_000)
    assert set(play.get("play.troubles")) == {"busy"}
    assert 4 <= play.get("play.sent.length") <= 6


def test_a_server_that_grows_slow_is_asked_less(play: Play) -> None:
    play.server("() => 100")
    play.draw(2_000)
    play.server("() => 100 * (1 + play.open().length)")  # one at a time, of all its visitors
    play.draw(3_000)
    play("play.most = 0")
    play.draw(1_000)
    assert play.get("play.most") < MOST
    play.server("() => 100")
    play.draw(3_000)
    assert play.get("play.most") == MOST


@pytest.mark.parametrize("trip", [5, 100, 200])
def test_other_networks_share_the_places_and_the_pen_keeps_most_of_them(
    play: Play, trip: int
) -> None:
    play.server(f"() => {trip}")
    play.draw(2_000)
    play("play.shown = []; play.sent = []; play.most = 0")
    play.draw(2_000)
    alone = len(play.shown())
    play("play.shown = []; play.sent = []; play.most = 0")
    play.draw(2_000, OTHERS)
    assert play.get("play.most") <= MOST
    assert play.get("play.sent.length") <= 2 * 60 + 1
    others = play.get("play.shown.length") - len(play.shown())
    assert others >= 8
    assert len(play.shown()) >= 0.6 * alone
    assert len(play.shown()) >= 2 * others


def test_when_the_pen_is_up_the_others_use_all_connections_and_no_more(play: Play) -> None:
    play.server("() => 400")
    play.draw(3_000, OTHERS)
    play("play.most = 0; play.shown = []; play.reader.penUp(); await play.run(1)")
    assert play.get("play.open().length") == CONNECTIONS
    play.wait(900)
    assert play.get("play.most") == CONNECTIONS
    newest = {
        own["name"] for own in play.get("play.shown") if own["number"] == play.get("play.number")
    }
    assert newest == {"pen", *OTHERS}


def test_a_pen_that_is_lifted_early_gets_its_last_answer(play: Play) -> None:
    play.server("({ index }) => (index % 3 ? 100 : 300)")
    play.draw(1_000)
    play("play.reader.penUp()")
    play.wait(1_000)
    assert play.shown()[-1] == play.get("play.number")
    assert play.get("play.open().length") == 0


@pytest.mark.parametrize(
    "command", ["play.reader.forget(); play.ask([], true, 1)", "play.ask([], true, 1)"]
)
@pytest.mark.parametrize("wait", ["200", "(index % 2 ? 150 : 250)"])
def test_answers_about_a_forgotten_drawing_are_never_shown_nor_waited_for(
    play: Play, command: str, wait: str
) -> None:
    play.server(f"({{ index }}) => {wait}")
    play.draw(2_000)
    assert play.get("play.open().length") >= MOST - 1
    play("play.shown = []; play.old = play.number")
    play(f"{command}; await play.run(60)")  # while the old ones are on their way
    assert play.get("play.sent.at(-1).number") > play.get("play.old")
    play(f"play.number += 1_000; await play.draw(1_000, [], 1); {command}")
    assert play.get("play.most") <= CONNECTIONS
    play.wait(1_000)
    assert all(number > play.get("play.old") for number in play.shown())
    assert len(play.shown()) > 5


def test_a_forgotten_question_keeps_its_connection_unless_another_needs_it(play: Play) -> None:
    play.server("() => undefined")
    for sheet in range(CONNECTIONS):
        play(f"play.ask([], true, {sheet}); await play.run(100)")
    assert play.get("play.open().length") == CONNECTIONS
    play(f"play.ask([], true, {CONNECTIONS}); await play.run(100)")
    assert play.get("play.sent[0].state") == "aborted"
    assert play.get("play.most") == CONNECTIONS


def test_a_page_that_is_hidden_shows_what_comes_and_asks_on_when_it_is_seen(play: Play) -> None:
    play.server("() => 100")
    play.draw(1_000)
    play(
        "play.frame = requestAnimationFrame; play.late = [];"
        "window.requestAnimationFrame = (call) => play.late.push(call)"
    )
    play("play.ask([], false); await play.run(1_000)")
    assert play.get("play.open().length") == 0
    assert play.shown()[-1] < play.get("play.number")
    play("window.requestAnimationFrame = play.frame; play.late.forEach((call) => call())")
    play.wait(200)
    assert play.shown()[-1] == play.get("play.number")
