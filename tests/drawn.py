"""Strokes drawn on a canvas, as a picture that a client may send."""

from io import BytesIO

from PIL import Image, ImageDraw

from tests.strokes import Stroke

OVERSAMPLING = 4  # times as many pixels in each direction while drawing, for smooth edges


def drawn(
    strokes: list[Stroke],
    side: int = 280,
    *,
    pen: float = 7,
    size: float = 1.0,
    place: tuple[float, float] = (0, 0),
    ink: int = 0,
    paper: int = 255,
) -> Image.Image:
    """A grey picture of strokes from a pad of 100 × 100.

    side in pixels; pen, and place of the pad's corner, in hundredths of it; size 1 fills it.
    """
    unit = side * OVERSAMPLING / 100
    canvas = Image.new("L", (side * OVERSAMPLING, side * OVERSAMPLING), paper)
    pencil, half = ImageDraw.Draw(canvas), pen * unit / 2
    for stroke in strokes:
        line = [((x * size + place[0]) * unit, (y * size + place[1]) * unit) for x, y in stroke]
        pencil.line(line, ink, width=round(2 * half))
        for x, y in line:
            pencil.ellipse((x - half, y - half, x + half, y + half), ink)
    return canvas.resize((side, side), Image.Resampling.BOX)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file of that kind."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
