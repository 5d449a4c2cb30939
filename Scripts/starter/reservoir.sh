#!/bin/sh
# Makes the reservoir that comes with siftd: Scripts/starter/reservoir.sh SIFTD CORPORA OUTPUT
#
# It is a sample of the train parts of mail whose licences allow it, see
# share/siftd/reservoir.README.
set -eu
siftd=$1 corpora=$2 output=$3
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
python3 "$here/written.py" "$folder"
# Of recent-spam, what is published under the MIT licence.
awk -F '\t' '$5 ~ /^MIT/ { print $1 }' "$corpora/recent-spam.index.tsv" >"$folder/free"
mkdir "$folder/recent-spam"
tar -x -f "$corpora/recent-spam.tar.zst" -C "$folder/recent-spam" -T "$folder/free" \
    --strip-components 1
"$siftd" train --keep-reservoir "$output" --reservoir-size 2400 --seed 1 --allow-unreadable \
    --doubtful "$here/doubtful-labels.tsv" \
    --split "$corpora/spamassassin.split.tsv" "$corpora/modern-written.split.tsv" \
    "$corpora/recent-2025.split.tsv" "$corpora/recent-spam.split.tsv" \
    "$here/mime-hard.split.tsv" "$folder/written-4.split.tsv" \
    --data "$corpora/spamassassin.tar.zst" "$corpora/modern-written.tar.zst" \
    "$corpora/recent-2025.tar.zst" "$folder/recent-spam" "$corpora/mime-hard.tar.zst" \
    "$folder/written-4"
