#!/bin/sh
# Copy what a Docker Space needs into a new folder: sh deploy/huggingface/prepare.sh FOLDER
set -eu
mkdir "${1:?name a new folder: sh deploy/huggingface/prepare.sh FOLDER}"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
git ls-files .dockerignore Dockerfile gunicorn.conf.py \
	requirements.txt requirements-rate-limit.txt app model static templates weights |
	tar -cf - -T - | tar -xf - -C "$folder"
cp deploy/huggingface/README.md "$folder"

# huggingface.co shows the page in a frame, and its router is the only way in.
cat >>"$folder/Dockerfile" <<'END'
ENV FORWARDED_ALLOW_IPS=* \
    FRAME_ANCESTORS=https://huggingface.co
END
