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
# ./run reads this file to find the demo and the base URL of its links.
echo "http://$host:$port" >"${NEWSROOM_DATA_DIR:-var}/demo-paper"
cat <<EOF

  读者 / Readers   http://$host:$port/
  采编 / Desk      http://$host:$port/desk/   （用上面的账号登录 / log in with one of the above）

  先试试 / What to try
    1. correspondent 登录，点“写稿”，交一篇 / write a story and submit it
    2. editor 登录，接稿、改稿、通过 / take it from the queue, edit it, approve it
    3. head 登录，复审，通过 / make the second review as the desk head, approve it
    4. chief 登录，终审，上版，签发这一期 / approve it, place it on a page, sign the issue
    5. 另开一个终端 / in another terminal:
         ./run importpage docs/samples/page.txt --json
         ./run                （列出全部命令 / lists all commands）

  按 Ctrl+C 停止 / Press Ctrl+C to stop

EOF
exec "$python" manage.py serve --bind "$host:$port"
