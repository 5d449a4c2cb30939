#!/bin/bash
# Boots a minimal Debian 12 with Postfix under systemd-nspawn, installs the packages there and tries
# the unit: notification, reload, watchdog, socket activation, journal, sandbox, stop under load.
#
#   Tests/Packaging/systemd.sh FOLDER      the folder has siftd_*.deb and siftd-model-starter_*.deb
set -euo pipefail
packages=$(realpath "$1")
. "$(dirname "$0")/lib.sh"

samples=/usr/share/siftd/samples
install_all="apt-get install -y -q --no-install-recommends /packages/siftd_*.deb /packages/siftd-model-starter_*.deb"
apt_env="DEBIAN_FRONTEND=noninteractive"

property() { run systemctl show -P "$1" "${2:-siftd.service}"; }
is() { test "$(property "$1" "${3:-siftd.service}")" = "$2"; }
# logged TEXT: since the mark that `mark` set.
mark() { since=$(run date '+%Y-%m-%d %H:%M:%S.%N' | cut -c1-26); }
logged() { run journalctl -u siftd --since "$since" -o cat --no-pager | grep -F -- "$1"; }
mail() { run bash -c "$smtp send $samples/$1.eml alice@siftd-test.example.org"; }
arrived() { test "$(run grep -c "^X-Spam-Flag: $1" /var/mail/alice)" -ge "$2"; }
site() { run sh -c "cat > /etc/siftd/conf.d/site.toml"; }
drop_in() { run sh -c "mkdir -p /etc/systemd/system/$1.d; cat > /etc/systemd/system/$1.d/test.conf; systemctl daemon-reload"; }
no_drop_in() { run sh -c "rm -r /etc/systemd/system/$1.d; systemctl daemon-reload"; }

fresh postfix
inside useradd -m alice
boot
# Units inherit the priority of this script, and when that is a low one the runtime complains of it.
run sh -c 'mkdir -p /run/systemd/system/siftd.service.d
    printf "[Service]\nNice=0\n" > /run/systemd/system/siftd.service.d/nice.conf; systemctl daemon-reload'
run systemctl --version | head -n 1
check "the system runs with Postfix" eventually is ActiveState active postfix@-.service

say "From the packages to the first filtered message"
began=$(date +%s.%N)
run_network env $apt_env bash -c "echo '# $install_all'; $install_all" > "$work/install.log" 2>&1 || tail "$work/install.log"
run bash -c "echo '# siftd-postfix enable'; siftd-postfix enable"
mail spam | tail -n 2
eventually arrived YES 1
ended=$(date +%s.%N)
run grep -A12 -m1 "^X-Spam" /var/mail/alice | sed '/^$/q'
awk -v a="$began" -v b="$ended" 'BEGIN { printf "        two commands and a message: %.1f s\n", b - a }'
check "spam arrives marked" arrived YES 1
mail ham > /dev/null
check "ham arrives with its score" eventually arrived NO 1
check "smtpd is in its chroot" run sh -c 'postconf -M smtp/inet | awk "{ exit \$5 != \"y\" }"'
check "the socket has Postfix's group" \
    test "$(run stat -c '%U:%G %a' /var/spool/postfix/siftd/milter.sock)" = "siftd:postfix 660"
check "no other user reaches it" not run runuser -u alice -- test -w /var/spool/postfix/siftd/milter.sock

say "Notification and limits"
check "Type=notify, active" eval 'is Type notify && is SubState running'
check "the status says what it does" eval 'property StatusText | grep "judging mail with model"'
check "it may open 16,384 files" eval "run grep -E 'open files +16384' /proc/$(property MainPID)/limits"
check "it leaves no core" eval "run grep -E 'core file size +0' /proc/$(property MainPID)/limits"
check "exposure is 1.5 or less" run systemd-analyze security --no-pager --threshold=15 siftd.service
run systemd-analyze security --no-pager siftd.service | tail -n 1

say "Journal"
entry=$(run journalctl -u siftd -o json --no-pager -g 'verdict=spam' | tail -n 1)
field() { printf '%s' "$entry" | grep -o "\"$1\":\"[^\"]*\"" | cut -d'"' -f4; }
for pair in PRIORITY=6 SYSLOG_IDENTIFIER=siftd SYSLOG_FACILITY=2 _SYSTEMD_UNIT=siftd.service _COMM=siftd \
    _TRANSPORT=stdout; do
    check "a verdict's ${pair%%=*} is ${pair#*=}" test "$(field "${pair%%=*}")" = "${pair#*=}"
done
check "its MESSAGE is the line without a prefix" eval 'field MESSAGE | grep -Eq "^[0-9A-F]+: verdict=spam action="'

say "Reload"
pid=$(property MainPID)
echo 'policy.tag_threshold = 0.9999' | site
mark
check "systemctl reload" run systemctl reload siftd
check "a good configuration is taken" eventually logged msg=reloaded
check "by the same process" is MainPID "$pid"
echo 'policy.tag_treshold = 0.5' | site
mark
run systemctl reload siftd || true
check "a broken one is refused" eventually logged msg=reload_failed
check "the log names the right key" logged tag_threshold
check "the unit is active all the same" is ActiveState active
check "and again by the same process" is MainPID "$pid"
mail ham > /dev/null
check "mail is judged meanwhile" eventually arrived NO 2
check "a start with it ends" eval 'run systemctl restart siftd; is ExecMainStatus 78'
check "and is not repeated" eval 'is NRestarts 0 && is ActiveState failed'
check "siftd check-config says why" run sh -c 'siftd check-config; test $? = 78'
run rm /etc/siftd/conf.d/site.toml
check "repaired, it starts" run systemctl start siftd

say "Watchdog and crashes"
echo '[Service]
WatchdogSec=4' | drop_in siftd.service
run systemctl restart siftd
mark
pid=$(property MainPID)
restarts=$(property NRestarts)
run sh -c "kill -STOP $pid"
check "a siftd that hangs is ended and started again" eventually eval \
    "test \$(property NRestarts) -gt $restarts && is SubState running"
check "by the watchdog" eval "run journalctl -u siftd --no-pager --since '$since' | grep -i watchdog"
check "as another process" not is MainPID "$pid"
run sh -c "kill -SEGV $(property MainPID)"
check "after a crash it is started again" eventually eval "test \$(property NRestarts) -gt $((restarts + 1)) && is SubState running"
no_drop_in siftd.service
run systemctl restart siftd
mail ham > /dev/null
check "and judges mail" eventually arrived NO 3

say "Sandbox"
# The unit as it is, but with another program in siftd's stead.
ip -V > /dev/null 2>&1 && nsenter -t "$leader" -n ip address add 192.0.2.1/32 dev lo
run sh -c "cat > /var/tmp/probe; chmod 755 /var/tmp/probe" << 'PROBE'
#!/bin/bash
# Prints NAME=what happened.
try() { local name=$1 output; shift; output=$(eval "$@" 2>&1) && echo "$name=done $output" || echo "$name=$output"; }
for path in /etc /etc/siftd /usr /opt /run /var/cache /var/spool/postfix /var/lib; do try "$path" "touch $path/open/x"; done
try state 'touch /var/lib/siftd/x && rm /var/lib/siftd/x'
try socket 'touch /var/spool/postfix/siftd/x && rm /var/spool/postfix/siftd/x'
try home 'ls /home/alice'
try root 'ls /root'
try tmp 'ls /tmp /var/tmp'
try devices 'ls /dev/kmsg /dev/mem /dev/sda /dev/kvm /dev/vda'
try processes 'ls -d /proc/[0-9]* | grep -vw "$$" | grep -cE "/1$"'
try sysctl 'echo 1 > /proc/sys/kernel/sysrq'
try kernel 'cat /proc/kallsyms | head -n 1'
for path in /var/lib/siftd /var/spool/postfix/siftd /run/siftd /tmp /var/tmp /dev/shm; do
    try "run$path" "cp /bin/true $path/true && $path/true"
    rm -f "$path/true"
done
try suid 'cp /bin/true /var/lib/siftd/s && chmod u+s /var/lib/siftd/s'
rm -f /var/lib/siftd/s
try namespace 'unshare -U true'
try mount 'mount -t tmpfs tmpfs /var/lib/siftd'
try packet 'perl -e "socket(S, 17, 3, 768) or die \$!"'
try netlink 'perl -e "socket(S, 16, 3, 0) or die \$!"'
try inet 'perl -e "socket(S, 2, 1, 0) or die \$!"'
try ptrace 'perl -e "(syscall(101, 16, 1, 0, 0) == 0) or die \$!"'
try loopback 'timeout 2 bash -c ": > /dev/tcp/127.0.0.1/25"'
try beyond 'timeout 2 bash -c ": > /dev/tcp/192.0.2.1/25"'
try identity 'id -un; grep -E "^(CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status | tr -d "\t" | tr "\n" " "'
PROBE
run sh -c 'for path in /etc /etc/siftd /usr /opt /run /var/cache /var/spool/postfix /var/lib; do install -d -m 777 $path/open; done'
run sh -c 'mkdir -p /usr/libexec; mv /var/tmp/probe /usr/libexec/siftd-probe
    sed "s#^ExecStart=.*#ExecStart=/usr/libexec/siftd-probe#; s/^Type=.*/Type=oneshot/; /^WatchdogSec/d; /^Restart/d; /^RuntimeDirectoryMode/d" \
        /lib/systemd/system/siftd.service > /run/systemd/system/siftd-probe.service; systemctl daemon-reload
    systemctl start siftd-probe'
run journalctl -u siftd-probe -o cat --no-pager > "$work/probe"
result() { grep "^$1=" "$work/probe"; }
for path in /etc /etc/siftd /usr /opt /run /var/cache /var/spool/postfix /var/lib; do
    check "it can't write below $path, though all may" eval "result $path | grep 'Read-only file system'"
done
check "it writes its state and the socket's folder" eval 'result state | grep done && result socket | grep done'
check "it sees no home" eval '! result home | grep done && ! result root | grep done'
check "it sees no temporary files of others" eval 'result tmp | grep -v systemd'
check "it sees no device but the harmless" not eval "result devices | grep -E 'done|^/dev'"
check "it sees no process of others" eval "result processes | grep -v '=done 1'"
check "it changes no setting of the kernel" not eval 'result sysctl | grep done'
for path in /var/lib/siftd /var/spool/postfix/siftd /run/siftd /tmp /var/tmp /dev/shm; do
    check "it runs nothing that it wrote to $path" eval "result run$path | grep 'Permission denied'"
done
check "it makes no set-user-ID file" not eval 'result suid | grep done'
for name in namespace mount packet netlink ptrace; do
    check "it may not: $name" not eval "result $name | grep done"
done
check "it has internet sockets" eval 'result inet | grep done'
check "it reaches loopback" eval 'result loopback | grep done'
if ip -V > /dev/null 2>&1; then
    check "others are refused at once by 192.0.2.1" eval \
        "(run bash -c ': > /dev/tcp/192.0.2.1/25' 2>&1 || true) | grep 'Connection refused'"
    check "it does not reach beyond loopback" not eval "result beyond | grep -E 'done|refused'"
fi
check "it has no capability, no new privileges, and a filter of system calls" eval \
    "result identity | grep 'siftd' && grep -E 'CapEff:0{16} CapBnd:0{16} NoNewPrivs:1 Seccomp:2' '$work/probe'"
check "the daemon itself is in it" eval \
    "run grep -E '^Seccomp:.2' /proc/$(property MainPID)/status && run grep -E '^CapBnd:.0{16}' /proc/$(property MainPID)/status"

say "Socket activation"
echo 'milter.socket = "fd:3"' | site
run mv /etc/siftd/conf.d/50-postfix.toml /root/
echo '[Socket]
ListenStream=
ListenStream=/var/spool/postfix/siftd/milter.sock' | drop_in siftd.socket
run systemctl stop siftd.service
check "the socket unit listens" run systemctl start siftd.socket
check "siftd does not run" is ActiveState inactive
marked=$(run grep -c '^X-Spam-Flag: YES' /var/mail/alice)
mail spam > /dev/null
check "the first message starts it" eventually is SubState running
check "and is judged" eventually arrived YES $((marked + 1))
check "a restart keeps the socket" eval "run systemctl restart siftd && mail spam > /dev/null && eventually arrived YES $((marked + 2))"
check "both stop" run systemctl stop siftd.socket siftd.service
check "the socket is gone" not run test -e /var/spool/postfix/siftd/milter.sock
no_drop_in siftd.socket
run mv /root/50-postfix.toml /etc/siftd/conf.d/
run rm /etc/siftd/conf.d/site.toml
run systemctl start siftd

say "Stop under load"
before=$(run grep -c '^Subject: CONGRAT' /var/mail/alice)
run sh -c 'postconf -e smtpd_client_connection_rate_limit=0 smtpd_client_connection_count_limit=0 && postfix reload' 2> /dev/null
run bash -c "$smtp
    for client in \$(seq 8); do
        (for turn in \$(seq 40); do send $samples/spam.eml alice@siftd-test.example.org | grep -c '^250 2.0.0 Ok: queued'; done) &
    done > /tmp/accepted; wait" 2> /dev/null &
load=$!
eventually eval "test \$(run grep -c '^Subject: CONGRAT' /var/mail/alice) -gt $((before + 20))"
began=$(date +%s.%N)
check "systemctl stop" run systemctl stop siftd
ended=$(date +%s.%N)
awk -v a="$began" -v b="$ended" 'BEGIN { printf "        took %.1f s\n", b - a }'
check "within the time-out, by itself" eval 'is Result success && is ExecMainStatus 0'
run systemctl start siftd
wait "$load" || true
accepted=$(run grep -c '^1' /tmp/accepted)
echo "        $accepted of 320 messages accepted meanwhile"
check "every message that was accepted arrives" eventually eval \
    "test \$(run grep -c '^Subject: CONGRAT' /var/mail/alice) -ge $((before + accepted))"

say "A model that comes, goes and changes"
mark
pid=$(property MainPID)
check "the model's package, again" run_network env $apt_env sh -c \
    'apt-get install -y -q --reinstall /packages/siftd-model-starter_*.deb'
check "siftd reloads" eventually logged msg=reloaded
check "as the same process" is MainPID "$pid"
run env $apt_env apt-get remove -y -q siftd-model-starter > /dev/null 2>&1
check "without a model a start ends with 65" eval 'run systemctl restart siftd; is ExecMainStatus 65'
check "and is not repeated" is NRestarts 0
check "the model's package starts it" eval \
    "run_network env $apt_env sh -c 'apt-get install -y -q /packages/siftd-model-starter_*.deb' && eventually is SubState running"

check "the runtime complains of priorities at a start at most" eval \
    "test -z \"\$(run journalctl -u siftd --no-pager | grep 'Failed to set thread' | awk '{ print \$5 }' | uniq -d)\""

say "Boot"
shut_down
boot
check "siftd runs after a boot" eventually is SubState running
check "Postfix waited for it" eval \
    "test \$(property ActiveEnterTimestampMonotonic) -le \$(property ActiveEnterTimestampMonotonic postfix@-.service)"
marked=$(run grep -c '^X-Spam-Flag: YES' /var/mail/alice)
mail spam > /dev/null
check "mail is judged" eventually arrived YES $((marked + 1))

say "Remove"
run cp "$samples/ham.eml" /root/
samples=/root
delivered=$(run grep -c '^Subject: Rehearsal' /var/mail/alice)
check "purge" run env $apt_env apt-get purge -y -q siftd siftd-model-starter
check "no process is left" run sh -c '! grep -lx siftd /proc/[0-9]*/comm' 
check "no unit has failed" eval "test -z \"\$(run systemctl list-units --failed --no-legend)\""
mail ham > /dev/null
check "Postfix delivers without it" eventually eval \
    "test \$(run grep -c '^Subject: Rehearsal' /var/mail/alice) -gt $delivered"

summary
