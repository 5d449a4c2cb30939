# !/bin/sh What a message costs through a real Postfix over the unix socket and over TCP, one
# message at a time and eight at once. Needs root, postfix (smtp-source comes with it).
#
#   run.sh SIFTD MODEL [ROUNDS [MESSAGES]]
#
# Both ways go through one daemon and one Postfix, in turn; milliseconds a message, medians of
# rounds.
set -eu
siftd=$1 model=$2 rounds=${3:-5} messages=${4:-200}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
chmod 755 "$folder"
mta="$here/../../Tests/Integration/private-postfix.sh"
port=2599 milter=8899
cat > "$folder/siftd.toml" <<EOF
milter.socket = ["unix:$folder/m.sock", "inet:$milter@127.0.0.1"]
milter.mode = "0666"
http.port = 0
model.directory = "$model"
log.level = "warning"
EOF
"$siftd" serve --config "$folder/siftd.toml" > "$folder/log" 2>&1 &
pid=$!
trap 'kill $pid; "$mta" stop "$folder/postfix"; rm -rf "$folder"' EXIT
while [ ! -S "$folder/m.sock" ]; do sleep 0.1; done
sleep 1
"$mta" start "$folder/postfix" "$folder/m.sock" $port > /dev/null 2>&1
postconf -c "$folder/postfix/etc" -e virtual_transport=discard: smtpd_client_connection_count_limit=0
measure() { # WAY MILTERS SESSIONS
    postconf -c "$folder/postfix/etc" -e "smtpd_milters=$2"
    postfix -c "$folder/postfix/etc" reload > /dev/null 2>&1
    sleep 2
    start=$(date +%s%N)
    smtp-source -s "$3" -m "$messages" -l 4000 -d -f a@example.net -t b@example.org 127.0.0.1:$port
    end=$(date +%s%N)
    echo "$1 $3 $(((end - start) / messages))" >> "$folder/times"
}
for round in $(seq "$rounds"); do
    for sessions in 1 8; do
        measure none "" $sessions
        measure unix "unix:$folder/m.sock" $sessions
        measure tcp "inet:127.0.0.1:$milter" $sessions
    done
done
echo "| way | sessions | ms a message, median of $rounds |"
echo "|---|---|---|"
for sessions in 1 8; do
    for way in none unix tcp; do
        awk -v w=$way -v s=$sessions '$1 == w && $2 == s { print $3 }' "$folder/times" | sort -n |
            awk -v w=$way -v s=$sessions '{ a[NR] = $1 }
                END { printf "| %s | %d | %.2f |\n", w, s, a[int((NR + 1) / 2)] / 1e6 }'
    done
done
