"""Threads that answer requests, and the queue of requests before them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

Answer: TypeAlias = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


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
