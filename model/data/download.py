"""Downloading one large file over HTTP, with retries that continue after the bytes received.

Bytes are appended to `NAME.part`. Another attempt, in this run or a later one, requests only the
rest. The rest must belong to the same file, so the validator of the file (its ETag, or else its
date) is kept in `NAME.part.tag` and sent as If-Range. A server that has changed the file, or that
does not support ranges, sends the whole file, and the download begins again. Only a complete file
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
from model.data.layouts import Say, say_nothing

TIMEOUT_S = 10.0  # seconds without a byte
RETRY_WAITS_S = (1.0, 3.0, 9.0)  # seconds before the second, third and fourth attempt
TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}  # another attempt may succeed


class Bar(Protocol):
    """A progress bar; tqdm's has this method."""

    def update(self, n: int, /) -> object:
        """Count n more bytes."""


# (bytes in all or 0 if unknown, bytes already received, file name) → a bar, closed by `with`.
Progress = Callable[[int, int, str], AbstractContextManager[Bar]]


class _NoBar:
    def update(self, n: int, /) -> None:
        pass


def silent(total_bytes: int, already: int, description: str) -> AbstractContextManager[Bar]:
    """A progress bar that shows nothing."""
    return nullcontext(_NoBar())


def fetch(
    url: str,
    target: Path,
    *,
    progress: Progress = silent,
    timeout: float = TIMEOUT_S,
    waits: tuple[float, ...] = RETRY_WAITS_S,
    say: Say = say_nothing,
) -> None:
    """Download url to target, continuing after what an earlier attempt left beside it.

    timeout: seconds that the server may stay silent
    waits: seconds before each further attempt after a broken connection or a transient status;
        other refusals (404, a wrong address) are not tried again
    say: told what is downloaded, and at once when an attempt has failed
    DataError if the file cannot be downloaded or does not fit on the disk; the bytes received so
    far are kept. OSError if the folder cannot be written.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url!r} is not an address to download from; wanted http:// or https://")
    part = _Part(target)
    say(f"downloading {url} into {target.parent}")
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
            say(f"{url}: {problem}; the next attempt begins in {wait:.0f} s")
            time.sleep(wait)
    part.finish()


class _BrokenError(Exception):
    """A failure after which another attempt may succeed."""


@dataclass(frozen=True)
class _Part:
    """The unfinished file `NAME.part`, and the validator of the file that it belongs to."""

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
        # Emptied first, so that a stop between the two never leaves old bytes with a new tag.
        self.path.write_bytes(b"")
        self.tag_path.write_text(tag, "utf-8")

    def finish(self) -> None:
        self.path.replace(self.target)
        self.tag_path.unlink(missing_ok=True)


def _attempt(url: str, part: _Part, progress: Progress, timeout: float) -> None:
    """Request the missing bytes and append them; _BrokenError if the file is still not whole."""
    with _ask(url, part, timeout) as response:
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            total = _check_continues(response, part)
        else:
            part.begin(_validator_of(response))
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
        # URLError wraps the cause: no such host, connection refused, certificate, timeout.
        raise _BrokenError(f"no answer ({getattr(problem, 'reason', problem)})") from None
    return response


def _refused(refusal: urllib.error.HTTPError, url: str, part: _Part) -> Exception:
    answer = " ".join(f"the server answered {refusal.code} {refusal.reason}".split())
    if refusal.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.begin("")  # The part is longer than the server's file, so it is of another one.
    elif refusal.code not in TRANSIENT_STATUS:
        return DataError(
            f"{url}: {answer}, wanted the file; check the address "
            f"or save the file as {part.target} by other means"
        )
    return _BrokenError(answer)


def _validator_of(response: http.client.HTTPResponse) -> str:
    tag: str = response.headers.get("ETag") or ""
    if tag.startswith('"'):  # If-Range does not allow a weak tag (W/"…").
        return tag
    return response.headers.get("Last-Modified") or ""


def _check_continues(response: http.client.HTTPResponse, part: _Part) -> int:
    """The size of the whole file; _BrokenError if the answer does not continue the part."""
    content_range = response.headers.get("Content-Range") or ""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", content_range)
    same_file = not part.tag or _validator_of(response) in ("", part.tag)
    if not found or int(found[1]) != part.size or not same_file:
        part.begin("")
        raise _BrokenError(f"the server sent {content_range!r} of another file")
    return int(found[2])


def _check_space(part: _Part, total: int) -> None:
    free, wanted = shutil.disk_usage(part.path.parent).free, total - part.size
    if wanted > free:
        raise DataError(
            f"{part.path.parent}: {free:,} bytes free, wanted {wanted:,} for {part.target.name}; "
            "make room or choose another folder with --data DIR"
        )


def _read_piece(response: http.client.HTTPResponse) -> bytes:
    # read1, not read: it returns the bytes that arrived before the connection broke.
    try:
        return response.read1(CHUNK)
    except (OSError, http.client.HTTPException) as problem:
        raise _BrokenError(f"the line broke ({problem!s})") from None
