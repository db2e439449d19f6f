"""Decode the bytes of an uploaded picture within limits, or refuse them."""

import io
import warnings

from flask import abort
from PIL import Image, ImageOps, UnidentifiedImageError

# Media types, and the formats as Pillow names them.
PICTURES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
DRAFT_PIXELS = (1024, 1024)  # a JPEG larger than this is decoded at a half, quarter or eighth

# Pillow only warns about a picture that would fill the memory. Here it is an error.
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
        return ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        wanted = f"at most {most_pixels:,} pixels; make it smaller"
        abort(422, f"found too large a picture ({error}), wanted {wanted}")
    except Exception as error:  # a broken file may raise any error in Pillow's decoders
        wanted = f"a whole file of one of: {', '.join(PICTURES.values())}; save the picture again"
        abort(422, f"found a picture that will not decode ({_reason(error)}), wanted {wanted}")


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it has no format that we know"  # Pillow's message contains a memory address
    return str(error) or type(error).__name__
