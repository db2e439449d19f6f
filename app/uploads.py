"""A picture out of the bytes of an upload, decoded within limits, or a refusal."""

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

# Pillow only warns of a picture that would fill the memory. Here that is an error.
warnings.simplefilter("error", Image.DecompressionBombWarning)


def picture_from(data: bytes, most_pixels: int) -> Image.Image:
    """The decoded picture: its first frame, upright; its format told by its content.

    Aborts with 422 where it will not decode or has too many pixels.
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
    except Exception as error:  # Pillow's decoders raise whatever a broken file leads them to
        wanted = f"a whole file of one of: {', '.join(PICTURES.values())}; save the picture again"
        abort(422, f"found a picture that will not decode ({_reason(error)}), wanted {wanted}")


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it has no format that we know"  # Pillow's own words show an address in memory
    return str(error) or type(error).__name__
