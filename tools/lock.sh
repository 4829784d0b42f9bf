#!/bin/sh
# Pin every dependency with its hashes. The files name no registry: pip uses the configured one.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
        --no-emit-index-url --no-annotate "$@"
}
compile pyproject.toml -o requirements/run.txt
compile pyproject.toml --group test -o requirements/test.txt
compile pyproject.toml --group test --group lint --group e2e -o requirements/dev.txt
