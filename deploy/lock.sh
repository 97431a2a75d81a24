#!/bin/sh
# Writes the lock files. They name versions and hashes and nobody's address, so that a mirror
# works as well as the public index.
set -eu
cd "$(dirname "$0")/.."
for name in $(env | sed -n 's/^\(UV_[A-Z_]*INDEX[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

lock() {
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url "$@"
}
lock requirements.in --output-file requirements.lock
lock requirements-dev.in --constraint requirements.lock --output-file requirements-dev.lock
lock deploy/node.in --output-file deploy/node.lock
npm install --package-lock-only --ignore-scripts
if grep -nE 'https?://' requirements*.lock deploy/node.lock || grep -n '"resolved"' package-lock.json; then
	echo "A lock file names an address; it must not." >&2
	exit 1
fi
