"""Play with the page's reader: on a clock of our own, and against a server of our own, both within
the page, so that a second of drawing takes no time and every answer comes when a test wants it."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.watch import wait_for_parts

PERIOD = 8  # milliseconds from one movement of the pen to the next

# Every question has the number of its movement, and its answer too. `sent`: what the server got;
# `shown`: the answers that the reader gave, with their time.
PLAY = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const { createReader } = await import(new URL("net/reader.js", main));

  let [now, timers, lastId] = [1_000, [], 0];
  const play = { early: 0, drift: 0 }; // milliseconds: how early timers end; that a look takes
  performance.now = () => (now += play.drift);
  window.setTimeout = (call, wait = 0) => {
    timers.push({ id: ++lastId, at: now + wait - Math.min(wait, play.early), call });
    return lastId;
  };
  window.clearTimeout = (id) => { timers = timers.filter((timer) => timer.id !== id); };
  window.requestAnimationFrame = (call) => setTimeout(call, 16 - (now % 16));
  const settle = async () => { for (let i = 0; i < 30; i += 1) await null; };
  const run = async (milliseconds) => {
    const end = now + milliseconds;
    for (;;) {
      await settle();
      const [next] = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      now = Math.max(now, next.at);
      clearTimeout(next.id);
      next.call();
    }
    now = end;
  };

  Object.assign(play, { sent: [], shown: [], troubles: [], most: 0, number: 0, run });
  play.server = () => 0;
  window.play = play;
  play.open = () => play.sent.filter(({ state }) => state === "open");
  window.fetch = (url, { body, signal }) => new Promise((resolve, reject) => {
    const own = { ...JSON.parse(body ?? "{}"), at: now, index: play.sent.length, state: "open" };
    const end = (state, done) => { if (own.state === "open") done(own.state = state); };
    own.reply = (status = 200, headers = {}) => end("answered", () => resolve({
      ok: status === 200, status, headers: new Headers(headers), json: async () => own,
    }));
    own.lose = () => end("lost", () => reject(new TypeError("the line broke")));
    signal.addEventListener("abort", () => end("aborted", () => reject(new Error("aborted"))));
    play.sent.push(own);
    play.most = Math.max(play.most, play.open().length);
    const wait = play.server(own); // milliseconds, or it answers by itself
    if (wait !== undefined) setTimeout(own.reply, wait);
  });
  play.reader = createReader({
    answered: ({ number, name }) => play.shown.push({ number, name, at: now }),
    refused: () => {},
    trouble: (found) => play.troubles.push(found),
  });
  play.ask = (others = [], isUrgent = true, sheet = 0) => {
    play.number += 1;
    const { number } = play;
    const question = (name) => ({ body: { number, name }, subject: `${name} ${sheet}` });
    play.reader.ask(question("pen"), others.map(question), isUrgent);
  };
  play.draw = async (milliseconds, others = [], sheet = 0) => {
    const end = now + milliseconds;
    for (; now < end; await run(PERIOD)) play.ask([...others], true, sheet);
  };
}""".replace("PERIOD", str(PERIOD))


class Play:
    """A page in which only the reader of a test asks.

    Commands are JavaScript, in which `play` is what PLAY makes.
    """

    def __init__(self, page: Page) -> None:
        wait_for_parts(page)
        page.evaluate(PLAY)
        self._page = page

    def __call__(self, command: str) -> Any:
        """Run a command; its value, if it is an expression."""
        return self._page.evaluate(f"async () => {{ {command} }}")

    def get(self, expression: str) -> Any:
        return self._page.evaluate(f"() => {expression}")

    def server(self, answers: str) -> None:
        """How the server answers from now on: a function of a question, see PLAY."""
        self._page.evaluate(f"() => {{ play.server = {answers}; }}")

    def draw(self, milliseconds: int, others: tuple[str, ...] = ()) -> None:
        """Move the pen for so long."""
        self._page.evaluate("(all) => play.draw(...all)", [milliseconds, list(others)])

    def wait(self, milliseconds: int) -> None:
        self._page.evaluate("(time) => play.run(time)", milliseconds)

    def shown(self) -> list[int]:
        """The numbers of the answers of the pen's network that were shown, in order."""
        found: list[int] = self.get(
            "play.shown.filter((own) => own.name === 'pen').map((own) => own.number)"
        )
        return found

    def longest_gap(self) -> float:
        """Milliseconds: the longest time from one shown answer to the next."""
        gap: float = self.get(
            "Math.max(...play.shown.slice(1).map((own, i) => own.at - play.shown[i].at))"
        )
        return gap
