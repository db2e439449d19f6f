"""Question 4: requests a second of the served app, with one client and with eight."""

from benchmarks.common import Row, command, ratios, spread
from benchmarks.drawing import body
from benchmarks.served import alternate, serving

CLIENTS = (1, 8)


def measure(quick: bool) -> list[Row]:
    rounds, seconds = (3, 0.5) if quick else (9, 2)
    question = body()
    with serving(question) as app:
        return [
            row
            for clients in CLIENTS
            for row in _rows(clients, *alternate([app], question, clients, rounds, seconds))
        ]


def _rows(clients: int, rounds: list[dict[str, float]]) -> list[Row]:
    of = {name: [one[name] for one in rounds] for name in rounds[0]}
    what = f"{clients} client{'s' if clients > 1 else ''}, one worker"
    return [
        Row(4, what, spread(of["per_second"]), "requests/s"),
        Row(4, f"{what}, median of an answer", spread(of["p50"]), "ms"),
        Row(4, f"{what}, 99th percentile", spread(of["p99"]), "ms"),
        Row(4, f"{what}, the clients are at work", spread(of["busy"]), "of the time"),
        Row(4, f"{what}, 99th percentile over median", ratios(of["p99"], of["p50"]), "×", None, 3),
    ]


if __name__ == "__main__":
    command(measure)
