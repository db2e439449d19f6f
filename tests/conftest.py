"""Settings and fixtures for every test."""

import gc
import os
import signal

# As in train.py and gunicorn.conf.py, before NumPy is imported. On a busy machine BLAS threads wait
# for each other, which makes these small products ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import pytest
from hypothesis import settings

from tests.notebooks import FOLDERS

# Where the tests run in the background of a shell, Ctrl-C is ignored there and in what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples each time, none kept in files, and no test fails because a machine is slow.
settings.register_profile("suite", derandomize=True, database=None, deadline=None)
settings.load_profile("suite")


@pytest.fixture
def jupyter_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter, IPython and Matplotlib write their files into the test's own folder."""
    for name in FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def no_garbage() -> None:
    """For JSON that is nested too deep: nothing is finalised where Python can recurse no deeper."""
    gc.collect()
