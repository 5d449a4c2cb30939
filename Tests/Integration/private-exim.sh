#!/bin/sh
# A private Exim on loopback, for tests of the spamd port. Needs root, and the right to use
# `unshare`.
#
#   private-exim.sh start DIR SPAMD PORT   delivers all mail to DIR/mail/inbox/new
#   private-exim.sh stop DIR
#   private-exim.sh packages               only fetches Exim; start does so if needed
#
# DIR is an absolute path, and the user nobody must reach DIR/mail. SPAMD is what spamd_address
# says: the path of a unix socket, or an address and a port.
# Environment: EXIM_ROOT is the folder of the unpacked packages.
#
# Every message gets X-Spam-Score, X-Spam-Bar and X-Spam-Report; what Exim's condition takes for
# spam gets X-Spam-Flag too. From 9.5 points on it is refused at the end of DATA. A message whose
# judgement fails is deferred.
set -eu
umask 022

root=${EXIM_ROOT:-/var/cache/siftd-exim}
exim=$root/usr/sbin/exim4

# The package exim4-daemon-heavy conflicts with postfix, so it is only unpacked and not installed,
# with the libraries that a Debian 12 may lack.
packages() (
    [ ! -x "$exim" ] || return 0
    mkdir -p "$(dirname "$root")"
    new=$(mktemp -d "$root.XXXXXX")
    cd "$new"
    # The folder is root's: the unprivileged user of apt can't write there.
    fetch() { apt-get -qq -o APT::Sandbox::User=root download "$@" >&2; }
    set -- exim4-daemon-heavy libmariadb3 libidn12 libspf2-2 libpq5 libldap-2.5-0 libsasl2-2 \
        libgnutls-dane0 libunbound8 libopendmarc2 libperl5.36
    fetch "$@" || { apt-get -qq update >&2 && fetch "$@"; }
    for package in *.deb; do
        dpkg -x "$package" . && rm "$package"
    done
    # A set-user-id program ignores LD_LIBRARY_PATH.
    chmod 755 . usr/sbin/exim4
    # If another run was quicker, its folder is kept: mv does not replace a folder with content.
    mv -T "$new" "$root" 2>/dev/null || rm -rf "$new"
)

start() {
    spamd=$1 port=$2
    packages
    LD_LIBRARY_PATH=$root/usr/lib/$(uname -m)-linux-gnu:$root/usr/lib
    export LD_LIBRARY_PATH
    install -d -m 755 "$dir" "$dir/etc" "$dir/mail"
    install -d -o nobody -g nogroup "$dir/mail/inbox" "$dir/spool" "$dir/log"
    cat > "$dir/etc/exim.conf" <<CONF
exim_user = nobody
exim_group = nogroup
exim_path = $exim
keep_environment = LD_LIBRARY_PATH
deliver_drop_privilege = true
primary_hostname = mx.example.org
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
pid_file_path = $dir/log/pid
daemon_smtp_ports = $port
local_interfaces = 127.0.0.1
tls_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
message_size_limit = 50M
smtp_accept_queue_per_connection = 0
smtp_accept_max = 100
spamd_address = $spamd
acl_smtp_rcpt = accept
acl_smtp_data = judge

begin acl

judge:
  warn    spam        = nobody:true
          add_header  = X-Spam-Score: \$spam_score
          add_header  = X-Spam-Bar: \$spam_bar
          add_header  = X-Spam-Report: \$spam_report
  warn    spam        = nobody
          add_header  = X-Spam-Flag: YES
  deny    spam        = nobody:true
          condition   = \${if >={\$spam_score_int}{95}}
          message     = This message scored \$spam_score points.
  accept

begin routers

inbox:
  driver = accept
  transport = inbox

begin transports

inbox:
  driver = appendfile
  directory = $dir/mail/inbox
  maildir_format
  user = nobody
  group = nogroup
  envelope_to_add
  return_path_add
CONF
    # The packages were compiled for a user whom only their installation creates.
    { cat /etc/passwd; echo "Debian-exim:x:65534:65534::/:/bin/false"; } > "$dir/etc/passwd"
    { cat /etc/group; echo "Debian-exim:x:65534:"; } > "$dir/etc/group"
    rm -f "$dir/log/pid" "$dir/pid"
    setsid unshare --mount --pid --fork "$0" inside "$dir" \
        < /dev/null > "$dir/log/console" 2>&1 &
    until [ -s "$dir/log/pid" ]; do
        if ! kill -0 $! 2>/dev/null; then
            cat "$dir/log/console" "$dir"/log/*log >&2
            exit 1
        fi
        sleep 0.02
    done
}

# Runs as the first process of namespaces that end with it, together with every child and mount.
inside() {
    # /proc is still that of the outer namespace: its "self" has the number that `stop` needs.
    read -r pid rest < /proc/self/stat
    echo "$pid $(readlink /proc/self/ns/mnt)" > "$dir/pid"
    mount --bind "$dir/etc/passwd" /etc/passwd
    mount --bind "$dir/etc/group" /etc/group
    exec "$exim" -C "$dir/etc/exim.conf" -bdf
}

stop() {
    [ -s "$dir/pid" ] || return 0
    read -r pid namespace < "$dir/pid"
    # The number may belong to another process by now.
    [ "$(readlink "/proc/$pid/ns/mnt")" = "$namespace" ] || return 0
    kill "$pid"
    tries=0
    while kill -0 "$pid" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || kill -KILL "$pid" || true
        sleep 0.02
    done
}

dir=${2:-}
case ${1:-} in
start) start "$3" "$4" ;;
inside) inside ;;
stop) stop ;;
packages) packages ;;
*) echo "usage: $0 start DIR SPAMD PORT | stop DIR | packages" >&2; exit 64 ;;
esac
