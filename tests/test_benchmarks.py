"""The benchmarks: their statistics, their table, and their measurements on small examples."""

import json
import socket
from pathlib import Path

import numpy as np
import pytest

from app import create_app
from benchmarks import coarse, dearest, frames, pen_to_bars, request, run, walk
from benchmarks.common import Row, as_json, exactly, markdown, race, ratios, spread
from benchmarks.drawing import POINTS, body
from benchmarks.load import Client
from benchmarks.memory import prepared
from benchmarks.served import loaded, serving
from benchmarks.slow_line import DRAWING, slow_line
from benchmarks.weight import References, referred
from model import load
from model.evaluation import NO_GATE

ROWS = [
    Row(1, "lenet, one process", (1.5, 1.625, 1.71), "×", at_least=1.4),
    Row(3, "a drawing", (0.55, 0.6, 0.7), "ms", at_most=0.5),
    Row(4, "requests", (1200, 1234.4, 1300), "requests/s"),
    Row(6, "the page", exactly(76.9), "kB", at_most=120),
]


def test_runners_alternate_and_every_other_round_reverses_their_order() -> None:
    ran: list[str] = []
    seconds = race({"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}, rounds=3)
    assert "".join(ran) == "ab" + "ab" + "ba" + "ab"
    assert {name: len(times) for name, times in seconds.items()} == {"a": 3, "b": 3}


def test_a_ratio_is_the_median_of_the_rounds_with_its_quartiles() -> None:
    assert ratios([2, 6, 4, 100, 8], [2, 2, 2, 10, 2]) == (2, 3, 4)
    assert spread([1, 2, 3, 4, 5]) == (2, 3, 4)


def test_the_table_shows_each_goal_and_marks_the_missed_ones() -> None:
    assert markdown(ROWS).splitlines()[2:] == [
        "| 1 lenet, one process | ≥ 1.4 × | 1.62 × | 1.5 … 1.71 |",
        "| 3 a drawing | ≤ 0.5 ms | **0.6 ms** (missed) | 0.55 … 0.7 |",
        "| 4 requests | – | 1,234 requests/s | 1,200 … 1,300 |",
        "| 6 the page | ≤ 120 kB | 76.9 kB | – |",
    ]


def test_rows_written_as_json_are_read_back_unchanged() -> None:
    written = json.loads(json.dumps(as_json(ROWS)))
    assert [row["met"] for row in written] == [True, False, None, True]
    assert run.rows_from(written) == ROWS


def test_the_readme_keeps_everything_but_the_table() -> None:
    readme = run.README.read_text()
    changed = run.with_table(readme, "a new table")
    assert "a new table" in changed
    assert run.with_table(changed, "another") == run.with_table(readme, "another")
    before, rest = readme.split(run.BEGIN)
    assert changed.startswith(before)
    assert changed.endswith(rest.split(run.END)[1])


def test_every_script_of_the_run_exists() -> None:
    folder = Path(run.__file__).parent
    lacking = [name for name in run.SCRIPTS if not (folder / f"{name}.py").exists()]
    assert lacking == []


def test_the_typical_drawing_has_100_points_and_is_read_as_a_three() -> None:
    question = body()
    assert sum(map(len, json.loads(question)["strokes"])) == POINTS
    answer = (
        create_app()
        .test_client()
        .post("/api/predict", data=question, content_type="application/json")
    )
    assert (answer.json or {})["digit"] == 3


def test_every_part_of_a_request_takes_some_time() -> None:
    app = create_app()
    assert request.answer_once(app) > 0
    parts = request.step_by_step(app, load("weights/lenet.npz"), NO_GATE)
    assert [seconds > 0 for seconds in parts] == [True] * len(request.PARTS)


def test_a_drawing_changes_file_at_most_eight_times_within_the_app() -> None:
    stays = walk.walk(create_app())
    assert walk.changes(stays, "app/") <= 8  # one for what proxies tell
    # Six of them lead through the gate. Eight lead to model/ink/trace.py and back.
    assert walk.changes(walk.to_probabilities(stays)) <= 27
    functions = [name for stay in stays for name in stay.functions]
    assert {"predict", "question_from", "render", "decide", "encoded"} <= set(functions)


def test_the_memory_benchmark_prepares_the_training_of_train_py() -> None:
    training = prepared((1200, 1200, 10, 10))  # a wrong number of a digit would be refused
    assert len(training.examples) == 1100  # a twelfth is the validation part
    assert next(iter(training.batches())).epoch_means.examples == 64


@pytest.mark.parametrize("kind", ["many", "canvas"])
def test_the_dearest_requests_are_legal_and_cost_something(kind: str) -> None:
    slow, large = dearest.dearest(kind, seconds=60, examples=2)
    assert slow.seconds > 0
    assert large.memory >= slow.memory > len(slow.body)
    assert dearest.table({kind: (slow, large)}).splitlines()[-1].startswith(f"| {kind} | ")


def test_a_searched_drawing_has_its_points_strokes_and_width() -> None:
    drawing = dearest.ink("zigzag", points=10, strokes=3, size=50, height=2, noise=0, seed=0)
    assert [len(stroke) for stroke in drawing] == [4, 3, 3]
    assert drawing[0][0] == [0, 0]
    assert drawing[-1][-1] == [50, 100]


class Line:
    """Replaces a socket: it receives these pieces, one at a time."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def recv(self, _: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def test_a_client_waits_for_the_whole_answer() -> None:
    line = Line(b"HTTP/1.1 200 OK\r\nContent-", b"Length: 5\r\n\r\n12", b"345")
    client = Client(line)  # type: ignore[arg-type]
    assert [client.listen() for _ in range(3)] == [False, False, True]
    assert len(client.seconds) == 1


@pytest.mark.parametrize("received", [b"HTTP/1.1 422 X\r\nContent-Length: 0\r\n\r\n", b""])
def test_a_client_raises_an_error_for_a_refusal_and_for_a_closed_connection(
    received: bytes,
) -> None:
    client = Client(Line(received))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="the server answered"):
        client.listen()


def test_paced_clients_ask_in_turn_and_no_more_often_than_told() -> None:
    bodies = [body(points) for points in (10, 20, 30)]
    with serving(body()) as app:
        found = loaded(app.port, b"\n".join(bodies), 2, 0.5, a_second=10)
    assert 0 < found["per_second"] <= 2 * (0.5 * 10 + 1) / 0.5


def test_only_a_script_without_module_defer_or_async_blocks_the_first_paint() -> None:
    found = References(
        '<link href="/a.css"><script type="module" src="/b.js"></script>'
        '<script defer src="/c.js"></script><script src="/d.js"></script><a href="/e">e</a>'
    )
    assert found.addresses == ["/a.css", "/b.js", "/c.js", "/d.js"]
    assert found.blocking == ["/d.js"]


def test_files_that_a_style_sheet_or_a_module_refers_to_belong_to_the_page() -> None:
    assert referred("/static/css/a.css", 'src: url("../f.woff2")') == ["/static/f.woff2"]
    assert referred("/static/js/a.js", 'import { b } from "./b.js";') == ["/static/js/b.js"]
    assert referred("/static/favicon.svg", '<image href="x.png"/>') == []


def test_ink_is_made_coarser_and_keeps_its_ends() -> None:
    line = np.stack([np.linspace(0, 100, 101), np.zeros(101)], axis=1)
    (thin,) = coarse.thinned([line], spacing=0.3)
    assert thin[:, 0].tolist() == [0, 30, 60, 90, 100]
    (stairs,) = coarse.on_a_grid([line], units=4)
    assert set(stairs[:, 0]) == {0, 25, 50, 75, 100}


def test_the_statistics_of_a_frame_are_those_of_its_pictures() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 10:14] = 1  # a bar of 20 × 4
    pictures, labels = np.repeat(picture[None], 10, axis=0), np.arange(10)
    found = dict(frames.statistics(pictures, labels))
    assert found["longest side of all ink"] == "20 (100.0%)"
    assert found["centre of mass, x"] == "12.00 ± 0.00"
    assert found["centre of mass, y"] == "14.00 ± 0.00"
    assert found["mean pixel of a 7"] == "0.102 ± 0.000"
    assert found["mean of all pixels"] == "0.1020"
    assert frames.stroke_width(picture) == pytest.approx(2 * 80 / 48, rel=0.1)


@pytest.mark.parametrize("late", [0.0, 1.0])
def test_the_slow_line_carries_all_bytes_of_both_directions_in_order(late: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        sent = DRAWING + bytes(range(256)) * 500
        with (
            slow_line(server.getsockname()[1], 20, late) as near,
            socket.create_connection(("127.0.0.1", near), timeout=60) as client,
        ):
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            there, _ = server.accept()
            with there:
                found = b"".join(iter(lambda: there.recv(65_536), b""))
                there.sendall(found)
            assert b"".join(iter(lambda: client.recv(65_536), b"")) == found == sent


def test_a_line_has_goals_that_grow_with_its_round_trip() -> None:
    found = pen_to_bars.Found([float(i) for i in range(100)], 30.0, 45.0, 700.0, 80.0)
    rows = pen_to_bars.rows_of(100, found)
    assert [(row.at_least, row.at_most) for row in rows] == [
        *[(None, 140), (None, 190), (25, None), (None, None)],
    ]
    assert pen_to_bars.rows_of(0, found)[-1].at_most == 60
