#!/bin/sh
# A private Dovecot instance on loopback with the scripts and settings of etc/siftd/dovecot, for
# tests. Needs root and Dovecot 2.3 or 2.4 with Pigeonhole.
#
#   private-dovecot.sh start DIR SOCKET PORT    IMAP for any user, password secret
#   private-dovecot.sh stop DIR
#
# DIR is an absolute path. SOCKET is the socket of `siftd learn`, which the group nogroup may open.
# The environment variable SIFTD names the binary. Flags teach too, unlike in the shipped settings.
set -eu

dir=$2
here=$(cd "$(dirname "$0")" && pwd)

# What the forms of 2.3 and 2.4 have in common.
common() {
    cat <<COMMON
base_dir = $dir/run
state_dir = $dir/state
instance_name = siftd-test
log_path = $dir/log/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
first_valid_uid = 1
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
    port = $1
  }
  inet_listener imaps {
    port = 0
  }
}
!include $dir/siftd/dovecot-$version.conf
COMMON
}

main_2_3() {
    cat <<MAIN
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%u
}
MAIN
}

main_2_4() {
    cat <<MAIN
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
mail_inbox_path =
passdb static {
  password = secret
}
userdb static {
  fields {
    uid = nobody
    gid = nogroup
    home = $dir/mail/%{user}
  }
}
MAIN
}

start() {
    socket=$1 port=$2
    version=$(dovecot --version | cut -d. -f1,2)
    install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/run" "$dir/state"
    install -d -o nobody -g nogroup -m 700 "$dir/mail"
    cp -r "$here/../../etc/siftd/dovecot" "$dir/siftd"
    # No argument of a Sieve script may choose the binary or the socket.
    sed -i -e "s,/usr/bin/siftd,$SIFTD," -e "s,/run/siftd/control.sock,$socket," \
        "$dir/siftd/bin/siftd-learn"
    sed -i -e "s,/etc/siftd/dovecot,$dir/siftd," -e 's,^  #imapsieve,  imapsieve,' \
        -e '/^#sieve_script/,/^#}/s,^#,,' "$dir/siftd/dovecot-$version.conf"
    case $version in
    2.3) main_2_3 ;;
    2.4) main_2_4 ;;
    *) echo "$0: Dovecot $version is neither 2.3 nor 2.4" >&2; exit 69 ;;
    esac > "$dir/etc/dovecot.conf"
    common "$port" >> "$dir/etc/dovecot.conf"
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
