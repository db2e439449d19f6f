"""The diagram and the table of docs/architecture.md have the imports of the program."""

import re

from tests.pages import ROOT, TEXTS, rows
from tests.test_architecture import ARROWS, modules_of, room_of


def drawn_arrows(arrows: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows without those that follow from others."""
    below = reachable(arrows)
    return {
        (room, other)
        for room, others in arrows.items()
        for other in others
        if not any(other in below[between] for between in others)
    }


def reachable(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """The rooms that each room imports, directly or through others; imported rooms come first."""
    below: dict[str, set[str]] = {}
    for room, others in arrows.items():
        below[room] = others.union(*(below[other] for other in others))
    return below


def node(room: str) -> str:
    """A room's name in the diagram; `__init__` has another one."""
    return room.replace("__init__", "face")


def test_the_diagram_shows_the_arrows() -> None:
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", TEXTS["docs/architecture.md"], re.DOTALL)
    shown = set(re.findall(r"^ *(\w+) --> (\w+)$", diagram, re.MULTILINE))
    outside = {"app": ROOT.glob("app/**/*.py"), "train": ROOT.glob("train.py")}
    arrows = ARROWS | {
        part: {room_of(module) for file in files for module in modules_of(file)}
        for part, files in outside.items()
    }
    wanted = {(node(room), node(other)) for room, other in drawn_arrows(arrows)}
    lines = "\n".join(f"    {room} --> {other}" for room, other in sorted(wanted))
    assert shown == wanted, f"the diagram of docs/architecture.md should have\n{lines}"


def test_the_table_of_rooms_has_every_import() -> None:
    table = rows(TEXTS["docs/architecture.md"], "| room or file |")
    shown = {re.sub(r"[`/]|\.py", "", row[0]): set(re.findall(r"\w+", row[2])) for row in table}
    assert shown == ARROWS
