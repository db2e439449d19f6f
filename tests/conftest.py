"""For every test."""

import os

# As train.py and gunicorn.conf.py have it, and before NumPy is imported: BLAS threads that
# wait for each other on a busy machine make these small products ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
