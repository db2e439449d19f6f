"""Content codings: what does not change is compressed once and well, large answers quickly.

zstd is used where Python has it, from 3.14 on; gzip everywhere.
"""

import gzip
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from flask import Response, request
from werkzeug.datastructures import Accept

SMALLEST_BYTES = 1_000  # an answer to a plain drawing has 1,400; smaller ones fit into a packet
LEVEL = 1  # of 9: a fifth of a millisecond for all maps; the best level saves a tenth more
PLAIN = "identity"
WORTH = 0.9  # a compressed form is kept if it has less than this share of the bytes

# The best first. For these files level 19 would save 1 % more, and take 70 ms more at the start.
CODINGS: dict[str, Callable[[bytes], bytes]] = {}
if sys.version_info >= (3, 14):
    with suppress(ImportError):  # Python was built without it
        from compression import zstd

        CODINGS["zstd"] = lambda content: zstd.compress(content, 12)
CODINGS["gzip"] = lambda content: gzip.compress(content, 9, mtime=0)


def codings_of(content: bytes) -> Mapping[str, bytes]:
    """The content by coding: PLAIN, and each of CODINGS that makes it smaller; the best first."""
    packed = {name: pack(content) for name, pack in CODINGS.items()}
    small = {name: body for name, body in packed.items() if len(body) < WORTH * len(content)}
    return {**small, PLAIN: content}


def coding_for(accepted: Accept, names: Iterable[str]) -> str:
    """The coding that the client likes best, of those that there are; the first of equals.

    PLAIN counts as accepted a little even where the client does not name it (RFC 9110, 12.5.3).
    """
    quality = {name: accepted.quality(name) for name in names}
    quality[PLAIN] = quality[PLAIN] or 1e-4
    return max(quality, key=lambda name: quality[name])


def compress(response: Response) -> Response:
    """The response to the request of now with its body as gzip if it is large; changed in place.

    Of a large answer the header Vary says that it depends on Accept-Encoding (RFC 9110, 12.5.5).
    """
    if response.direct_passthrough or response.content_length is None:
        return response
    if response.content_length < SMALLEST_BYTES or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
