"""Files of strokes are read exactly, or refused with the number of the bad line."""

import gzip
import re
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from model.data.idx import DataError
from model.data.ink_files import (
    FOLD_COUNT,
    MAX_LINE_BYTES,
    Sample,
    digit_of,
    read_ink,
    split_by_writer,
)

NO_DRAWINGS = re.escape(
    ': no drawings, wanted lines like {"label": "7", "strokes": [[[x, y], …], …]}'
)
DAMAGED = r": the gzip is damaged \(.+\); get the file again"
GOOD = '{"label": "7", "writer": "ann", "strokes": [[[0, 0], [10, 0.5]], [[4, 20]]]}'


def test_a_line_becomes_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD + "\n", "utf-8")
    (sample,) = read_ink(path)
    assert (sample.label, sample.writer) == ("7", "ann")
    assert [stroke.dtype for stroke in sample.strokes] == [np.float32, np.float32]
    np.testing.assert_array_equal(sample.strokes[0], [[0, 0], [10, 0.5]])
    np.testing.assert_array_equal(sample.strokes[1], [[4, 20]])


@pytest.mark.parametrize("name", ["ink.jsonl.gz", "ink.jsonl"])
def test_a_gzipped_file_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(f"{GOOD}\n\n{GOOD.replace('7', 'é')}".encode()))
    assert [sample.label for sample in read_ink(path)] == ["7", "é"]


def test_the_writer_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"label": "7", "strokes": [[[1, 2]]]}', "utf-8")
    assert read_ink(path)[0].writer == ""


def test_time_and_pressure_of_a_point_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"label": "7", "strokes": [[[1, 2, 99, 0.5], [3, 4]]]}', "utf-8")
    np.testing.assert_array_equal(read_ink(path)[0].strokes[0], [[1, 2], [3, 4]])


def with_strokes(strokes: str) -> str:
    """A line with these strokes, given as text."""
    return f'{{"label": "7", "strokes": {strokes}}}'


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "list instead of an object"),
        ('{"strokes": [[[1, 2]]]}', "label None instead of a text"),
        ('{"label": 7, "strokes": [[[1, 2]]]}', "label 7 instead of a text"),
        ('{"label": "", "strokes": [[[1, 2]]]}', "label '' instead of a text"),
        ('{"label": "7", "writer": 3, "strokes": [[[1, 2]]]}', "writer 3 instead of a text"),
        ('{"label": "7"}', "strokes None instead of a list of strokes"),
        (with_strokes("{}"), "strokes {} instead of a list of strokes"),
        (with_strokes("[]"), "strokes [] instead of a list of strokes"),
        (with_strokes("[[]]"), "stroke [] instead of a list of points"),
        (with_strokes("[5]"), "stroke 5 instead of a list of points"),
        (with_strokes("[[5]]"), "point 5 instead of two finite numbers"),
        (with_strokes("[[[5]]]"), "point [5] instead of two finite numbers"),
        (with_strokes('[[["1", 2]]]'), "point ['1', 2] instead of two finite numbers"),
        (with_strokes("[[[true, 2]]]"), "point [True, 2] instead of two finite numbers"),
        (with_strokes("[[[NaN, 2]]]"), "point [nan, 2] instead of two finite numbers"),
        (with_strokes("[[[1, -Infinity]]]"), "point [1, -inf] instead of two finite numbers"),
        (with_strokes("[[[1e39, 2]]]"), "point [1e+39, 2] instead of two finite numbers"),
        (with_strokes(f"[[[1{'0' * 400}, 2]]]"), "point [10000000"),
    ],
)
def test_a_broken_line_is_named_by_its_number(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n{GOOD}\n", "utf-8")
    message = failure(path)
    assert message.startswith(f"{path}, line 3: {found}")
    end = '; wanted {"label": "7", "strokes": [[[x, y], …], …]}'
    if found == "not JSON":
        assert re.search(r"not JSON \(.+\)" + re.escape(end) + "$", message)
    else:
        end += ": mend or delete the line"
        assert message.endswith(end)
        assert len(message) < len(f"{path}, line 3: {end}") + 80  # the found value is cut
    assert re.findall(r"line \d+", message) == ["line 3"]  # without json's own line number


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", NO_DRAWINGS),
        (b"\n\n", NO_DRAWINGS),
        (b"\xff\xfe\xfd", r", line 1: not JSON \(.+\); wanted .+"),
        (gzip.compress(GOOD.encode())[:-9], DAMAGED),
        (b"\x1f\x8bnonsense", DAMAGED),
    ],
    ids=["empty", "blank", "not text", "gzip cut short", "gzip that is none"],
)
def test_a_file_without_drawings_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_bytes(content)
    assert re.fullmatch(found, failure(path).removeprefix(str(path)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    reason = "cannot be read (No such file or directory)"
    assert failure(path) == f"{path}: {reason}; name a .jsonl or .jsonl.gz file"


def failure(path: Path) -> str:
    """The message about a file that cannot be read; it is one line."""
    with pytest.raises(DataError) as caught:
        read_ink(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert len(message.splitlines()) == 1
    return message


@pytest.mark.parametrize(
    ("label", "digit"), [("0", 0), ("9", 9), ("o", None), ("12", None), ("²", None), ("٣", None)]
)
def test_only_the_ten_digits_are_digits(label: str, digit: int | None) -> None:
    assert digit_of(Sample(label, "", [])) == digit


def by(*writers: str) -> list[Sample]:
    return [Sample("1", writer, []) for writer in writers]


def kept(samples: list[Sample], *folds: int, writers_of: Sequence[Sample] = ()) -> list[str]:
    """The writers of the drawings in these folds, in the order of the drawings."""
    rest, chosen = split_by_writer(samples, folds, writers_of)
    assert sorted(map(id, rest + chosen)) == sorted(map(id, samples))
    return [sample.writer for sample in chosen]


def test_a_fold_has_every_tenth_writer_by_name_wherever_the_lines_stand() -> None:
    names = [f"w{number:02}" for number in range(23)]
    samples = by(*reversed(names * 2))
    assert kept(samples, 1) == ["w20", "w10", "w00"] * 2
    assert kept(samples, 3) == ["w22", "w12", "w02"] * 2
    assert kept(samples, 10) == ["w19", "w09"] * 2


def test_ten_folds_hold_each_writer_once_and_no_fold_holds_none() -> None:
    names = [f"w{number:02}" for number in range(23)]
    folds = [kept(by(*names), fold) for fold in range(1, FOLD_COUNT + 1)]
    assert FOLD_COUNT == 10
    assert sorted(name for fold in folds for name in fold) == names
    assert kept(by(*names)) == []
    assert kept(by(*names), 1, 2) == ["w00", "w01", "w10", "w11", "w20", "w21"]


def test_letters_go_with_the_digits_of_their_writer() -> None:
    digits = by("ann", "bob", "cid", "dan", "eve", "ann")
    assert kept(digits, 1, 3) == ["ann", "cid", "ann"]
    letters = [Sample("a", name, []) for name in ["cid", "zoe", "ann"]]
    assert kept(letters, 1, 3, writers_of=digits) == ["cid", "ann"]
    assert kept(letters, 2, 3, writers_of=digits) == ["cid"], "zoe has no digits, so no fold"


def test_a_single_writer_is_the_whole_first_fold() -> None:
    assert kept(by("ann", "ann"), 1) == ["ann", "ann"]
    assert kept(by("ann", "ann"), 2) == []


def test_every_tenth_drawing_without_a_writer_is_in_a_fold() -> None:
    samples = [Sample(str(number), "", []) for number in range(20)]
    rest, chosen = split_by_writer([Sample("a", "ann", []), *samples], [2])
    assert [s.label for s in chosen] == ["1", "11"]
    assert len(rest) == 19


@pytest.mark.parametrize("label", ["a", "10", "-1"])
def test_a_label_that_is_no_digit_is_refused_in_a_file_of_digits(
    tmp_path: Path, label: str
) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD}\n{GOOD.replace('7', label)}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        read_ink(path, only="digits")
    assert str(caught.value) == (
        f"{path}, line 2: label '{label}', wanted a digit 0 … 9 in a file to learn digits from: "
        "mend or delete the line, or give the file as --outliers"
    )


def test_a_digit_is_refused_in_a_file_of_no_digits(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD.replace('7', 'A')}\n{GOOD}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        read_ink(path, only="no digits")
    assert str(caught.value) == (
        f"{path}, line 2: label '7', wanted none of the digits 0 … 9 in a file of drawings "
        "that are no digits: mend or delete the line, or give the file as --ink"
    )


def test_a_long_label_is_cut_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    for label, only in (("a" * 99, "digits"), ("7", "no digits")):
        path.write_text(GOOD.replace("7", label), "utf-8")
        with pytest.raises(DataError) as caught:
            read_ink(path, only="digits" if only == "digits" else "no digits")
        assert f"label {label!r:.40}, wanted" in str(caught.value)


def test_a_file_of_the_wanted_kind_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD, "utf-8")
    assert read_ink(path, only="digits")[0].label == "7"
    path.write_text(GOOD.replace("7", "A"), "utf-8")
    assert read_ink(path, only="no digits")[0].label == "A"


def test_the_largest_coordinates_are_those_of_float32(tmp_path: Path) -> None:
    path, largest = tmp_path / "ink.jsonl", 3.4028234663852886e38
    path.write_text(with_strokes(f"[[[{largest}, {-largest}]]]"), "utf-8")
    assert read_ink(path)[0].strokes[0].tolist() == [[largest, -largest]]
    path.write_text(with_strokes("[[[3.4028234663852887e39, 0]]]"), "utf-8")
    failure(path)


def test_a_line_of_blanks_is_skipped_and_a_point_must_have_both_numbers_finite(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"  \n{GOOD}\n", "utf-8")
    assert len(read_ink(path)) == 1
    path.write_text(with_strokes("[[[0, 1], [1, null]]]"), "utf-8")
    assert failure(path).startswith(f"{path}, line 1: point [1, None] instead")


def test_a_line_is_refused_before_it_is_whole_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode() + b"\n" + bytes(20 * MAX_LINE_BYTES), 1))
    tracemalloc.start()
    try:
        message = failure(path)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_LINE_BYTES
    finally:
        tracemalloc.stop()
    assert message.startswith(f"{path}, line 2: more than 4,194,304 bytes; wanted ")


def test_a_line_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD.ljust(MAX_LINE_BYTES - 1) + "\n" + GOOD)
    assert len(read_ink(path)) == 2


def test_a_file_of_too_many_lines_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD}\n" * 5)
    monkeypatch.setattr("model.data.ink_files.MAX_FILE_BYTES", 5 * len(GOOD) + 5)
    assert len(read_ink(path)) == 5
    monkeypatch.setattr("model.data.ink_files.MAX_FILE_BYTES", 5 * len(GOOD) + 4)
    assert "found more than" in failure(path)


def test_too_little_memory_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD)

    def too_large(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("model.data.ink_files._parse", too_large)
    assert failure(path) == f"{path}: more than fits into memory; divide the file"
