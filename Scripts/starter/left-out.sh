#!/bin/sh
# What the starter model does with mail like none in its training:
# Scripts/starter/left-out.sh SIFTD CORPORA FOLDER [OPTIONS...]
#
# Trains as train.sh does, each time without some sets, and lets siftd judge the train and dev
# parts of those sets: what it marks as spam. Prints the lines that `siftd train --left-out` reads;
# FOLDER gets the models.
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
    python3 - "$siftd" "$corpora" "$folder/$number" $sets <<'PYTHON'
import json, subprocess, sys

siftd, corpora, model, *sets = sys.argv[1:]
for name in sets:
    with open(f"{corpora}/{name}.split.tsv") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    labels = {path: label for path, label, part in rows if part != "test"}
    # Exit codes tell verdicts.
    answers = subprocess.run(
        [siftd, "classify", "--model", model, "--json", f"{corpora}/{name}.tar.zst"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    counts = {"ham": [0, 0], "spam": [0, 0]}
    for line in answers.splitlines():
        answer = json.loads(line)
        label = labels.get(answer.get("member"))
        if label:
            counts[label][0] += 1
            counts[label][1] += answer["verdict"] == "spam"
    print(name, *counts["ham"], *counts["spam"], sep="\t", flush=True)
PYTHON
done <<'SETS'
recent-2025 office-mail modern-newsletters modern-written
wanted-mail modern-mail recent-spam
wanted-political newsletters modern-templates
SETS
