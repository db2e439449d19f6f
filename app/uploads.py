"""Decode the bytes of an uploaded picture within limits, or refuse them."""

import io
import warnings
from typing import Any

from flask import abort
from PIL import ExifTags, Image, UnidentifiedImageError

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


def picture_from(data: bytes, most_pixels: int) -> Image.Image:
    """The decoded picture: its first frame, upright. Its content decides the format.

    Aborts with 422 if it cannot be decoded or has too many pixels.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=list(PICTURES.values()))
        if picture.width * picture.height > most_pixels:
            raise Image.DecompressionBombError(f"{picture.width:,} × {picture.height:,} pixels")
        picture.draft(None, DRAFT_PIXELS)
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        wanted = f"at most {most_pixels:,} pixels; make it smaller"
        abort(422, f"found too large a picture ({error}), wanted {wanted}")
    except Exception as error:  # a broken file may raise any error in Pillow's decoders
        wanted = f"a whole file of one of: {', '.join(PICTURES.values())}; save the picture again"
        abort(422, f"found a picture that will not decode ({_reason(error)}), wanted {wanted}")
    return _upright(picture)


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says. One whose EXIF is broken stays as it is."""
    try:
        turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # as above; the picture itself is whole
        return picture
    return picture if turn is None else picture.transpose(turn)


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it has no format that we know"  # Pillow's message contains a memory address
    return str(error) or type(error).__name__
