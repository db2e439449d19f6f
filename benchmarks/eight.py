"""The memory of a worker that eight clients at once send the dearest requests.

    python -m benchmarks.eight

Each row is a server of one worker. The eight clients send the same body ROUNDS times, one right
after the other. A row has the worker's most memory and how often it answered with which status.
The pictures are as large as app/uploads.py accepts; benchmarks/dearest.py searches drawings.
"""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from PIL import Image, ImageDraw

from benchmarks.drawing import body
from benchmarks.served import serving
from benchmarks.slow_clients import peak

CLIENTS, ROUNDS = 8, 3
ANSWER_SECONDS = 120
MOST_BYTES = 4 * 1024 * 1024  # of a body


def picture(form: str, mode: str, width: int, height: int, **options: object) -> bytes:
    """A large picture of a 7, as a file."""
    drawn = Image.new("RGB", (width, height), "white")
    x, y, pen = width // 4, height // 4, width // 20
    points = [(x, y), (3 * x, y), (2 * x, 3 * y)]
    ImageDraw.Draw(drawn).line(points, fill="black", width=pen)
    file = io.BytesIO()
    drawn.convert(mode).save(file, form, **options)
    return file.getvalue()


def bodies() -> dict[str, tuple[str, bytes]]:
    """Media type and bytes of each kind."""
    points = b",".join(b"[%d,%d]" % (i * 7919 % 1000, i * 104_729 % 1000) for i in range(20_000))
    drawing = b'{"strokes":[[' + points + b"]]}"
    steps = drawing[:-1] + b',"steps":true,"layers":true}'
    return {
        "drawing of 20,000 points, steps": ("application/json", steps),
        "the same, 4 MB": ("application/json", steps.ljust(MOST_BYTES)),
        "4 MB that are no JSON": ("application/json", b"[" * MOST_BYTES),
        "4 MB of text in JSON": (
            "application/json",
            b'{"model":"' + b"x" * (MOST_BYTES - 12) + b'"}',
        ),
        "WebP": ("image/webp", picture("WEBP", "RGBA", 2490, 2490, lossless=True)),
        "PNG": ("image/png", picture("PNG", "RGBA", 4000, 4000)),
        "GIF": ("image/gif", picture("GIF", "P", 4000, 4000)),
        "JPEG": ("image/jpeg", picture("JPEG", "RGB", 4000, 4000)),
        "JPEG, progressive": (
            "image/jpeg",
            picture("JPEG", "RGB", 3760, 3760, progressive=True, subsampling=0),
        ),
        "BMP": ("image/bmp", picture("BMP", "1", 4000, 4000)),
    }


def statuses(port: int, media_type: str, sent: bytes) -> list[int]:
    """What one client is answered."""
    found = []
    for _ in range(ROUNDS):
        connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        connection.request("POST", "/api/predict", sent, {"Content-Type": media_type})
        response = connection.getresponse()
        response.read()
        found.append(response.status)
        connection.close()
    return found


def main() -> None:
    print("| eight clients send | a body of | worker's peak | answers |")
    print("|---|---:|---:|---|")
    for name, (media_type, sent) in bodies().items():
        with serving(body()) as server, ThreadPoolExecutor(CLIENTS) as clients:
            asked = [
                clients.submit(statuses, server.port, media_type, sent) for _ in range(CLIENTS)
            ]
            counts = Counter(status for one in asked for status in one.result())
            answers = ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
            size = f"{len(sent) / 1e3:,.0f} kB"
            print(f"| {name} | {size} | {peak(server):.0f} MB | {answers} |", flush=True)


if __name__ == "__main__":
    main()
