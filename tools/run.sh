#!/bin/sh
# Start the demo paper on this machine: set up what is missing, then serve.
set -eu
cd "$(dirname "$0")/.."
export NEWSROOM_DEMO="${NEWSROOM_DEMO:-1}"
host=127.0.0.1
port="${PORT:-8000}"

tools/setup.sh run
python=.venv/bin/python

if ! "$python" tools/port_free.py "$host" "$port"; then
    next=$((port + 1))
    printf '\n端口 %s 已被占用。换一个端口：make run PORT=%s\n' "$port" "$next" >&2
    printf 'Port %s is taken. Choose another: make run PORT=%s\n\n' "$port" "$next" >&2
    exit 1
fi

"$python" manage.py migrate --verbosity 0
"$python" manage.py demo --if-empty
cat <<EOF

  读者 / Readers   http://$host:$port/
  采编 / Desk      http://$host:$port/desk/

  按 Ctrl+C 停止 / Press Ctrl+C to stop

EOF
exec "$python" manage.py serve --bind "$host:$port"
