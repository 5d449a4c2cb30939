#!/bin/sh
# A Sendmail MTA of its own, on loopback, for tests. Needs root (CAP_SYS_ADMIN, for `unshare`).
#
#   private-sendmail.sh start DIR SOCKET PORT   mail for anybody lands in DIR/mail/inbox/new
#   private-sendmail.sh stop DIR
#   private-sendmail.sh packages                only fetches Sendmail; start does so where needed
#
# DIR is an absolute path whose folders no group and nobody else may write (but /tmp is fine).
# SOCKET is the milter's unix socket. Environment: ACTION = tempfail (default) or accept says what
# happens to mail while the milter is away; SENDMAIL_ROOT is the cache of unpacked packages.
#
# A delivered file starts with Return-Path and one Delivered-To for each envelope recipient; the
# message follows as Sendmail sends it, and the file name starts with the queue id. What waits in
# the queue is DIR/mqueue/qf*, what a milter put into quarantine DIR/mqueue/hf*.
set -eu

root=${SENDMAIL_ROOT:-/var/cache/siftd-sendmail}
sendmail=usr/libexec/sendmail/sendmail

# The package sendmail-bin conflicts with postfix, so nothing is installed, only unpacked. The
# libraries are those that a Debian 12 with postfix and swaks may lack.
packages() {
    [ ! -x "$root/$sendmail" ] || return 0
    mkdir -p "$(dirname "$root")"
    new=$(mktemp -d "$root.XXXXXX")
    chmod 755 "$new"
    set -- sendmail-bin sendmail-cf m4 libwrap0 libldap-2.5-0
    # As root in a folder of root's, apt warns that it cannot drop its privileges: no harm.
    (cd "$new" && { apt-get download -qq "$@" || { apt-get update -qq && apt-get download -qq "$@"; }; }) >&2
    for package in "$new"/*.deb; do
        dpkg -x "$package" "$new"
        rm "$package"
    done
    # Set-group-id, it would not look at LD_LIBRARY_PATH.
    chmod 755 "$new/$sendmail"
    # Another run may have been quicker; a folder that exists is not replaced.
    mv -T "$new" "$root" 2>/dev/null || rm -rf "$new"
}

start() {
    socket=$1 port=$2
    case ${ACTION:-tempfail} in
    tempfail) flag=T ;;
    accept) flag= ;;
    *) echo "$0: ACTION is tempfail or accept" >&2; exit 64 ;;
    esac
    packages
    libraries=$root/usr/lib/$(uname -m)-linux-gnu
    install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/dev" "$dir/mail"
    install -d -m 700 "$dir/mqueue"
    install -d -o nobody -g nogroup "$dir/mail/inbox" "$dir/mail/inbox/tmp" "$dir/mail/inbox/new"
    # Rule 0 sends every address to the mailer "local", our own: no aliases, no DNS, and no flag
    # that adds a header or changes a body. Mail is delivered before the client hears 250.
    cat > "$dir/etc/sm.mc" <<MC
define(\`_USE_ETC_MAIL_')dnl
OSTYPE(\`linux')dnl
define(\`confDOMAIN_NAME', \`mx.example.org')dnl
define(\`confPID_FILE', \`$dir/mqueue/daemon.pid')dnl
define(\`QUEUE_DIR', \`$dir/mqueue')dnl
define(\`ALIAS_FILE', \`')dnl
define(\`confDELIVERY_MODE', \`interactive')dnl
define(\`confMAX_MESSAGE_SIZE', \`52428800')dnl
define(\`confTO_IDENT', \`0')dnl
define(\`confREFUSE_LA', \`0')dnl
define(\`confQUEUE_LA', \`1000')dnl
define(\`confDONT_PROBE_INTERFACES', \`true')dnl
define(\`confSERVICE_SWITCH_FILE', \`$dir/etc/switch')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`promiscuous_relay')dnl
DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=127.0.0.1, Port=$port')dnl
INPUT_MAIL_FILTER(\`siftd', \`S=unix:/dev/milter/$(basename "$socket"), F=$flag, T=S:30s;R:60s;E:1m')dnl
MAILER_DEFINITIONS
Minbox, P=/bin/sh, F=lmnhu, U=nobody:nogroup, A=sh $dir/etc/deliver \$i \$f \$u
LOCAL_RULE_0
R\$* <@ \$+ > \$*	\$#inbox \$: \$1 <@ \$2 >
MC
    PATH=$root/usr/bin:$PATH LD_LIBRARY_PATH=$libraries m4 -D_CF_DIR_="$root/usr/share/sendmail/cf/" \
        "$root/usr/share/sendmail/cf/m4/cf.m4" "$dir/etc/sm.mc" > "$dir/etc/sm.cf" 2> "$dir/log/m4"
    cat > "$dir/etc/deliver" <<DELIVER
name=\$1.\$\$ from=\$2
shift 2
cd $dir/mail/inbox &&
    { printf 'Return-Path: <%s>\n' "\$from"; printf 'Delivered-To: %s\n' "\$@"; cat; } > "tmp/\$name" &&
    mv "tmp/\$name" "new/\$name" || exit 75
DELIVER
    printf 'hosts files\n' > "$dir/etc/switch"
    printf '127.0.0.1 mx.example.org mx localhost\n' > "$dir/etc/hosts"

    # Namespaces of its own, which end with their first process and take every child and mount
    # along. They give it what Sendmail cannot be configured to use: a full host name (without one
    # it sleeps for a minute), and a /dev whose log is ours, as it logs to syslog only.
    rm -f "$dir/mqueue/daemon.pid" "$dir/pid"
    LD_LIBRARY_PATH=$libraries setsid unshare --uts --mount --pid --fork \
        sh -eu -c "$inside" sh "$dir" "$root/$sendmail" "$(dirname "$socket")" </dev/null >"$dir/log/console" 2>&1 &
    parent=$!
    until [ -s "$dir/mqueue/daemon.pid" ]; do
        kill -0 "$parent" 2>/dev/null || { cat "$dir/log/console" "$dir/log/maillog" >&2; exit 1; }
        sleep 0.02
    done
}

# /proc is still the outer one: /proc/self names the process as `stop` must call it.
inside='
dir=$1
read -r pid rest < /proc/self/stat
echo "$pid" > "$dir/pid"
hostname mx.example.org
mount --bind "$dir/etc/hosts" /etc/hosts
for node in null zero random urandom; do
    : > "$dir/dev/$node"
    mount --bind "/dev/$node" "$dir/dev/$node"
done
mkdir -p "$dir/dev/milter"
mount --bind "$3" "$dir/dev/milter"
mount --rbind "$dir/dev" /dev
rm -f /dev/log
perl -MIO::Socket::UNIX -e '\''
    my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die "/dev/log: $!";
    chmod 0666, "/dev/log";
    $| = 1;
    print "ready\n";
    open STDOUT, ">>", $ARGV[0] or die "$ARGV[0]: $!";
    while (defined $log->recv(my $line, 65536)) { $line =~ s/^<\d+>//; print $line =~ s/\s*\z/\n/r }
'\'' "$dir/log/maillog" > "$dir/log/ready" &
until [ -s "$dir/log/ready" ]; do sleep 0.02; done
exec "$2" -C "$dir/etc/sm.cf" -bD'

stop() {
    [ -f "$dir/pid" ] || return 0
    pid=$(cat "$dir/pid")
    case $(readlink "/proc/$pid/exe") in
    *"/$sendmail") kill "$pid" ;;
    esac
}

dir=${2:-}
case $1 in
start) start "$3" "$4" ;;
stop) stop ;;
packages) packages ;;
*) echo "usage: $0 start DIR SOCKET PORT | stop DIR | packages" >&2; exit 64 ;;
esac
