"""The dearest legal requests: drawings found by a search, pictures made by hand.

    python -m tests.attack.dearest --cases 24    # seconds of the search for each kind of drawing

The search is benchmarks/dearest.py. The pictures are of 16 megapixels, or have very many parts.
"""

from collections.abc import Callable
from pathlib import Path
from time import process_time

from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from benchmarks import dearest
from benchmarks.common import resident
from tests.attack.files import palette_end, png_chunk, rle_bmp, with_parts
from tests.attack.tally import Tally, command
from tests.drawn import drawn, encoded
from tests.strokes import SEVEN

WANTED = {"a drawing": (0.3, 40), "a picture": (0.9, 100)}  # seconds of CPU and megabytes at most
BUSY = 3  # a busy machine takes so many times the CPU seconds, because its caches are shared
SIDE = 4_000  # pixels; 16 megapixels


def grey(side: int = SIDE) -> Image.Image:
    """A picture of that many pixels a side, with ink."""
    picture = Image.new("L", (side, side), 255)
    picture.paste(drawn(SEVEN, side // 4), (side // 4, side // 4))
    return picture


def many_scans() -> bytes:
    """A progressive JPEG of as many scans as are allowed."""
    file = encoded(grey(3_900), "JPEG", progressive=True)
    last = file.rindex(b"\xff\xda")
    return file[:-2] + file[last:-2] * (40 - file.count(b"\xff\xda")) + file[-2:]


def animation(kind: str) -> bytes:
    """An animation whose first frames are empty."""
    frames = [Image.new("L", (1_000, 1_000), 255 - number) for number in range(8)]
    return encoded(frames[0], kind, save_all=True, append_images=[*frames[1:], grey(1_000)])


def small(kind: str) -> bytes:
    return encoded(drawn(SEVEN, 40), kind)


PICTURES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: encoded(grey(), "PNG"),
    "PNG in colour": lambda: encoded(grey().convert("RGB"), "PNG"),
    "PNG of very many chunks": lambda: with_parts(small("PNG"), 33, png_chunk(b"aaAa")),
    "PNG of very many texts": lambda: with_parts(small("PNG"), 33, png_chunk(b"tEXt", b"a\0b")),
    "PNG of very many empty pieces": lambda: with_parts(small("PNG"), 33, png_chunk(b"IDAT")),
    "GIF": lambda: encoded(grey(), "GIF"),
    "GIF of very many comments": lambda: with_parts(
        small("GIF"), palette_end(small("GIF")), b"!\xfe\1x\0"
    ),
    "JPEG": lambda: encoded(grey().convert("RGB"), "JPEG"),
    "JPEG of 40 scans": many_scans,
    "JPEG of very many markers": lambda: with_parts(small("JPEG"), 2, b"\xff\xe5\0\2"),
    "WebP of 6 megapixels": lambda: encoded(grey(2_400), "WEBP"),
    "BMP": lambda: encoded(grey(2_000), "BMP"),
    "BMP in run-length code": lambda: rle_bmp(SIDE, SIDE, b"\1\0\0\0"),
    "BMP of very many runs": lambda: rle_bmp(2_000, 1_000, b"\1\0" * 1_999 + b"\0\0"),
    "animated GIF": lambda: animation("GIF"),
    "animated PNG": lambda: animation("PNG"),
    "animated WebP": lambda: animation("WEBP"),
}


def attack(cases: int, seed: int) -> Tally:
    """Search that many seconds for each kind of drawing, then all pictures. seed: not used"""
    tally = Tally()
    costs = {
        kind: (slow.seconds, large.memory / 1e6)
        for kind in dearest.KINDS
        for slow, large in [dearest.dearest(kind, cases)]
    }
    _judge(tally, "a drawing", costs)
    client = create_app().test_client()
    _judge(tally, "a picture", {name: cost(client, PICTURES[name]()) for name in PICTURES})
    return tally


def _judge(tally: Tally, what: str, costs: dict[str, tuple[float, float]]) -> None:
    most_seconds, most_megabytes = WANTED[what]
    for name, (seconds, megabytes) in costs.items():
        tally.cases += 1
        if seconds > BUSY * most_seconds or megabytes > most_megabytes:
            tally.fault(f"{what}, {name}: {seconds:.2f} s of CPU, {megabytes:.0f} MB")
    slow, large = (max(costs, key=lambda name: costs[name][i]) for i in (0, 1))
    tally.figures.append(f"{what} {costs[slow][0]:.2f} s of CPU ({slow})")
    tally.figures.append(f"{costs[large][1]:.0f} MB ({large})")


def cost(client: FlaskClient, body: bytes) -> tuple[float, float]:
    """CPU seconds of an answer, and the megabytes that it took more for a moment."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, started = resident(), process_time()
    answer = client.post("/api/predict", data=body, content_type="image/png")
    seconds = process_time() - started
    assert answer.status_code in (200, 422), answer.text
    return seconds, resident(peak=True) - before


if __name__ == "__main__":
    command(attack, 24)
