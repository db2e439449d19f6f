"""How the app is served: read by gunicorn from this folder, here and on a PaaS alike.

    gunicorn "app.asgi:create_app()"

app/settings.py has the environment variables. One small network answers in about a millisecond, so
one worker is plenty. WEB_CONCURRENCY adds workers, which share the weights because the app is
loaded first.
"""

import ctypes
import gc
import os
import resource
import sys
from contextlib import suppress
from typing import Any

# Set before NumPy is imported: a request is too small to be worth a second BLAS thread,
# and idle BLAS threads would cost every worker memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# One store of memory for all threads. After photographs and a body of 4 MB a worker then holds
# 77 MB instead of 135, and a heavy request takes as long. Only glibc knows M_ARENA_MAX (-8).
with suppress(OSError, AttributeError):
    ctypes.CDLL("libc.so.6").mallopt(-8, 1)

# A Content-Length may have as many digits as a header has bytes. Python's own limit is 4,300, and
# gunicorn would write a traceback instead of an answer.
sys.set_int_max_str_digits(10_000)

# Every connection is an open file, also that of a client that never says anything.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

from app.settings import settings_from  # noqa: E402  NumPy comes with it

settings = settings_from(os.environ)
bind = f"{settings['HOST']}:{settings['PORT']}"
workers = settings["WEB_CONCURRENCY"]
worker_class = "asgi"
asgi_lifespan = "on"  # an app that is not for this worker is refused at the start
asgi_disconnect_grace_period = 0  # seconds; a request whose client has gone need not be answered
preload_app = True
keepalive = 30  # seconds; a drawing asks many times a second on one connection
graceful_timeout = 3  # seconds; idle connections would hold up a stop for all of them
accesslog = None  # nothing about a drawing is logged
control_socket_disable = True  # nobody steers the server through a file in somebody's home


def when_ready(arbiter: Any) -> None:
    """Before workers are forked, and once it listens: what is there now stays.

    The garbage collector passes it over from here on. So it does not touch the memory that the
    workers share (10 MB a worker less to copy, as measured), and never halts a request to
    look through all of Flask.
    """
    gc.collect()
    gc.freeze()
    address = str(arbiter.LISTENERS[0])
    if address.startswith("http://127.0.0.1:"):  # for the one who said `make run`
        print(f"Draw a digit: {address}   (Ctrl-C stops)", flush=True)
