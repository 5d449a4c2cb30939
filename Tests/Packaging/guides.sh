#!/bin/bash
# Does what the guides say, each in a minimal Debian 12 of its own under systemd-nspawn: runs the
# commands, writes the files, and checks what came of it. guide.py says what is taken from a page.
#
#   Tests/Packaging/guides.sh FOLDER [GUIDE…]     FOLDER has the packages; all of docs/guides
set -euo pipefail
packages=$(realpath "$1")
shift
. "$(dirname "$0")/lib.sh"

# What the checks of a guide may use besides commands.
tools="$smtp"'
set -e
eventually() {
    local tries=0
    until "$@" > /dev/null 2>&1; do
        tries=$((tries + 1)); [ $tries -lt 150 ] || { "$@"; return 1; }; sleep 0.2
    done
}
send_mail() { send "/usr/share/siftd/samples/$1.eml" alice@siftd-test.example.org "${2:-25}"; }
'

# step FILE: one step of a guide.
step() {
    case $1 in
    *.sh) (echo "cd /packages"; cat "$1") | run bash -e ;;
    *.network) (echo "cd /packages"; cat "$1") | run_network env DEBIAN_FRONTEND=noninteractive bash -e ;;
    *.check) (echo "$tools"; cat "$1") | run bash -e -o pipefail ;;
    *.file)
        local path
        path=$(head -n 1 "$1")
        tail -n +2 "$1" | run sh -c "mkdir -p '$(dirname "$path")' && cat > '$path'"
        ;;
    esac
}

guides=("$@")
[ $# -gt 0 ] || guides=(docs/guides/*.md)
for guide in "${guides[@]}"; do
    steps=$work/steps-$(basename "$guide" .md)
    needs=$(Tests/Packaging/guide.py "$guide" "$steps")
    [ -d "$steps" ] || continue
    say "$guide"
    read -ra names <<< "$needs"
    fresh "${names[@]}"
    inside useradd -m -s /bin/bash alice
    boot
    run_network env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get install -y -q --no-install-recommends /packages/siftd_*.deb /packages/siftd-model-starter_*.deb' \
        > "$work/install.log" 2>&1 || tail "$work/install.log"
    before=$failed
    for file in "$steps"/*; do
        check "$(basename "$file"): $(head -n 1 "$file" | cut -c1-90)" step "$file"
        # What follows would only fail for the same reason.
        [ "$failed" = "$before" ] || break
    done
    if [ "$failed" != "$before" ]; then run journalctl --no-pager -n 25 | sed 's/^/        | /'; fi
    shut_down
done

summary
