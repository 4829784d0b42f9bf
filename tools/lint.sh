#!/bin/sh
# Style, types, templates, migrations, translations.
set -eu
cd "$(dirname "$0")/.."
export NEWSROOM_DEMO=1
NEWSROOM_DATA_DIR=$(mktemp -d)
export NEWSROOM_DATA_DIR
trap 'rm -rf "$NEWSROOM_DATA_DIR"' EXIT
bin=.venv/bin
"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
find templates -name '*.html' -not -path 'templates/jinja/*' -exec "$bin/djade" --check {} +
"$bin/python" tools/check_templates.py
"$bin/python" manage.py check
"$bin/python" manage.py makemigrations --check --dry-run
"$bin/python" tools/check_messages.py
