#!/bin/sh
# What the starter model does with mail like none in its training:
# Scripts/starter/left-out.sh SIFTD CORPORA FOLDER [OPTIONS...]
#
# Trains as train.sh does, each time without some sets, and judges the train and dev parts of
# those sets at the model's own tag threshold. Prints the lines that `siftd train --left-out`
# reads; FOLDER gets the models.
set -eu
siftd=$1 corpora=$2 folder=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
number=0
# Sets of one line have nothing in common.
while read -r sets; do
    number=$((number + 1))
    LEFT_OUT=$sets "$here/train.sh" "$siftd" "$corpora" "$folder/$number" "$@" >"$folder/$number.log" 2>&1
    for set in $sets; do
        for part in train dev; do
            "$siftd" evaluate --model "$folder/$number" --data "$corpora/$set.tar.zst" \
                --split "$corpora/$set.split.tsv" --part $part --allow-unreadable \
                --scores "$folder/$set.$part.tsv" >/dev/null 2>&1 </dev/null || true
        done
    done
    python3 - "$folder" "$folder/$number/config.json" $sets <<'PYTHON'
import csv, json, os, sys

folder, config, *sets = sys.argv[1:]
tag = json.load(open(config))["thresholds"]["tag"]["probability"]
for name in sets:
    counts = {"ham": [0, 0], "spam": [0, 0]}
    for part in ("train", "dev"):
        path = f"{folder}/{name}.{part}.tsv"
        if not os.path.exists(path):
            continue
        with open(path, newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                count = counts[row["label"]]
                count[0] += 1
                count[1] += float(row["probability"]) >= tag
    print(name, *counts["ham"], *counts["spam"], sep="\t", flush=True)
PYTHON
done <<'SETS'
recent-2025 office-mail modern-newsletters modern-written
wanted-mail modern-mail recent-spam
wanted-political newsletters modern-templates
SETS
