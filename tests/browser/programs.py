"""Programs that the tests need and pip cannot install: run them, or install Debian's packages."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

PACKAGE_LIMIT = 600  # seconds: Debian's package of a browser brings a hundred others
START_LIMIT = 60  # seconds to print a version, on a cold disk


class MissingError(RuntimeError):
    """A program was not found this way; the message says why."""


def from_debian(*packages: str) -> None:
    """Install Debian's packages now; MissingError where that is not possible."""
    if shutil.which("apt-get") is None:
        raise MissingError("There is no apt-get here.")
    admin = [] if os.geteuid() == 0 else ["sudo", "-n"]
    # Another installation may be running, as on a machine that has just started: wait for it.
    patient = ["-o", "DPkg::Lock::Timeout=300"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *patient]
    call([*admin, *quiet, "update"], PACKAGE_LIMIT)
    call([*admin, *quiet, "install", "-y", "--no-install-recommends", *packages], PACKAGE_LIMIT)


def runs(path: Path, option: str = "--version") -> bool:
    """Whether it prints its version: a stub that only names a package to install does not."""
    try:
        call([str(path), option], START_LIMIT)
    except MissingError:
        return False
    return True


def call(command: list[str], limit: float) -> None:
    """Run a command; MissingError if it fails, is missing or takes over `limit` seconds."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that its children can be stopped with it
        )
    except OSError as error:
        raise MissingError(f"{' '.join(command)}: {error.strerror}.") from None
    try:
        _, complaint = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise MissingError(f"{' '.join(command)}: not done after {limit:g} s.") from None
    if process.returncode:
        lines = complaint.strip().splitlines() or ["no reason given"]
        reason = next((line for line in lines if "rror" in line), lines[-1])
        raise MissingError(f"{' '.join(command)}: {reason.rstrip('.')}.")
