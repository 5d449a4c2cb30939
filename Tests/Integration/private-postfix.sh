#!/bin/sh
# A private Postfix instance on loopback, for tests and for `make demo`. Needs root.
#
#   private-postfix.sh start DIR SOCKET PORT    delivers all mail to DIR/mail/inbox/new
#   private-postfix.sh stop DIR
#
# DIR is an absolute path. SOCKET is the milter's unix socket, reachable by the user postfix.
# The environment variable ACTION sets milter_default_action (tempfail).
set -eu

dir=$2

start() {
    socket=$1 port=$2
    install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/spool"
    install -d -o postfix -m 700 "$dir/data"
    install -d -o nobody -g nogroup "$dir/mail"
    cat > "$dir/etc/main.cf" <<MAIN
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8 [::1]/128
inet_interfaces = loopback-only
local_recipient_maps =
virtual_mailbox_domains = example.org
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
message_size_limit = 52428800
virtual_mailbox_limit = 0
maillog_file = $dir/log/maillog
maillog_file_prefixes = $dir/log
smtpd_milters = unix:$socket
milter_default_action = ${ACTION:-tempfail}
milter_protocol = 6
MAIN
    cat > "$dir/etc/master.cf" <<MASTER
127.0.0.1:$port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
MASTER
    postfix -c "$dir/etc" check
    postfix -c "$dir/etc" start
}

case $1 in
start) start "$3" "$4" ;;
stop) postfix -c "$dir/etc" stop ;;
*) echo "usage: $0 start DIR SOCKET PORT | stop DIR" >&2; exit 64 ;;
esac
