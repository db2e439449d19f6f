"""A large picture made smaller strip by strip, so that it never needs memory a second time."""

from PIL import Image

from model.photo import in_plain_mode

KEPT_SIDE = 1024  # a picture of at least twice the pixels a side is reduced to one to two times
STRIP_PIXELS = 500_000


def reduced(picture: Image.Image) -> Image.Image:
    """The picture, its sides divided by the whole number that leaves about a megapixel or more.

    A picture of less than four megapixels stays as it is. A JPEG has been reduced while decoding.
    """
    factor = int((picture.width * picture.height) ** 0.5 / KEPT_SIDE)
    if factor < 2:
        return picture
    rows = max(1, STRIP_PIXELS // picture.width // factor) * factor
    width, height = picture.size
    whole = None
    for top in range(0, height, rows):
        strip = picture.crop((0, top, width, min(top + rows, height)))
        small = in_plain_mode(strip).reduce(factor)
        if whole is None:
            whole = Image.new(small.mode, (small.width, -(-height // factor)))
            whole.info = dict(small.info)
        whole.paste(small, (0, top // factor))
    return whole or picture
