#!/bin/sh
# Create .venv and install the pinned packages of requirements/$1.txt if that list has changed.
set -eu
cd "$(dirname "$0")/.."
list="requirements/$1.txt"
python="${PYTHON:-python3}"

fail() {
    printf '\n%s\n%s\n\n' "$1" "$2" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    fail "没有找到 Python 3。请先运行：apt install python3 python3-venv" \
        "Python 3 is missing. Please run: apt install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "需要 Python 3.11 或更新版本。" "Python 3.11 or newer is needed."

if [ ! -x .venv/bin/pip ]; then
    rm -rf .venv
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "缺少 python3-venv。请先运行：apt install python3-venv" \
            "python3-venv is missing. Please run: apt install python3-venv"
    echo "新建 .venv … / Making .venv …"
    "$python" -m venv .venv
fi

is_installed() {
    stamp=".venv/installed-$1"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum "requirements/$1.txt")" ]
}

# dev.txt includes test.txt, which includes run.txt: an installed longer list is sufficient.
case "$1" in
run) lists="run test dev" ;;
test) lists="test dev" ;;
*) lists="$1" ;;
esac
for name in $lists; do
    if is_installed "$name"; then
        exit 0
    fi
done

echo "安装依赖（$list）… / Installing packages …"
.venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r "$list" ||
    fail "依赖没有装好。请检查网络后再运行一次。" \
        "The packages were not installed. Please check the network and run this again."
cksum "$list" >".venv/installed-$1"
