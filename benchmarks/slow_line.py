"""A slow line: a TCP proxy that holds every byte for half a round trip, in each direction.

    python -m benchmarks.slow_line --to PORT --round-trip MS [--late SHARE]

A new connection takes a round trip more before its first bytes leave, as TCP's handshake does. With
--late, this share of the answers to drawings comes a second later. It prints the port that it
listens on. All that is on one connection arrives in its order, as with TCP, so fetch and WebSocket
are treated alike.
"""

import argparse
import asyncio
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from benchmarks.common import ROOT

LATE_SECONDS = 1.0
DRAWING = b"POST /api/predict"  # a request to be answered late begins with it


@contextmanager
def slow_line(port: int, round_trip: float, late: float = 0.0) -> Iterator[int]:
    """A port of this machine, behind which the server at `port` is so many milliseconds away.

    late: the share of the answers to drawings that come a second later
    """
    if not round_trip and not late:
        yield port
        return
    command = [sys.executable, "-m", "benchmarks.slow_line", "--to", str(port)]
    command += ["--round-trip", str(round_trip), "--late", str(late)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


@dataclass
class Line:
    """The proxy. half: seconds that every byte is held; late: a share of the answers, 0 … 1."""

    port: int
    half: float
    late: float

    async def serve(self) -> None:
        """Listen on a free port, and print it; never returns."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connected(
        self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        opened = asyncio.get_running_loop().time() + 2 * self.half
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.port)
        there = Direction(from_client, to_server, self.half, opened)
        back = Direction(from_server, to_client, self.half, opened)

        def asked(data: bytes) -> None:
            if data.startswith(DRAWING):
                back.extra = LATE_SECONDS if random.random() < self.late else 0.0

        await asyncio.gather(there.carry(asked), back.carry(lambda _: None))
        to_client.close()
        to_server.close()


@dataclass
class Direction:
    """One direction of a connection.

    opened: the time from which on bytes leave; extra: seconds that the next ones are held longer
    """

    source: asyncio.StreamReader
    target: asyncio.StreamWriter
    seconds: float
    opened: float
    extra: float = 0.0

    async def carry(self, seen: Callable[[bytes], None]) -> None:
        """Carry all bytes in their order, and then the end; seen: called with each piece."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        writing = asyncio.create_task(self._write(pieces))
        loop, data = asyncio.get_running_loop(), b"-"
        while data:
            try:
                data = await self.source.read(65_536)
            except OSError:
                data = b""
            seen(data)
            pieces.put_nowait((max(loop.time(), self.opened) + self.seconds + self.extra, data))
        await writing

    async def _write(self, pieces: asyncio.Queue[tuple[float, bytes]]) -> None:
        data = b"-"
        while data:
            due, data = await pieces.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            with suppress(OSError, RuntimeError):
                if data:
                    self.target.write(data)
                else:
                    self.target.write_eof()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--to", type=int, required=True, metavar="PORT")
    parser.add_argument("--round-trip", type=float, required=True, metavar="MS")
    parser.add_argument("--late", type=float, default=0.0, metavar="SHARE")
    args = parser.parse_args()
    random.seed(0)
    asyncio.run(Line(args.to, args.round_trip / 2_000, args.late).serve())


if __name__ == "__main__":
    main()
