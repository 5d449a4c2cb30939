#!/bin/sh
# A private Dovecot instance on loopback with the scripts and settings of etc/siftd/dovecot, for
# tests. Needs root and Dovecot 2.3 with Pigeonhole.
#
#   private-dovecot.sh start DIR SOCKET PORT    IMAP for any user, password secret
#   private-dovecot.sh stop DIR
#
# DIR is an absolute path. SOCKET is the socket of `siftd learn`, which the group nogroup may open.
# The environment variable SIFTD names the binary. Flags teach too, unlike in the shipped settings.
set -eu

dir=$2
here=$(cd "$(dirname "$0")" && pwd)

start() {
    socket=$1 port=$2
    install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/run" "$dir/state"
    install -d -o nobody -g nogroup -m 700 "$dir/mail"
    cp -r "$here/../../etc/siftd/dovecot" "$dir/siftd"
    # No argument of a Sieve script may choose the binary or the socket.
    sed -i -e "s,/usr/bin/siftd,$SIFTD," -e "s,/run/siftd/control.sock,$socket," \
        "$dir/siftd/bin/siftd-learn"
    sed -i -e "s,/etc/siftd/dovecot,$dir/siftd," -e 's,^  #imapsieve,  imapsieve,' \
        "$dir/siftd/dovecot-2.3.conf"
    cat > "$dir/etc/dovecot.conf" <<MAIN
base_dir = $dir/run
state_dir = $dir/state
instance_name = siftd-test
log_path = $dir/log/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \Junk
  }
  mailbox Bin {
    auto = create
    special_use = \Trash
  }
  mailbox Trash {
    auto = create
  }
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = $port
  }
  inet_listener imaps {
    port = 0
  }
}
!include $dir/siftd/dovecot-2.3.conf
MAIN
    for script in "$dir"/siftd/*.sieve; do
        sievec -c "$dir/etc/dovecot.conf" "$script"
    done
    dovecot -c "$dir/etc/dovecot.conf"
}

case $1 in
start) start "$3" "$4" ;;
stop) doveadm -c "$dir/etc/dovecot.conf" stop ;;
*) echo "usage: $0 start DIR SOCKET PORT | stop DIR" >&2; exit 64 ;;
esac
