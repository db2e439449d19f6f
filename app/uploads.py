"""Decode the bytes of an uploaded picture within limits, or refuse them."""

import io
import warnings
from typing import Any

import numpy as np
from flask import abort
from PIL import ExifTags, Image, PngImagePlugin, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from app.memory import LARGE_BYTES, release
from app.reduction import reduced

# Media types, and the formats as Pillow names them.
PICTURES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
# Other names that programs give to these types; the content decides what a picture is.
ALIASES = {
    "image/x-png": "PNG",
    "image/apng": "PNG",
    "image/vnd.mozilla.apng": "PNG",
    "image/jpg": "JPEG",
    "image/pjpeg": "JPEG",
    "image/x-webp": "WEBP",
    "image/x-bmp": "BMP",
    "image/x-ms-bmp": "BMP",
    "image/x-windows-bmp": "BMP",
}
DRAFT_PIXELS = (1024, 1024)  # a JPEG larger than this is decoded at a half, quarter or eighth

MOST_DECODED_BYTES = 64_000_000  # of memory while a picture is decoded
# Bytes for each pixel; WebP is decoded into two canvases, a copy and the picture, of 4 bytes each.
WEBP_BYTES, PIXEL_BYTES, COEFFICIENT_BYTES = 16, 4, 2
START_OF_SCAN = b"\xff\xda"  # a JPEG's marker; each scan passes over the whole picture
MOST_SCANS = 40  # a progressive JPEG has about ten
MOST_READS = 100_000  # of a file: Pillow reads a comment, a chunk or a run with a few each
MOST_RLE_PIXELS = 4_000_000  # of a BMP with run-length code, which Pillow decodes in Python
MOST_FRAMES = 8  # of an animation are looked at
MOST_FRAME_PIXELS = 8_000_000  # of all frames that are looked at, together
PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK  # a comment may fill no memory

# What undoes each orientation of EXIF but the first, which is upright.
TURNS: dict[Any, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Warnings about odd files stay out of the log: only the visitor could mend the file. Pillow also
# only warns about a picture that would fill the memory. Here that is an error.
warnings.filterwarnings("ignore", module=r"PIL\.")
warnings.simplefilter("error", Image.DecompressionBombWarning)


class _File(io.BytesIO):
    """A file that may be read MOST_READS times.

    Pillow's loops in Python read in each turn, so this bounds them all: comments of a GIF, chunks
    of a PNG, markers of a JPEG, runs of a BMP.
    """

    _reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > MOST_READS:
            raise Image.DecompressionBombError("of very many comments, chunks or runs")
        return super().read(size)


def picture_from(data: bytes, most_pixels: int) -> Image.Image:
    """The decoded picture, upright: the first frame that is not of one colour only.

    A large picture is reduced, see app/reduction.py. Its content decides the format. Aborts with
    422 if it cannot be decoded, has too many pixels or parts, or takes too much memory.
    """
    try:
        picture = Image.open(_File(data), formats=list(PICTURES.values()))
        _check_size(picture, data, most_pixels)
        if picture.width * picture.height * PIXEL_BYTES > LARGE_BYTES:
            release()
        picture.draft(None, DRAFT_PIXELS)
        picture.load()
        frame = _first_with_ink(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        wanted = f"at most {most_pixels:,} pixels, {MOST_SCANS} scans of a JPEG and "
        wanted += f"{MOST_DECODED_BYTES / 1e6:.0f} MB to decode; make it smaller"
        abort(422, f"found too large a picture ({error}), wanted {wanted}")
    except Exception as error:  # a broken file may raise any error in Pillow's decoders
        wanted = f"a whole file of one of: {', '.join(PICTURES.values())}; save the picture again"
        abort(422, f"found a picture that will not decode ({_reason(error)}), wanted {wanted}")
    return _upright(picture, frame)


def _check_size(picture: Image.Image, data: bytes, most_pixels: int) -> None:
    """DecompressionBombError if a picture has too many pixels, or takes too much to decode."""
    pixels = picture.width * picture.height
    scans = data.count(START_OF_SCAN) if picture.format == "JPEG" else 1
    needed = pixels * _bytes_per_pixel(picture, scans)
    if _is_rle(picture):
        most_pixels = min(most_pixels, MOST_RLE_PIXELS)
    if pixels > most_pixels or scans > MOST_SCANS or needed > MOST_DECODED_BYTES:
        found = f"{picture.width:,} × {picture.height:,} pixels"
        if pixels <= most_pixels:
            found += f" as {picture.format}, {needed / 1e6:.0f} MB to decode, {scans} scans"
        raise Image.DecompressionBombError(found)


def _is_rle(picture: Image.Image) -> bool:
    """Whether it is a BMP with run-length code."""
    return any(tile[0] == "bmp_rle" for tile in getattr(picture, "tile", ()))


def _bytes_per_pixel(picture: Image.Image, scans: int) -> float:
    """The memory that decoding takes for each pixel."""
    if picture.format == "WEBP":
        return WEBP_BYTES
    if not isinstance(picture, JpegImageFile):
        return PIXEL_BYTES
    across, down = (max(part[i] for part in picture.layer) for i in (1, 2))
    coefficients = sum(part[1] * part[2] for part in picture.layer) / (across * down)
    # A JPEG of several scans is decoded whole before it is reduced.
    return PIXEL_BYTES if scans == 1 else coefficients * COEFFICIENT_BYTES + PIXEL_BYTES / 4


def _first_with_ink(picture: Image.Image) -> Image.Image:
    """The first of a few frames that is not of one colour; the first one if all are."""
    first, size = reduced(picture), picture.size
    frames = min(MOST_FRAMES, MOST_FRAME_PIXELS // (picture.width * picture.height))
    if frames < 2 or not _is_empty(first):
        return first
    first = first.copy()  # it may be the picture itself, which is now moved to other frames
    for number in range(1, frames):
        try:
            picture.seek(number)
        except EOFError:  # no more frames, or no animation
            break
        if picture.size != size:  # a GIF's frame may make the picture larger
            break
        if not _is_empty(picture):
            return picture.copy()
    return first


def _is_empty(picture: Image.Image) -> bool:
    """Whether all pixels have one colour, or none can be seen."""
    extrema: list[tuple[int, int]] = [*np.asarray(picture.convert("RGBA").getextrema())]
    return extrema[3][1] == 0 or all(low == high for low, high in extrema)


def _upright(picture: Image.Image, frame: Image.Image) -> Image.Image:
    """A frame turned as the picture's EXIF says. One whose EXIF is broken stays as it is."""
    try:
        turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # as above; the picture itself is whole
        return frame
    return frame if turn is None else frame.transpose(turn)


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it has no format that we know"  # Pillow's message contains a memory address
    return str(error) or type(error).__name__
