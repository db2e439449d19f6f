"""Fetching one large file over HTTP so that a broken line costs only what was not yet here.

Bytes are added to `NAME.part`; a second attempt, in this run or a later one, asks the server for
the rest alone. The rest must belong to the same file, so the server's mark of the file (its ETag,
or else its date) is kept in `NAME.part.tag` and sent along; a server that has changed the file
or knows nothing of ranges answers with the whole file, and we begin again. Only a complete file
gets its final name.

Source: RFC 9110, sections 13.1.5 (If-Range) and 14 (range requests).
"""

import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from model.data.idx import CHUNK, DataError

TIMEOUT = 30.0  # seconds without a byte
WAITS = (1.0, 3.0, 9.0)  # seconds before the second, third and fourth attempt
TRANSIENT = {408, 425, 429, 500, 502, 503, 504}  # a second attempt may well be answered


class Bar(Protocol):
    """What a progress bar can do (tqdm's can)."""

    def update(self, n: int, /) -> object:
        """n more bytes are here."""


# (bytes in all or 0 if unknown, bytes already here, what is fetched) → a bar, closed by `with`.
Progress = Callable[[int, int, str], AbstractContextManager[Bar]]


class _NoBar:
    def update(self, n: int, /) -> None:
        pass


def silent(total_bytes: int, already: int, description: str) -> AbstractContextManager[Bar]:
    """The progress bar that shows nothing."""
    return nullcontext(_NoBar())


def fetch(
    url: str,
    target: Path,
    *,
    progress: Progress = silent,
    timeout: float = TIMEOUT,
    waits: tuple[float, ...] = WAITS,
) -> None:
    """Download url to target, going on from what an earlier attempt left beside it.

    timeout: seconds that the server may stay silent
    waits: seconds before each further attempt after a broken line or a server in trouble;
        a refusal that will not change (404, a wrong address) is not tried again
    Raises DataError if the file cannot be had or does not fit on the disk; what came so far
    stays. OSError where the folder cannot be written.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url!r} is not an address to download from; wanted http:// or https://")
    part = _Part(target)
    for wait in (*waits, None):
        try:
            _attempt(url, part, progress, timeout)
            break
        except _BrokenError as problem:
            if wait is None:
                raise DataError(
                    f"{url}: {problem} in attempt {len(waits) + 1}, the last; check the connection "
                    f"and run again, which goes on after the {part.size:,} bytes that are here, "
                    f"or save the file as {target} by other means"
                ) from None
            time.sleep(wait)
    part.finish()


class _BrokenError(Exception):
    """A failure that another attempt may mend."""


@dataclass(frozen=True)
class _Part:
    """The unfinished file and the server's mark of the file that it belongs to."""

    target: Path

    @property
    def path(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def tag_path(self) -> Path:
        return self.target.with_name(self.target.name + ".part.tag")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def tag(self) -> str:
        return self.tag_path.read_text("utf-8") if self.tag_path.exists() else ""

    def begin(self, tag: str) -> None:
        # Emptied first: were we stopped between the two, old bytes must not get the new mark.
        self.path.write_bytes(b"")
        self.tag_path.write_text(tag, "utf-8")

    def finish(self) -> None:
        self.path.replace(self.target)
        self.tag_path.unlink(missing_ok=True)


def _attempt(url: str, part: _Part, progress: Progress, timeout: float) -> None:
    """Ask for what is missing and add it to the part; return only when the file is whole."""
    response = _ask(url, part, timeout)
    with response:
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            total = _check_continues(response, part)
        else:
            part.begin(_mark_of(response))
            total = response.length or 0
        _check_space(part, total)
        name = part.target.name
        with part.path.open("ab") as file, progress(total, part.size, name) as bar:
            while not total or file.tell() < total:
                piece = _read_piece(response)
                if not piece:
                    break
                file.write(piece)
                bar.update(len(piece))
    if part.size < total:
        raise _BrokenError(f"the line broke after {part.size:,} of {total:,} bytes")


def _ask(url: str, part: _Part, timeout: float) -> http.client.HTTPResponse:
    headers = {"User-Agent": "lenet"}  # Some hosts refuse Python-urllib by name.
    if part.size:
        headers["Range"] = f"bytes={part.size}-"
        if part.tag:
            headers["If-Range"] = part.tag
    try:
        request = urllib.request.Request(url, headers=headers)
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise _refused(refusal, url, part) from None
    except (ValueError, http.client.InvalidURL) as problem:
        raise DataError(f"{url!r} is not an address ({problem}); wanted https://…") from None
    except (OSError, http.client.HTTPException) as problem:
        # URLError wraps what happened below it: no such host, refused, certificate, timeout.
        raise _BrokenError(f"no answer ({getattr(problem, 'reason', problem)})") from None
    return response


def _refused(refusal: urllib.error.HTTPError, url: str, part: _Part) -> Exception:
    answer = " ".join(f"the server answered {refusal.code} {refusal.reason}".split())
    if refusal.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.begin("")  # What is here is no beginning of the server's file.
    elif refusal.code not in TRANSIENT:
        return DataError(
            f"{url}: {answer}, wanted the file; check the address "
            f"or save the file as {part.target} by other means"
        )
    return _BrokenError(answer)


def _mark_of(response: http.client.HTTPResponse) -> str:
    tag: str = response.headers.get("ETag") or ""
    if tag.startswith('"'):  # A weak mark (W/"…") may not be used to join bytes.
        return tag
    return response.headers.get("Last-Modified") or ""


def _check_continues(response: http.client.HTTPResponse, part: _Part) -> int:
    """Bytes of the whole file, if the answer really goes on where the part ends."""
    here = response.headers.get("Content-Range") or ""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", here)
    same_file = not part.tag or _mark_of(response) in ("", part.tag)
    if not found or int(found[1]) != part.size or not same_file:
        part.begin("")
        raise _BrokenError(f"the server sent {here!r} of another file")
    return int(found[2])


def _check_space(part: _Part, total: int) -> None:
    free, wanted = shutil.disk_usage(part.path.parent).free, total - part.size
    if wanted > free:
        raise DataError(
            f"{part.path.parent}: {free:,} bytes free, wanted {wanted:,} for {part.target.name}; "
            "make room or choose another folder with --data DIR"
        )


def _read_piece(response: http.client.HTTPResponse) -> bytes:
    # read1, not read: what arrived before the line breaks is kept.
    try:
        return response.read1(CHUNK)
    except (OSError, http.client.HTTPException) as problem:
        raise _BrokenError(f"the line broke ({problem!s})") from None
