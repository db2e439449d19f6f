"""Pictures of every format and kind, as the seeds of a fuzzer and as the dearest requests."""

import zlib
from collections.abc import Iterator
from struct import pack
from typing import Any

from PIL import ExifTags, Image, PngImagePlugin

from app.limits import LIMITS
from app.uploads import PICTURES
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, SEVEN

SIDE = 40  # pixels; a fuzzer is quick with small pictures
MOST_BYTES = int(LIMITS["MAX_CONTENT_LENGTH"].most)
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
}
ANIMATED = ("PNG", "GIF", "WEBP")


def seeds() -> list[bytes]:
    """A file of every format in every mode, with comments, EXIF, animation and compression."""
    return [file for kind in PICTURES.values() for file in _of(kind)] + [
        rle_bmp(SIDE, SIDE, bytes([SIDE, 255]) + b"\0\0"),
        rle_bmp(SIDE, SIDE, bytes([SIDE // 2, 255]) + b"\0\2\5\0", b"\0\2\0\3"),
    ]


def _of(kind: str) -> Iterator[bytes]:
    ink, other = drawn(SEVEN, SIDE), drawn(FIVE, SIDE)
    for mode in MODES[kind]:
        yield encoded(ink.convert("I").convert(mode) if mode == "I;16" else ink.convert(mode), kind)
    if kind in ANIMATED:
        empty = Image.new("L", ink.size, 255)
        yield encoded(empty, kind, save_all=True, append_images=[other, ink])
    for options in _options(kind):
        yield encoded(ink.convert("RGB"), kind, **options)


def _options(kind: str) -> list[dict[str, Any]]:
    exif, text = Image.Exif(), PngImagePlugin.PngInfo()
    exif[ExifTags.Base.Orientation] = 6
    text.add_text("Comment", "seven", zip=True)
    text.add_itxt("Title", "seven", zip=True)
    found: dict[str, list[dict[str, Any]]] = {
        "PNG": [{"exif": exif, "pnginfo": text, "dpi": (300, 300), "icc_profile": b"x" * 200}],
        "GIF": [{"comment": b"seven" * 60, "interlace": True, "transparency": 0}],
        "JPEG": [
            {"progressive": True, "exif": exif, "comment": b"seven"},
            {"subsampling": 0, "optimize": True, "restart_marker_rows": 1},
        ],
        "WEBP": [{"lossless": True, "exif": exif, "icc_profile": b"x" * 200}],
        "BMP": [{"dpi": (300, 300)}],
    }
    return found[kind]


def rle_bmp(width: int, height: int, line: bytes, last: bytes = b"") -> bytes:
    """A BMP of 256 greys whose lines are this run-length code; `last` stands after them."""
    palette = b"".join(bytes([grey, grey, grey, 0]) for grey in range(256))
    code = line * height + last + b"\0\1"
    start = 14 + 40 + len(palette)
    head = pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(code), 2835, 2835, 256, 0)
    return b"BM" + pack("<IHHI", start + len(code), 0, 0, start) + head + palette + code


def with_parts(file: bytes, place: int, part: bytes, size: int = MOST_BYTES) -> bytes:
    """A file with so many copies of a part that it has nearly that many bytes."""
    copies = (size - len(file)) // len(part)
    return file[:place] + part * copies + file[place:]


def palette_end(gif: bytes) -> int:
    """Where the header and the palette of a GIF end."""
    return 13 + 3 * 2 ** ((gif[10] & 7) + 1)


def png_chunk(name: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG with its length and its check sum."""
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
