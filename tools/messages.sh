#!/bin/sh
# Collect the strings into locale/, then compile the translations.
set -eu
cd "$(dirname "$0")/.."
command -v xgettext >/dev/null 2>&1 || {
    echo "缺少 gettext。请先运行：apt install gettext / gettext is missing: apt install gettext" >&2
    exit 1
}
export NEWSROOM_DEMO=1
"${PYTHON:-.venv/bin/python}" manage.py makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete \
    --ignore .venv --ignore node_modules --ignore var --ignore tests --ignore tests_e2e
"${PYTHON:-.venv/bin/python}" tools/check_messages.py --compile
