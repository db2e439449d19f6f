"""Benchmarks: our program and its peers, in one run on one machine. See README.md here."""

import os

# Set before NumPy is imported, as train.py and gunicorn.conf.py have it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
