#!/bin/sh
# A private Sendmail on loopback, for tests. Needs root, and the right to use `unshare`.
#
#   private-sendmail.sh start DIR SOCKET PORT   delivers all mail to DIR/mail/inbox/new
#   private-sendmail.sh stop DIR
#   private-sendmail.sh packages                only fetches Sendmail; start does so if needed
#
# DIR is an absolute path, and the user nobody must reach DIR/mail. SOCKET is the milter's unix
# socket, in a folder that exists and that only its owner may write.
# Environment: ACTION (tempfail or accept) is the reply while the milter is away, SENDMAIL_ROOT the
# folder of the unpacked packages.
#
# A delivered file is named by its queue id and starts with Return-Path and a Delivered-To for each
# envelope recipient; the message follows as Sendmail sends it. It is complete before the client
# gets 250. DIR/mqueue holds qf* and df* of mail that waits, hf* and df* of mail in quarantine;
# DIR/log/maillog is Sendmail's log.
set -eu
umask 022

root=${SENDMAIL_ROOT:-/var/cache/siftd-sendmail}
sendmail=$root/usr/libexec/sendmail/sendmail

# The package sendmail-bin conflicts with postfix, so it is only unpacked and not installed. The
# two libraries are those that a Debian 12 with postfix may lack.
packages() (
    [ ! -x "$sendmail" ] || return 0
    mkdir -p "$(dirname "$root")"
    new=$(mktemp -d "$root.XXXXXX")
    cd "$new"
    set -- sendmail-bin sendmail-cf m4 libwrap0 libldap-2.5-0
    # The folder is root's: the unprivileged user of apt can't write there.
    fetch() { apt-get -qq -o APT::Sandbox::User=root download "$@" >&2; }
    fetch "$@" || { apt-get -qq update >&2 && fetch "$@"; }
    for package in *.deb; do
        dpkg -x "$package" . && rm "$package"
    done
    # A set-group-id program ignores LD_LIBRARY_PATH.
    chmod 755 . usr/libexec/sendmail/sendmail
    # If another run was quicker, its folder is kept: mv does not replace a folder with content.
    mv -T "$new" "$root" 2>/dev/null || rm -rf "$new"
)

start() {
    socket=$1 port=$2
    case ${ACTION:-tempfail} in
    tempfail) flag=T ;;
    accept) flag= ;;
    *) echo "$0: ACTION is tempfail or accept" >&2; exit 64 ;;
    esac
    packages
    LD_LIBRARY_PATH=$root/usr/lib/$(uname -m)-linux-gnu
    export LD_LIBRARY_PATH
    install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/mail" "$dir/dev" "$dir/dev/milter"
    install -d -m 700 "$dir/mqueue"
    install -d -o nobody -g nogroup "$dir/mail/inbox" "$dir/mail/inbox/tmp" "$dir/mail/inbox/new"
    # Every address is delivered by our mailer "inbox", without aliases and DNS. It has none of the
    # flags that add header fields or change the body. QUEUE_LA lets a busy machine deliver as well.
    cat > "$dir/etc/sm.mc" <<MC
define(\`_USE_ETC_MAIL_')dnl
OSTYPE(\`linux')dnl
define(\`confDOMAIN_NAME', \`mx.example.org')dnl
define(\`confPID_FILE', \`$dir/log/ready')dnl
define(\`QUEUE_DIR', \`$dir/mqueue')dnl
define(\`ALIAS_FILE', \`')dnl
define(\`confDELIVERY_MODE', \`interactive')dnl
define(\`confDONT_PROBE_INTERFACES', \`true')dnl
define(\`confMAX_MESSAGE_SIZE', \`52428800')dnl
define(\`confTO_IDENT', \`0')dnl
define(\`confREFUSE_LA', \`0')dnl
define(\`confQUEUE_LA', \`1000')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`promiscuous_relay')dnl
DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=127.0.0.1, Port=$port')dnl
INPUT_MAIL_FILTER(\`siftd', \`S=unix:/dev/milter/$(basename "$socket"), F=$flag, T=S:30s;R:60s;E:1m')dnl
LOCAL_RULE_0
R\$* <@ \$+ > \$*	\$#inbox \$@ here \$: \$1 <@ \$2 >
MAILER_DEFINITIONS
Minbox,	P=/bin/sh, F=mnhu, U=nobody, T=DNS/RFC822/X-Unix, r=1000, A=sh $dir/etc/deliver \$i \$f \$u
MC
    "$root/usr/bin/m4" -D_CF_DIR_="$root/usr/share/sendmail/cf/" \
        "$root/usr/share/sendmail/cf/m4/cf.m4" "$dir/etc/sm.mc" > "$dir/etc/sm.cf" 2> "$dir/log/m4"
    # Sendmail hands over about 4 KB of recipients at a time: later ones join the file of the first.
    cat > "$dir/etc/deliver" <<DELIVER
file=\$1 from=\$2
shift 2
cd "$dir/mail/inbox" && {
    printf 'Return-Path: <%s>\n' "\$from"
    [ ! -f "new/\$file" ] || sed -n '1d; /^Delivered-To: /!q; p' "new/\$file"
    printf 'Delivered-To: %s\n' "\$@"
    cat
} > "tmp/\$file" && mv "tmp/\$file" "new/\$file" || exit 75
DELIVER
    echo "127.0.0.1 mx.example.org mx localhost" > "$dir/etc/hosts"
    rm -f "$dir/log/ready" "$dir/log/console" "$dir/pid"
    : > "$dir/log/console"
    setsid unshare --uts --mount --pid --fork "$0" inside "$dir" "$(dirname "$socket")" \
        < /dev/null > "$dir/log/console" 2>&1 &
    until [ -s "$dir/log/ready" ]; do
        # Any output before it is ready is an error. If the port were taken, it would retry forever.
        if [ -s "$dir/log/console" ] || ! kill -0 $! 2>/dev/null; then
            cat "$dir/log/console" >&2
            stop
            exit 1
        fi
        sleep 0.02
    done
}

# Runs as the first process of namespaces that end with it, together with every child and mount.
# They give Sendmail what no option does: a full host name (without one it sleeps for a minute), a
# private /dev/log (it logs to syslog only), and the milter's socket at a path that it trusts (it
# refuses one below a folder that others may write, such as /tmp).
inside() {
    # /proc is still that of the outer namespace: its "self" has the number that `stop` needs.
    read -r pid rest < /proc/self/stat
    echo "$pid $(readlink /proc/self/ns/mnt)" > "$dir/pid"
    hostname mx.example.org
    mount --bind "$dir/etc/hosts" /etc/hosts
    mount --bind "$1" "$dir/dev/milter"
    for node in null zero random urandom; do
        : > "$dir/dev/$node"
        mount --bind "/dev/$node" "$dir/dev/$node"
    done
    mount --rbind "$dir/dev" /dev
    rm -f /dev/log
    perl -MIO::Socket::UNIX -e '
        my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die $!;
        chmod 0666, "/dev/log";
        open STDOUT, ">>", $ARGV[0] or die $!;
        $| = 1;
        while (defined $log->recv(my $line, 65536)) { print $line =~ s/^<\d+>//r =~ s/\s*\z/\n/r }
    ' "$dir/log/maillog" &
    until [ -S /dev/log ]; do sleep 0.02; done
    exec "$sendmail" -C "$dir/etc/sm.cf" -bD
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
inside) inside "$3" ;;
stop) stop ;;
packages) packages ;;
*) echo "usage: $0 start DIR SOCKET PORT | stop DIR | packages" >&2; exit 64 ;;
esac
