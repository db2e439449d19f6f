"""The real app under the real gunicorn, started and stopped by tests."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 60  # seconds


class Server:
    """A server on its own port, which stays the same after a restart.

    variables: of its environment, beside those of the tests

    It can be the context of a `with` block, and then runs while the block does.
    """

    def __init__(self, log: Path, weights: Path = ROOT / "weights", **variables: str) -> None:
        self.log, self.variables = log, variables
        self.app = f"app.asgi:create_app({{'WEIGHTS': {str(weights)!r}}})"
        self.port = 0  # the system chooses a free one, so two tests never use the same
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def workers(self) -> list[int]:
        """The process ids of the workers, as Linux lists them."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def wait(self, seconds: float) -> int:
        """Its exit status, after it has ended by itself; TimeoutExpired if it has not."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.wait(seconds)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it is healthy; RuntimeError shows its output if it dies."""
        address = f"127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "gunicorn", "--bind", address, self.app]
        environment = {**os.environ, "WEB_CONCURRENCY": "1", **self.variables}
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + START_LIMIT
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"the server did not start; it said:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it if it runs, and wait until it has ended."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _is_healthy(self) -> bool:
        listening = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", self.log.read_text())
        if listening is None:
            return False
        self.port = int(listening[1])
        try:
            with urlopen(f"{self.url}health", timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False
