"""Small random changes to bytes, as a mutation fuzzer makes them."""

import random
import zlib
from collections.abc import Callable, Sequence
from struct import pack, unpack

PIECES = [  # what parsers stumble over: JSON, forms, headers of pictures
    *[b"null", b"true", b"NaN", b"-Infinity", b"1e400", b"-0", b"1e-400", b'""', b"[]", b"{}"],
    *[b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud800", b"\xef\xbb\xbf"],
    *[b'"strokes":', b'"many":true,', b'"steps":true,', b'"model":"lenet",', b"9" * 400],
    *[b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\r\n", b"--x"],
    *[b"\0\0\0\x01", b"\x01\0\0\0", b"\xff\xd8", b"\xff\xda", b"\xff\xd9", b"GIF89a", b"RIFF"],
]
MOST_BYTES = 60_000  # of a changed file


def change_bytes(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.randrange(256)


def flip_bit(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def change_head(data: bytearray, rng: random.Random) -> None:
    """Change bytes near the start, where sizes and types stand."""
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(min(64, len(data)))] = rng.choice([0, 1, 127, 128, 255])


def insert_piece(data: bytearray, rng: random.Random) -> None:
    place = rng.randrange(len(data) + 1)
    data[place:place] = rng.choice(PIECES) * rng.choice([1, 1, 1, 50])


def overwrite(data: bytearray, rng: random.Random) -> None:
    place, piece = rng.randrange(len(data)), rng.choice(PIECES)
    data[place : place + len(piece)] = piece


def cut_out(data: bytearray, rng: random.Random) -> None:
    start, end = _slice(data, rng)
    del data[start:end]


def cut_short(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def double(data: bytearray, rng: random.Random) -> None:
    """Repeat a part, once or many times."""
    start, end = _slice(data, rng)
    data[end:end] = data[start:end] * rng.choice([1, 1, 20])


def move(data: bytearray, rng: random.Random) -> None:
    start, end = _slice(data, rng)
    part = data[start:end]
    del data[start:end]
    place = rng.randrange(len(data) + 1)
    data[place:place] = part


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(change_bytes, flip_bit, change_head, insert_piece, overwrite),
    *(cut_out, cut_short, double, move),
)


def mutated(files: Sequence[bytes], rng: random.Random) -> bytes:
    """One of the files with one to four changes, or the start of one and the end of another."""
    data = bytearray(rng.choice(files))
    if rng.random() < 0.1:
        other = rng.choice(files)
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
    for _ in range(rng.randint(1, 4)):
        if data:
            rng.choice(CHANGES)(data, rng)
    return bytes(data[:MOST_BYTES])


def with_right_sums(data: bytes) -> bytes:
    """A PNG whose chunks have right check sums, so that decoders look into them.

    Other data, and what follows a chunk that is cut short, stay as they are.
    """
    parts, place = [data[:8]], 8
    if not data.startswith(b"\x89PNG"):
        return data
    while place + 12 <= len(data):
        (length,) = unpack(">I", data[place : place + 4])
        end = place + 8 + length
        if end + 4 > len(data):
            break
        parts += [data[place:end], pack(">I", zlib.crc32(data[place + 4 : end]))]
        place = end + 4
    return b"".join([*parts, data[place:]])


def _slice(data: bytearray, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice([1, 2, 4, 16, 64, 1_000]))
