"""Threads that answer requests, the queue of requests before them, and which request is heavy."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

from app.limits import PLAIN_BYTES, PLAIN_POINTS, PLAIN_POINTS_WITH_STEPS

Answer: TypeAlias = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body

# A backslash could hide the word: JSON may write its letters as \u006d.
WHOLE_NUMBER = re.compile(rb'"many"\s*:\s*true|\\')
STEPS = re.compile(rb'"steps"\s*:\s*true')


class BusyError(Exception):
    """Too many requests wait, one has waited for too long, or bodies take too much memory."""


class Queue:
    """Threads, and a queue of bounded length and waiting time before them."""

    def __init__(self, threads: int, max_waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(threads)  # a thread starts with its first request
        self._max_requests = threads + max_waiting
        self._seconds = seconds
        self._requests = 0  # running or waiting

    async def run(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Run work(*args) in one of the threads; returns its result.

        BusyError if too many wait already, or if this one has waited for too long.
        """
        if self._requests >= self._max_requests:
            raise BusyError
        self._requests += 1
        task = self._threads.submit(work, *args)
        future = asyncio.wrap_future(task)
        try:
            await asyncio.wait([future], timeout=self._seconds)
            if task.cancel():  # it has not started yet
                raise BusyError
            return await future
        finally:
            self._requests -= 1
            task.cancel()  # if it has not started: the client has disconnected


def is_heavy(content_type: str, body: bytes) -> bool:
    """Whether a request may take long, estimated from its bytes without parsing them.

    Heavy are pictures, whole numbers, and drawings of more than PLAIN_POINTS points, or of more
    than PLAIN_POINTS_WITH_STEPS where the pictures of all steps are asked for.
    """
    if not body:
        return False
    is_picture = content_type.strip().lower().startswith(("image/", "multipart/"))
    if is_picture or len(body) > PLAIN_BYTES:
        return True
    points = PLAIN_POINTS_WITH_STEPS if STEPS.search(body) else PLAIN_POINTS
    is_long = body.count(b"[") > points  # each point has a bracket
    return is_long or WHOLE_NUMBER.search(body) is not None
