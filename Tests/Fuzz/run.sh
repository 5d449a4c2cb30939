#!/bin/sh
# Fuzzes one target for a time: Tests/Fuzz/run.sh TARGET SECONDS [MESSAGES...]
#
# TARGET is mime, html, charset, header, tokens or keras. MESSAGES are files or folders of mail
# to start from, besides replay/TARGET. Finds are in .build/TARGET/: crash-*, timeout-*,
# slow-unit-*, and slowest-TARGET, the input with the highest cost a byte. Once a find is fixed, a
# small input of its kind belongs into replay/TARGET, which `make test` runs. Needs Swift's own
# libFuzzer.
set -eu
target=$1 seconds=$2
shift 2
cd "$(dirname "$0")"
here=$PWD
runtime=$(dirname "$(command -v swiftc)")/../lib/clang
fuzzer=$(find "$(readlink -f "$runtime")" -name "libclang_rt.fuzzer_no_main-$(uname -m).a" |
    head -n 1)
swift build -c release --sanitize address --scratch-path .build/asan --product fuzz \
    -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
    -Xlinker "$fuzzer" -Xlinker -lstdc++
mkdir -p ".build/$target/corpus" ".build/$target/seeds"
fuzz=$here/.build/asan/release/fuzz
cd ".build/$target"
export ASAN_OPTIONS=detect_leaks=0
[ $# = 0 ] || "$fuzz" seeds "$target" seeds "$@"
exec "$fuzz" "$target" -max_total_time="$seconds" -timeout=60 -max_len=20000 -rss_limit_mb=3000 \
    -print_final_stats=1 corpus seeds "$here/replay/$target"
