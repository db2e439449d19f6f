"""How the app is served: read by gunicorn from this folder, here and on a PaaS alike.

One small network answers in well under a millisecond, so one worker is plenty, with a few threads
for what takes longer (app/worker.py). WEB_CONCURRENCY adds workers, which share the weights because
the app is loaded first.
"""

import ctypes
import gc
import os
from contextlib import suppress
from typing import Any

# Set before NumPy is imported: a request is too small to be worth a second BLAS thread,
# and idle BLAS threads would cost every worker memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Memory that a large request has used goes back at once; otherwise a worker keeps it for threads
# that may never ask for as much again. After a photograph and a body of 4 MB it then holds 57 MB
# instead of 80. Only glibc knows these two words, and only Linux has it.
with suppress(OSError, AttributeError):
    mallopt = ctypes.CDLL("libc.so.6").mallopt
    mallopt(-8, 1)  # M_ARENA_MAX: one store for all threads; they hardly ever allocate at once
    mallopt(-1, 1_000_000)  # M_TRIM_THRESHOLD: bytes at its end that may lie idle

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "app.worker.Worker"
threads = int(os.environ.get("THREADS", "4"))
preload_app = True
keepalive = 30  # seconds; a drawing asks many times a second on one connection
accesslog = None  # nothing about a drawing is logged
control_socket_disable = True  # nobody steers the server through a file in somebody's home


def when_ready(_: Any) -> None:
    """Before workers are forked: what is there now stays.

    The garbage collector passes it over from here on. So it does not touch the memory that the
    workers share (10 MB a worker less to copy, as measured), and never halts a request to
    look through all of Flask.
    """
    gc.collect()
    gc.freeze()
