"""One line for each request on standard output, where every platform collects it.

A line has the rule of the route, never an address of ours with what a client wrote into it. No
line has a drawing, a query or, unless asked for, the address of a client.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from wsgiref.types import WSGIEnvironment

UNKNOWN = "-"  # a route or a method that this program does not have
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
GONE = 499  # the status where the client left before its answer; nginx writes it so too


class RequestLog:
    """Writes the lines.

    config: has LOG_FORMAT and LOG_ADDRESSES of app/settings.py
    rules:  of all routes, as Flask writes them: /api/predict, /static/<path:filename>
    """

    def __init__(self, config: Mapping[str, Any], rules: Iterable[str] = ()) -> None:
        self._format: str = config["LOG_FORMAT"]
        self._has_addresses: bool = config["LOG_ADDRESSES"]
        all_rules = set(rules)
        self._exact = {rule for rule in all_rules if "<" not in rule}
        starts = {rule.partition("<")[0] for rule in all_rules - self._exact}
        self._starts = sorted(starts, key=len, reverse=True)

    def write(
        self, environ: WSGIEnvironment, status: int, size: int, started: float, request_id: str
    ) -> None:
        """Write the line of a request that has ended.

        size: bytes of the answer's body; started: when it came, by `perf_counter`
        """
        if self._format == "none":
            return
        method: str = environ["REQUEST_METHOD"]
        fields = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method if method in METHODS else UNKNOWN,
            "route": self._route(environ["PATH_INFO"]),
            "status": status,
            "ms": round((perf_counter() - started) * 1000, 2),
            "bytes": size,
            "id": request_id,
            "process": os.getpid(),
        }
        if self._has_addresses:
            fields["address"] = environ["REMOTE_ADDR"] or UNKNOWN
        self._print(fields)

    def write_refusal(self, status: int, size: int) -> None:
        """Write the line of an answer of gunicorn's own, to what is no request."""
        nothing = {"REQUEST_METHOD": UNKNOWN, "PATH_INFO": "", "REMOTE_ADDR": ""}
        self.write(nothing, status, size, perf_counter(), UNKNOWN)

    def _route(self, path: str) -> str:
        if path in self._exact:
            return path
        start = next((start for start in self._starts if path.startswith(start)), None)
        return UNKNOWN if start is None else f"{start}*"

    def _print(self, fields: dict[str, object]) -> None:
        if self._format == "json":
            line = json.dumps(fields)
        else:
            line = " ".join(f"{name}={value}" for name, value in fields.items())
        with suppress(OSError):  # whoever read the lines has gone; answers go on
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def id_of(environ: WSGIEnvironment) -> str:
    """The id of a request: the one that app/proxies.py has left, if it is plain, or a new one."""
    told: str = environ.get("HTTP_X_REQUEST_ID", "")
    return told if PLAIN_ID.fullmatch(told) else os.urandom(8).hex()
