"""Question 4: requests a second of the served app, against a Flask view that does nothing.

Both answer the same POST with as many bytes, from one gunicorn worker each, in turns. The view is
served twice: by gunicorn's own worker with as many threads, as one would serve it, and by ours
(app/worker.py), which spares a view that does nothing more than half of its time.
"""

from benchmarks.common import Row, command, ratios, spread
from benchmarks.drawing import body
from benchmarks.served import OURS, ask, in_turns, serving

CLIENTS = 8


def measure(quick: bool) -> list[Row]:
    rounds, seconds = (3, 0.5) if quick else (9, 2)
    question = body()
    with serving(OURS, question) as app:
        length = len(ask(app.port, question) or b"")
        view = f"benchmarks.constant:create_app({length})"
        with (
            serving(view, question, kind="gthread") as constant,
            serving(view, question) as alike,
        ):
            return _rows(*in_turns([app, constant, alike], question, CLIENTS, rounds, seconds))


def _rows(
    ours: list[dict[str, float]], peer: list[dict[str, float]], same: list[dict[str, float]]
) -> list[Row]:
    of = {name: [one[name] for one in ours] for name in ours[0]}
    constant, alike = ([one["per_second"] for one in view] for view in (peer, same))
    busy = [one["busy"] for one in same]
    share, of_alike = ratios(of["per_second"], constant), ratios(of["per_second"], alike)
    tail = ratios(of["p99"], of["p50"])
    what = f"{CLIENTS} clients, one worker"
    return [
        Row(4, f"{what}, share of a constant view's requests a second", share, "×", at_least=0.5),
        Row(4, f"{what}, share of those with our worker for both", of_alike, "×", at_least=0.5),
        Row(4, f"{what}, 99th percentile over median", tail, "×", at_most=3),
        Row(4, f"{what}", spread(of["per_second"]), "requests/s"),
        Row(4, f"{what}, a constant view", spread(constant), "requests/s"),
        Row(4, f"{what}, a constant view, our worker", spread(alike), "requests/s"),
        Row(4, f"{what}, median of an answer", spread(of["p50"]), "ms"),
        Row(4, f"{what}, 99th percentile", spread(of["p99"]), "ms"),
        Row(4, "at that view, the clients are at work", spread(busy), "of the time"),
    ]


if __name__ == "__main__":
    command(measure)
