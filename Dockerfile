# docker build -t draw-a-digit . && docker run --rm -p 8000:8000 draw-a-digit
# The Python is that of .python-version. No digest is pinned, so a build gets the security fixes.
FROM python:3.11-slim-trixie AS build

# Packages first: their layer is made anew only where their list has changed.
# --build-arg EXTRA=requirements-rate-limit.txt is wanted for RATE_LIMIT.
WORKDIR /srv
RUN python -m venv --without-pip /venv
COPY requirements*.txt ./
ARG EXTRA=""
# This stage is thrown away, and pip's cache with it.
# hadolint ignore=DL3042
RUN pip --python /venv/bin/python install --disable-pip-version-check \
    -r requirements.txt ${EXTRA:+-r "$EXTRA"}

COPY gunicorn.conf.py ./
COPY app app/
COPY model model/
COPY static static/
COPY templates templates/
COPY weights weights/
RUN python -m compileall -q app model

FROM python:3.11-slim-trixie
COPY --from=build /venv /venv
COPY --from=build /srv /srv

# /dev/shm is memory, and may be written to where everything else is read-only. gunicorn's workers
# show there that they live.
ENV PATH=/venv/bin:$PATH \
    PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TMPDIR=/dev/shm
# --build-arg COMMIT=$(git rev-parse HEAD) is what /live and /health tell.
ARG COMMIT=""
ENV COMMIT=$COMMIT
WORKDIR /srv
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health')"]
CMD ["python", "app/settings.py", "gunicorn", "app.asgi:create_app()"]
