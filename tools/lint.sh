#!/bin/sh
# Style, types, migrations, translations.
set -eu
cd "$(dirname "$0")/.."
export NEWSROOM_DEMO=1
bin=.venv/bin
"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
"$bin/python" manage.py check
"$bin/python" manage.py makemigrations --check --dry-run
"$bin/python" tools/check_messages.py
