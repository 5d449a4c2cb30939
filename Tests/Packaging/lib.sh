# What the packaging tests share: a minimal Debian in memory, a way into it, and a count of checks.
# For bash; needs root, debootstrap and, to boot it, systemd-container.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
checkout=$PWD
# The base system and what apt has fetched are kept, because they take minutes.
cache=${SIFTD_DEBIAN_CACHE:-/var/cache/siftd-debian}
work=$(mktemp -d /tmp/siftd-packaging.XXXXXX)
root=$work/root
passed=0 failed=0
nspawn= leader=

[ "$(id -u)" = 0 ] || { echo "must be run as root" >&2; exit 1; }

finish() {
    local status=$?
    shut_down
    umount -R -l "$root" "$work/base" 2> /dev/null || true
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }

# check NAME COMMAND…: counts whether the command succeeds; its output is shown if not.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        echo "FAILED  $name"
        printf '%s\n' "$output" | tail -n 15 | sed 's/^/        | /'
    fi
}

not() { ! "$@"; }

# eventually COMMAND…: tries it for half a minute.
eventually() {
    local tries=0
    until "$@" > /dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || { "$@"; return 1; }
        sleep 0.2
    done
}

summary() {
    echo
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# The base system as a tar file.
base() {
    [ ! -s "$cache/base.tar" ] || return 0
    mkdir -p "$cache/archives/partial"
    mkdir "$work/base"
    mount -t tmpfs -o size=2G,mode=755 siftd-base "$work/base"
    debootstrap --variant=minbase --include=systemd-sysv,dbus,libnss-systemd bookworm "$work/base"
    rm -f "$work"/base/var/cache/apt/archives/*.deb
    tar -C "$work/base" -cf "$cache/base.tar.new" .
    mv "$cache/base.tar.new" "$cache/base.tar"
    umount "$work/base"
}

# fresh [PACKAGE…]: a new root with these packages of Debian besides. Kept for the next time.
fresh() {
    base
    umount -R -l "$root" 2> /dev/null || true
    mkdir -p "$root"
    mount -t tmpfs -o size=4G,mode=755 siftd-root "$root"
    local layer
    layer=$cache/$(printf '%s\n' base "$@" | LC_ALL=C sort -u | tr '\n' '+').tar
    if [ $# -gt 0 ] && [ -s "$layer" ]; then
        tar -C "$root" -xf "$layer"
    else
        tar -C "$root" -xf "$cache/base.tar"
        cp /etc/resolv.conf /etc/hosts "$root/etc/"
        echo siftd-test > "$root/etc/hostname"
        # What a test writes is not meant to outlive a power failure.
        echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/test"
        echo 'APT::Keep-Downloaded-Packages "true"; Binary::apt::APT::Keep-Downloaded-Packages "true";' \
            > "$root/etc/apt/apt.conf.d/90test"
        rm -f "$root/etc/machine-id"
        : > "$root/etc/machine-id"
        if [ $# -gt 0 ]; then
            inside_network apt-get update -qq
            echo "postfix postfix/main_mailer_type select Local only
postfix postfix/mailname string siftd-test.example.org" | inside debconf-set-selections
            inside_network env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$@" > "$work/apt.log" 2>&1 ||
                { tail "$work/apt.log" >&2; return 1; }
            tar -C "$root" -cf "$layer.new" --exclude=./var/cache/apt/archives/*.deb .
            mv "$layer.new" "$layer"
        fi
    fi
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.0.1 siftd-test.example.org siftd-test\n' > "$root/etc/hosts"
    mkdir -p "$root/packages"
    cp "$packages"/*.deb "$root/packages/"
}

# enter UNSHARE-OPTIONS -- COMMAND…: runs it in the root, which is not booted. What it leaves
# running ends with it.
enter() {
    local options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    unshare -m -p -f --kill-child "${options[@]}" bash -c '
        mount --make-rprivate /
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mount --bind "$2" "$1/var/cache/apt/archives"
        command -v ip > /dev/null && ip link set lo up
        root=$1; shift 2
        exec chroot "$root" "$@"' bash "$root" "$cache/archives" "$@"
}

# In a network of its own, in which there is only loopback; or in the host's, for apt.
inside() { enter -n -- "$@"; }
inside_network() { enter -- "$@"; }

# boot: starts systemd in the root, with loopback alone.
boot() {
    unshare -m bash -c '
        set -e
        mount --make-rprivate /
        # The newest layout of control groups, whatever the host has.
        if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
            umount -R -l /sys/fs/cgroup
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
        fi
        group=/sys/fs/cgroup/siftd-test-$$
        mkdir -p "$group/payload"
        echo $$ > "$group/payload/cgroup.procs"
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd
        exec systemd-nspawn --quiet -D "$1" -M siftd-test --register=no --keep-unit \
            --private-network --capability=all --system-call-filter="@known" \
            --bind="$2:/var/cache/apt/archives" --bind-ro="$2/../base.tar:/packages/base.tar" --console=pipe -b < /dev/null' \
        bash "$root" "$cache/archives" > "$work/console" 2>&1 &
    nspawn=$!
    eventually booted || { cat "$work/console" >&2; run systemctl --no-pager list-jobs >&2; return 1; }
}

# The first children of systemd-nspawn are short-lived, so the leader is looked for each time.
booted() {
    leader=$(pgrep -P "$nspawn" | head -n 1)
    [ -n "$leader" ] && { run systemctl is-system-running || true; } | grep -Eq 'running|degraded'
}

# run COMMAND…: in the booted system; run_network has the host's network, for apt.
run() { nsenter -t "$leader" -m -u -i -n -p -C -r -w "$@"; }
run_network() { nsenter -t "$leader" -m -u -i -p -C -r -w "$@"; }

shut_down() {
    [ -n "$nspawn" ] || return 0
    kill -TERM "$nspawn" 2> /dev/null || true
    wait "$nspawn" 2> /dev/null || true
    nspawn= leader=
}

# send FILE RECIPIENT [PORT]: prints an SMTP conversation's replies; for `bash -c` in the root.
smtp='
send() {
    exec 5<> "/dev/tcp/127.0.0.1/${3:-25}"
    reply() { local line; while read -r -u 5 line; do echo "$line"; [ "${line:3:1}" = - ] || break; done; }
    reply
    for command in "EHLO client.example.net" "MAIL FROM:<${from-sender@example.net}>" "RCPT TO:<$2>" DATA; do
        printf "%s\r\n" "$command" >&5
        reply
    done
    sed "s/\r$//; s/^\./../; s/$/\r/" "$1" >&5
    printf ".\r\n" >&5
    reply
    printf "QUIT\r\n" >&5
    reply
    exec 5>&-
}
'
