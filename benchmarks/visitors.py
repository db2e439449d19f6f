"""Question 4: how long an answer takes while 1, 4, 16 and 64 visitors draw at once.

Each visitor's pen moves all the time, a digit a second, and asks as the page does on a line without
delay (static/js/net/line.js): once a frame, with the ink so far, after the answer before. More
visitors than the workers can answer so often are answered less often.
"""

from itertools import product

from benchmarks.common import Row, command, spread
from benchmarks.drawing import POINTS, body
from benchmarks.served import loaded, serving

FRAMES = 60  # a second, and of a digit
VISITORS = (1, 4, 16, 64)
WORKERS = (1, 2)


def measure(quick: bool) -> list[Row]:
    rounds, seconds = (1, 1.0) if quick else (3, 2.0)
    bodies = b"\n".join(body(2 + POINTS * frame // FRAMES) for frame in range(FRAMES))
    with serving(body()) as one, serving(body(), workers=2) as two:
        ports = dict(zip(WORKERS, (one.port, two.port), strict=True))
        found = {
            (workers, visitors): [
                loaded(ports[workers], bodies, visitors, seconds, FRAMES) for _ in range(rounds)
            ]
            for visitors, workers in product(VISITORS, WORKERS)
        }
    return [row for case in product(WORKERS, VISITORS) for row in rows(*case, found[case])]


def rows(workers: int, visitors: int, rounds: list[dict[str, float]]) -> list[Row]:
    """The rows of so many visitors at so many workers."""
    what = f"{visitors} drawing at once, {workers} worker{'s' if workers > 1 else ''}"
    each = [one["per_second"] / visitors for one in rounds]
    return [
        Row(4, f"{what}, answers to each", spread(each), "a second"),
        Row(4, f"{what}, median of an answer", spread([one["p50"] for one in rounds]), "ms"),
        Row(4, f"{what}, 99th percentile", spread([one["p99"] for one in rounds]), "ms"),
    ]


if __name__ == "__main__":
    command(measure)
