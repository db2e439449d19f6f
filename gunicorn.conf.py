"""Settings of the server. gunicorn reads them from this folder, on a PaaS too.

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

# Set before NumPy is imported: a request is too small for a second BLAS thread, and idle BLAS
# threads would cost every worker memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# One malloc arena for all threads. After photographs and a body of 4 MB a worker then holds 77 MB
# instead of 135, and a heavy request takes the same time. Blocks of 256 kB and more go back to the
# system at once: eight bodies of 4 MB then take 84 MB instead of 101. Only glibc has M_ARENA_MAX
# (-8) and M_MMAP_THRESHOLD (-3).
with suppress(OSError, AttributeError):
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-8, 1)
    libc.mallopt(-3, 256 * 1024)

# A Content-Length may have as many digits as a header has bytes. Python's own limit is 4,300, and
# gunicorn would write a traceback instead of an answer.
sys.set_int_max_str_digits(10_000)

# Every connection is an open file, even if its client sends nothing.
_, max_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max_files, max_files))

from app.settings import settings_from  # noqa: E402  NumPy comes with it

settings = settings_from(os.environ)
bind = f"{settings['HOST']}:{settings['PORT']}"
workers = settings["WEB_CONCURRENCY"]
forwarded_allow_ips = settings["FORWARDED_ALLOW_IPS"]
secure_scheme_headers: dict[str, str] = {}  # app/proxies.py reads X-Forwarded-Proto
worker_class = "app.worker.Worker"
asgi_lifespan = "on"  # a WSGI app is refused at the start
asgi_disconnect_grace_period = 0  # seconds; a request is cancelled when its client disconnects
worker_connections = 500  # then app/worker.py closes the oldest idle one
preload_app = True
keepalive = 30  # seconds; the page sends many questions a second on one connection
graceful_timeout = 3  # seconds; idle connections would delay a stop for longer
accesslog = None  # nothing about a drawing is logged
control_socket_disable = True  # no control socket in the home folder


def on_starting(arbiter: Any) -> None:
    """Turn gunicorn's own log on standard output off again: it has the addresses of visitors.

    Heroku and Render ask for it with GUNICORN_CMD_ARGS, which overrules this file.
    """
    if arbiter.cfg.accesslog == "-":
        arbiter.cfg.set("accesslog", None)
        arbiter.log.setup(arbiter.cfg)


def when_ready(arbiter: Any) -> None:
    """Freeze all objects before workers are forked: the garbage collector ignores them then.

    So it does not write to the memory that the workers share (measured: 10 MB a worker less to
    copy), and a request is never interrupted for a scan of all of Flask.
    """
    gc.collect()
    gc.freeze()
    address = str(arbiter.LISTENERS[0])
    if address.startswith("http://127.0.0.1:"):  # for the one who said `make run`
        print(f"Draw a digit: {address}   (Ctrl-C stops)", flush=True)
