#!/bin/sh
# Sends a ham and a spam sample through a private Postfix and siftd and shows the headers they get.
#
#   demo.sh SIFTD        as root, from the top of a checkout
set -eu

siftd=$1
here=$(cd "$(dirname "$0")" && pwd)
samples=$here/../../share/siftd/samples
dir=$(mktemp -d /tmp/siftd-demo.XXXXXX)
chmod 755 "$dir"
port=${PORT:-2599}

finish() {
    "$here/private-postfix.sh" stop "$dir/postfix" >/dev/null 2>&1 || true
    [ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT

cat > "$dir/siftd.toml" <<CONFIG
[milter]
socket = "unix:$dir/milter.sock"
mode = "0666"
[http]
port = 0
CONFIG
"$siftd" serve --config "$dir/siftd.toml" 2> "$dir/log" &
pid=$!
tries=0
until grep -q msg=http_started "$dir/log"; do
    kill -0 "$pid" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "siftd did not become ready" >&2; exit 1; }
    sleep 0.1
done
"$here/private-postfix.sh" start "$dir/postfix" "$dir/milter.sock" "$port" >/dev/null 2>&1

for kind in ham spam; do
    swaks --server 127.0.0.1:"$port" --from sender@example.net --to inbox@example.org \
        --data "@$samples/$kind.eml" --timeout 60 --hide-all
    subject=$(sed -n 's/^Subject: //p' "$samples/$kind.eml")
    tries=0
    until mail=$(grep -lF "$subject" "$dir"/postfix/mail/inbox/new/* 2>/dev/null); do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { cat "$dir/postfix/log/maillog" >&2; exit 1; }
        sleep 0.1
    done
    echo "--- $kind.eml arrived with"
    # Indented lines continue the field above them.
    awk '/^$/ { exit } /^[^ \t]/ { shown = /^(X-Spam|Subject)/ } shown' "$mail"
done
echo "--- siftd's log"
grep verdict= "$dir/log"
