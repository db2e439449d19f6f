"""The bodies that cost a worker most memory: pictures as large as are accepted, long drawings."""

import io
import zlib
from collections.abc import Callable
from functools import partial
from math import isqrt
from struct import pack
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from app.limits import LIMITS
from app.uploads import MOST_DECODED_BYTES, MOST_FRAME_PIXELS
from model.types import Array

Body: TypeAlias = tuple[str, str, bytes]  # path, media type, body

MOST_BYTES = int(LIMITS["MAX_CONTENT_LENGTH"].most)
MOST_PIXELS = int(LIMITS["MAX_PIXELS"].most)
ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1)]  # fmt: skip  # first row, first column, and the steps of an interlaced PNG
COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}  # a PNG's colour type by its number of channels


def side(bytes_per_pixel: float = 4) -> int:
    """The side of the largest square picture that is accepted."""
    return isqrt(min(MOST_PIXELS, int(MOST_DECODED_BYTES / bytes_per_pixel)))


def seven(mode: str, pixels: int) -> Image.Image:
    """A 7 with that many pixels a side."""
    picture = Image.new("RGB", (pixels, pixels), "white")
    corners = [(pixels // 4, pixels // 4), (3 * pixels // 4, pixels // 4), (pixels // 2, pixels)]
    ImageDraw.Draw(picture).line(corners, fill="black", width=pixels // 20)
    return picture.convert(mode)


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def animated(form: str, mode: str) -> bytes:
    """Empty frames of one colour, as many and as large as are looked at."""
    size = (isqrt(MOST_FRAME_PIXELS // 2),) * 2
    first, *others = (Image.new(mode, size, (grey, 0, 0)) for grey in (255, 254, 253))
    return encoded(first, form, save_all=True, append_images=others)


def png(pixels: Array, *, interlaced: bool = False) -> bytes:
    """A PNG of any depth, which Pillow cannot write.

    pixels: (height, width, channels) uint8 or uint16
    """
    height, width, channels = pixels.shape
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    lines, packer = [], zlib.compressobj(1)
    for row, column, down, across in passes:
        part = pixels[row::down, column::across].astype(pixels.dtype.newbyteorder(">"))
        rows = np.frombuffer(part.tobytes(), np.uint8).reshape(len(part), -1)
        lines.append(packer.compress(np.pad(rows, ((0, 0), (1, 0))).tobytes()))  # filter 0
    depth = 8 * pixels.dtype.itemsize
    head = pack(">IIBBBBB", width, height, depth, COLOURS[channels], 0, 0, interlaced)
    chunks = [(b"IHDR", head), (b"IDAT", b"".join([*lines, packer.flush()])), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def grey(depth: type, channels: int, pixels: int) -> Array:
    """(pixels, pixels, channels) of white with a black bar."""
    found: Array = np.full((pixels, pixels, channels), np.iinfo(depth).max, depth)
    found[pixels // 4 : -pixels // 4, pixels // 2 : pixels // 2 + pixels // 20, :3] = 0
    return found


PICTURES: dict[str, Callable[[], bytes]] = {
    "PNG, black and white": lambda: encoded(seven("1", side()), "PNG"),
    "PNG, grey": lambda: encoded(seven("L", side()), "PNG"),
    "PNG, grey and transparent": lambda: encoded(seven("LA", side()), "PNG"),
    "PNG, grey of 16 bits": lambda: png(grey(np.uint16, 1, side())),
    "PNG, palette": lambda: encoded(seven("P", side()), "PNG"),
    "PNG, palette and transparent": lambda: encoded(seven("P", side()), "PNG", transparency=0),
    "PNG, colour and transparent": lambda: encoded(seven("RGBA", side()), "PNG"),
    "PNG, colour of 16 bits": lambda: png(grey(np.uint16, 3, side())),
    "PNG, transparent, 16 bits": lambda: png(grey(np.uint16, 4, side())),
    "PNG, interlaced": lambda: png(grey(np.uint8, 4, side()), interlaced=True),
    "PNG, animated": lambda: animated("PNG", "RGB"),
    "JPEG": lambda: encoded(seven("RGB", side()), "JPEG"),
    "JPEG, grey": lambda: encoded(seven("L", side()), "JPEG"),
    "JPEG, CMYK": lambda: encoded(seven("CMYK", side()), "JPEG"),
    "JPEG, progressive": lambda: encoded(
        seven("RGB", side(7)), "JPEG", progressive=True, subsampling=0
    ),
    "JPEG, progressive, subsampled": lambda: encoded(
        seven("RGB", side(4)), "JPEG", progressive=True
    ),
    "JPEG, progressive, CMYK": lambda: encoded(seven("CMYK", side(9)), "JPEG", progressive=True),
    "WebP": lambda: encoded(seven("RGB", side(16)), "WEBP"),
    "WebP, lossless": lambda: encoded(seven("RGBA", side(16)), "WEBP", lossless=True),
    "WebP, animated": lambda: animated("WEBP", "RGB"),
    "GIF": lambda: encoded(seven("P", side()), "GIF"),
    "GIF, transparent": lambda: encoded(seven("P", side()), "GIF", transparency=0),
    "GIF, animated": lambda: animated("GIF", "RGB"),
    "BMP, black and white": lambda: encoded(seven("1", side()), "BMP"),
    "BMP of 4 MB": lambda: encoded(seven("RGB", 1_180), "BMP"),
}


def _drawing(more: bytes = b"") -> bytes:
    points = b",".join(b"[%d,%d]" % (i * 7919 % 1000, i * 104_729 % 1000) for i in range(20_000))
    return b'{"strokes":[[' + points + b"]]" + more + b"}"


def _text(letters: str) -> bytes:
    """JSON of as many bytes as are accepted, nearly all of them in one string."""
    rest = MOST_BYTES - len(letters.encode()) - 12
    return b'{"model":"' + letters.encode() + b"x" * rest + b'"}'


DRAWINGS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "drawing of 20,000 points, steps": (
        "/api/predict",
        lambda: _drawing(b',"steps":true,"layers":true'),
    ),
    "the same, 4 MB": (
        "/api/predict",
        lambda: _drawing(b',"steps":true,"layers":true').ljust(MOST_BYTES),
    ),
    "4 MB that are no JSON": ("/api/predict", lambda: b"[" * MOST_BYTES),
    "4 MB of text in JSON": ("/api/predict", lambda: _text("x")),
    "4 MB of text with an emoji": ("/api/predict", lambda: _text("\N{SNOWMAN}\N{GRINNING FACE}")),
    "replay": ("/api/replay", lambda: _drawing().ljust(MOST_BYTES)),
    "robustness": ("/api/robustness", lambda: _drawing().ljust(MOST_BYTES)),
    "snapshots": ("/api/snapshots", lambda: _drawing().ljust(MOST_BYTES)),
    "why": (
        "/api/why",
        lambda: _drawing(b',"digits":[7,1]').ljust(MOST_BYTES),
    ),
}


def bodies() -> dict[str, Callable[[], Body]]:
    """What makes the request of each kind; making one takes up to seconds."""
    pictures = {name: ("/api/predict", "image/png", make) for name, make in PICTURES.items()}
    drawings = {name: (path, "application/json", make) for name, (path, make) in DRAWINGS.items()}
    return {name: partial(_body, *parts) for name, parts in (pictures | drawings).items()}


def _body(path: str, media_type: str, make: Callable[[], bytes]) -> Body:
    return path, media_type, make()
