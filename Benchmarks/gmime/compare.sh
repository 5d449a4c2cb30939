#!/bin/sh
# siftd's readers beside GMime and libxml2, on the same messages in turn: compare.sh FOLDER...
# Needs libgmime-3.0-dev, libxml2-dev, pkg-config, a C compiler and `swift build -c release` here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# shellcheck disable=SC2046
cc -O2 -o "$out/read_gmime" "$here/read_gmime.c" $(pkg-config --cflags --libs gmime-3.0 libxml-2.0)
for folder in "$@"; do
    for _ in 1 2 3; do
        "$here/../.build/release/features" "$folder" | tail -n 1
        "$out/read_gmime" "$folder"
    done
done
