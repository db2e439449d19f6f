"""The table of `make mutants` covers the program, and accepted survivors are still there."""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.rooms import ROOT, Accepted, Room, is_accepted, read_accepted, read_rooms

DIFF = """--- mutation diff ---
--- a/model/x.py
+++ b/model/x.py
@@ -1,3 +1,3 @@
 a = 1
-    b = 2
+    b =  3
 c = 3
"""
ENTRY = Accepted("model/x.py", "b = 2", "b =  3", "a reason")


def test_each_file_of_the_program_belongs_to_exactly_one_room() -> None:
    counts = Counter(file for room in read_rooms().values() for file in room.files)
    files = [
        path.relative_to(ROOT) for top in ("app", "model") for path in ROOT.glob(f"{top}/**/*.py")
    ]
    assert counts == Counter(files)


def test_each_room_has_tests() -> None:
    assert [room.name for room in read_rooms().values() if not room.tests] == []


def test_the_tests_named_after_a_file_run_first() -> None:
    room = Room("nn", [], [Path("test_a.py"), Path("test_layers.py"), Path("test_z.py")])
    first, *others = room.tests_of(Path("model/nn/layers.py"))
    assert first == Path("test_layers.py")
    assert others == [Path("test_a.py"), Path("test_z.py")]


def test_an_accepted_survivor_is_recognised_by_its_line() -> None:
    assert is_accepted(DIFF, "model/x.py", [ENTRY])


@pytest.mark.parametrize(
    ("file", "diff"),
    [
        ("model/y.py", DIFF),
        ("model/x.py", DIFF.replace("b =  3", "b =  4")),
        ("model/x.py", DIFF.replace("b = 2", "b = 1")),
        ("model/x.py", DIFF.replace(" c = 3", "-c = 3")),
    ],
)
def test_another_survivor_is_not_accepted(file: str, diff: str) -> None:
    assert not is_accepted(diff, file, [ENTRY])


def test_every_accepted_survivor_has_a_reason_and_its_line_still_exists() -> None:
    for entry in read_accepted():
        assert entry.reason, entry
        lines = [line.strip() for line in (ROOT / entry.file).read_text().splitlines()]
        assert entry.line.strip() in lines, entry
        assert entry.mutant.strip() != entry.line.strip()
