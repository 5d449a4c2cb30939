#!/bin/sh
# What scoring in batches buys: throughput and CPU of the daemon, and how many messages a wake-up
# of a worker serves, by batch limit and number of connections.
#
#   [MODEL=DIR] run.sh SIFTD REPLAY MAIL [ROUNDS [MESSAGES]]
#
# SIFTD and REPLAY are built binaries, MAIL is what `siftd classify` takes. Rounds go through all
# limits in turn, each with a fresh daemon; the medians are printed.
set -eu
siftd=$1 replay=$2 mail=$3 rounds=${4:-3} messages=${5:-4000} model=${MODEL:-}
[ -z "$model" ] || model="[model]
directory = \"$model\""
folder=$(mktemp -d)
trap 'kill $pid 2>/dev/null || true; rm -rf "$folder"' EXIT
pid=
batches() {
    curl -s "$(sed -n 's/.*msg=http_started url=//p' "$folder/log")metrics" |
        awk '/^siftd_batch_size_(sum|count)/ { printf "%s ", $2 } END { print "" }'
}
for round in $(seq "$rounds"); do
    for limit in 1 8 32 128 '"auto"'; do
        cat > "$folder/siftd.toml" <<EOF
[milter]
socket = "unix:$folder/m.sock"
[http]
port = 0
[scoring]
batch_limit = $limit
[log]
level = "notice"
$model
EOF
        "$siftd" serve --config "$folder/siftd.toml" > "$folder/log" 2>&1 &
        pid=$!
        while [ ! -S "$folder/m.sock" ]; do sleep 0.05; done
        "$replay" "$folder/m.sock" $pid 8 500 20 "$mail" > /dev/null
        for connections in 1 8 32 100; do
            before=$(batches)
            line=$("$replay" "$folder/m.sock" $pid "$connections" "$messages" 20 "$mail" | tail -n 1)
            after=$(batches)
            echo "$(echo "$limit" | tr -d \") $connections $(echo "$line" | sed 's|.*connection: \([0-9.]*\) messages/s, \([0-9.]*\) ms.*, \([0-9]*\) failures.*|\1 \2 \3|') $(echo "$before $after" | awk '{ print int(100 * ($3 - $1) / ($4 - $2)) }')" >> "$folder/results"
        done
        kill $pid
        wait $pid 2>/dev/null || true
    done
done
echo "batch limit, connections: messages/s, CPU ms a message, failures, messages a batch"
sort -n -k1,1 -k2,2 "$folder/results" | awk '
    function median(list,   part, n) { n = split(list, part, " "); return sorted(part, n) }
    function sorted(part, n,   i, j, t) {
        for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++)
            if (part[j] + 0 < part[i] + 0) { t = part[i]; part[i] = part[j]; part[j] = t }
        return part[int((n + 1) / 2)] }
    { key = $1 ", " $2; if (!(key in seen)) { order[++count] = key; seen[key] = 1 }
      rate[key] = rate[key] " " $3; cpu[key] = cpu[key] " " $4; bad[key] += $5
      batched[key] = batched[key] " " $6 }
    END { for (i = 1; i <= count; i++) { k = order[i]
        printf "%s: %d, %.3f, %d, %.2f\n", k, median(rate[k]), median(cpu[k]), bad[k], median(batched[k]) / 100 } }'
