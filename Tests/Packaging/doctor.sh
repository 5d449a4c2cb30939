#!/bin/bash
# siftd doctor beside a real Sendmail and a real PostgreSQL: each mistake is made in a minimal
# Debian that is booted, what becomes of mail is looked at, and doctor must say why.
#
#   Tests/Packaging/doctor.sh FOLDER      the folder has siftd_*.deb and siftd-model-starter_*.deb
set -euo pipefail
packages=$(realpath "$1")
. "$(dirname "$0")/lib.sh"

apt_env="DEBIAN_FRONTEND=noninteractive"
samples=/usr/share/siftd/samples
user=alice@siftd-test.example.org

# finding STATE TEXT: whether doctor says so; STATE is ok, WARNING or FAILURE.
diagnose() { run siftd doctor > "$work/doctor" 2>&1 || true; }
finding() { grep -E "^$1 +$2" "$work/doctor" || { cat "$work/doctor"; return 1; }; }
exit_code() { local code=0; run siftd doctor > /dev/null 2>&1 || code=$?; test $code = "$1"; }
# No failure or warning of a group but those of this machine's clock and memory.
clean() { ! grep -E "^(FAILURE|WARNING) +$1" "$work/doctor"; }

say "Sendmail"
fresh sendmail-bin sendmail-cf m4 make sasl2-bin sensible-mda procmail postgresql
inside useradd -m alice
boot
run_network env $apt_env sh -c \
    'apt-get install -y -q --no-install-recommends /packages/siftd_*.deb /packages/siftd-model-starter_*.deb' \
    > "$work/install.log" 2>&1 || tail "$work/install.log"
run cp /etc/mail/sendmail.mc /root/sendmail.mc
check "siftd runs" eventually run systemctl is-active siftd

smtp_answers() { run bash -c 'echo QUIT | timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/25; cat <&3" | grep -q ^220'; }
# sendmail_with LINE…: lines of sendmail.mc; makes sendmail.cf and starts Sendmail with it.
sendmail_with() {
    { run cat /root/sendmail.mc; printf '%s\n' "$@"; } | run sh -c 'cat > /etc/mail/sendmail.mc'
    run make -C /etc/mail > /dev/null 2>&1
    run systemctl restart sendmail > /dev/null 2>&1 || true
}
filter() { echo "INPUT_MAIL_FILTER(\`siftd', \`S=unix:/run/siftd/milter.sock, $1')dnl"; }
good=$(filter 'F=T, T=C:10s;S:30s;R:2m;E:5m')
# mail SAMPLE: passes it through Sendmail; prints the replies.
mail() { run bash -c "$smtp from=; send $samples/$1.eml $user"; }
arrived() { run grep -q "^X-Spam-Flag: $1" /var/mail/alice; }

diagnose
check "a Sendmail without the filter is named" finding FAILURE 'sendmail: .*has no filter'
check "so is the line for sendmail.mc" grep -q "INPUT_MAIL_FILTER(.siftd', .S=unix:/run/siftd/milter.sock" "$work/doctor"
check "it ends with 2" exit_code 2

# The line that doctor prints is the one that is used.
advice=$(sed -n "s/^ *in sendmail.mc: \(INPUT_MAIL_FILTER.*dnl\)$/\1/p" "$work/doctor")
echo "        $advice"
run sh -c 'sleep 1; cat >> /etc/mail/sendmail.mc' <<< "$advice"
diagnose
check "sendmail.mc with it, but no make" finding FAILURE 'sendmail: .*sendmail.mc names siftd, but'
sleep 1
run make -C /etc/mail > /dev/null 2>&1
diagnose
check "made, but not restarted" finding WARNING 'sendmail: .*after Sendmail was started'
run systemctl restart sendmail
eventually smtp_answers
diagnose
check "with the advice taken, nothing is left to say of Sendmail" clean sendmail
check "it says who uses the socket" finding ok "sendmail: Sendmail's daemon is root"
check "how long Sendmail waits" finding ok 'sendmail: Sendmail waits 300s'
mail spam > /dev/null
check "and mail is filtered" eventually arrived YES

sendmail_with "MAIL_FILTER(\`siftd', \`S=unix:/run/siftd/milter.sock')dnl"
diagnose
check "a filter that is defined and not used" finding FAILURE 'sendmail: filter siftd is defined but not used'

# siftd is stopped where it stands, so Sendmail waits for its answer.
sendmail_with "$(filter 'F=T, T=C:10s;S:30s;R:3s;E:5m')"
eventually smtp_answers
diagnose
check "too short a wait for one answer" finding FAILURE 'sendmail: Sendmail waits 3s for an answer .R:.'
run systemctl kill --signal=STOP siftd
began=$SECONDS
check "with it Sendmail does give up" eval "mail ham | grep '^451'"
check "after some seconds, whatever E: is" test $((SECONDS - began)) -lt 60
run systemctl kill --signal=CONT siftd
sendmail_with "$(filter 'T=E:10s')"
diagnose
check "too short a wait for all" finding FAILURE 'sendmail: Sendmail waits 10s for an answer .E:.'

sendmail_with "$(filter 'F=R, T=R:2m')"
eventually smtp_answers
diagnose
check "a filter whose absence refuses mail" finding FAILURE 'sendmail: .*refused for good'
run systemctl stop siftd
check "as it does" eval "mail ham | grep '^5[05]'"
diagnose
check "a siftd that is stopped is named" finding FAILURE 'socket: .*siftd does not run'
run systemctl start siftd

# The unit makes the folder anew at each start, so a drop-in changes it.
run sh -c 'mkdir -p /etc/systemd/system/siftd.service.d; printf "[Service]\nRuntimeDirectoryMode=0770\n" > /etc/systemd/system/siftd.service.d/mode.conf; systemctl daemon-reload; systemctl restart siftd'
sendmail_with "$good"
diagnose
check "a folder that others may write to" finding FAILURE 'sendmail: Sendmail refuses the socket'
check "with it Sendmail does not start" not smtp_answers
run sh -c 'rm -r /etc/systemd/system/siftd.service.d; systemctl daemon-reload; systemctl restart siftd'
diagnose
check "and without it all is well" clean sendmail

run_as="define(\`confRUN_AS_USER', \`smmta:smmta')dnl"
sendmail_with "$run_as" "$good"
diagnose
check "a Sendmail that runs as smmta" finding FAILURE 'sendmail: user smmta may not pass through /run/siftd'
check "Sendmail sees the same" not smtp_answers
socket=$(sed -n 's/^ *in siftd.toml: \(milter.socket = .*\); then restart siftd$/\1/p' "$work/doctor")
echo "        $socket"
run sh -c 'mkdir -p /etc/siftd/conf.d; cat > /etc/siftd/conf.d/sendmail.toml; systemctl restart siftd' <<< "$socket"
sendmail_with "$run_as" "INPUT_MAIL_FILTER(\`siftd', \`S=inet:8899@127.0.0.1, F=T, T=C:10s;S:30s;R:2m;E:5m')dnl"
check "as advised Sendmail starts as smmta" eventually smtp_answers
diagnose
check "and nothing is left to say" clean sendmail
run sh -c ': > /var/mail/alice'
check "and mail is filtered" eval "mail spam > /dev/null; eventually arrived YES"
run sh -c 'rm /etc/siftd/conf.d/sendmail.toml; systemctl restart siftd'

sendmail_with "$good"
run sh -c 'cp /etc/mail/submit.mc /root/; cat >> /etc/mail/submit.mc; make -C /etc/mail' <<< "$good" > /dev/null 2>&1
diagnose
check "submit.cf with the filter" finding FAILURE 'sendmail: submit.cf names siftd'
run sh -c 'cp /root/submit.mc /etc/mail/submit.mc; make -C /etc/mail' > /dev/null 2>&1
run sh -c ': > /var/mail/alice; printf "Subject: from the host\n\nThe minutes are in the folder.\n" | runuser -u alice -- /usr/sbin/sendmail -i alice'
check "mail of local programs comes through the daemon, marked" eventually arrived NO

say "PostgreSQL"
# For the role of siftd's user a unix socket needs no password (peer).
sql() { run runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -d siftd -c "$1"; }
store() { printf '[store]\n%s\n' "$1" | run sh -c 'cat > /etc/siftd/conf.d/store.toml'; }
check "the server runs" eventually run runuser -u postgres -- psql -c 'SELECT 1'
store 'url = "postgresql:///siftd?host=/var/run/postgresql"'
diagnose
check "a role that does not exist" finding FAILURE 'database: the database lets role siftd not in'
run runuser -u postgres -- createuser siftd
diagnose
check "a database that does not exist" finding FAILURE 'database: the server has no database siftd'
check "its advice is run" eval "run runuser -u postgres -- $(grep -o 'createdb --owner=[a-z]* [a-z]*' "$work/doctor")"
sql 'ALTER DATABASE siftd OWNER TO postgres'
diagnose
check "a role without a schema" finding FAILURE 'database: role siftd (has no schema|may not make tables)'
sql 'CREATE SCHEMA siftd AUTHORIZATION siftd'
diagnose
check "a schema without tables is well" finding ok 'database: schema siftd has no tables yet'
run systemctl restart siftd
check "siftd starts with it, in its sandbox" run systemctl is-active siftd
known() { diagnose; finding ok 'database: 1 of 1 hosts'; }
check "and is known to the database" eventually known
check "nothing is left to say of the database" clean database
check "as root, though only siftd's user may in" finding ok 'database: PostgreSQL 15.* answers role siftd'

run runuser -u siftd -- sh -c "siftd learn --source admin --spam $samples/spam.eml"
check "a label is in the database" eval "sql 'SELECT count(*) FROM siftd.label' | grep -qw 1"
run systemctl stop postgresql@15-main
diagnose
check "a server that is down" finding FAILURE 'database: no answer of the database at /var/run/postgresql'
run sh -c ': > /var/mail/alice'
check "mail is filtered all the same" eval "mail spam > /dev/null; eventually arrived YES"
check "a label is kept" eval "run runuser -u siftd -- siftd learn --source admin --ham $samples/ham.eml | grep -i 'kept on this host'"
run systemctl start postgresql@15-main
two() { sql 'SELECT count(*) FROM siftd.label' | grep -qw 2; }
check "and delivered when it is back" eventually two
well() { diagnose; clean database; }
check "then all is well again" eventually well

sql "ALTER ROLE siftd PASSWORD 'right'"
run sh -c 'echo wrong > /etc/siftd/database-password; chown root:siftd /etc/siftd/database-password; chmod 640 /etc/siftd/database-password'
store 'url = "postgresql://siftd@localhost/siftd?sslmode=require"
password_file = "/etc/siftd/database-password"'
diagnose
check "a wrong password" finding FAILURE 'database: the database refuses the password of role siftd'
run sh -c 'echo right > /etc/siftd/database-password'
diagnose
check "the right one" finding ok 'database: PostgreSQL 15.* at localhost:5432 answers role siftd'
check "a server whose name is not asked for" finding WARNING 'database: .*sslmode=require'
run chmod 600 /etc/siftd/database-password
diagnose
check "a password that siftd's user can't read" finding FAILURE "database: password file .*can't be read by siftd's user"
run chmod 644 /etc/siftd/database-password
diagnose
check "a password that all can read" finding FAILURE 'database: password file .*every user of this host may read it'
run sh -c 'chown root:siftd /etc/siftd/database-password; chmod 640 /etc/siftd/database-password'
store 'url = "postgresql://siftd@localhost/siftd"
password_file = "/etc/siftd/database-password"'
diagnose
check "a certificate of nobody known" finding FAILURE "database: the connection can't be encrypted as it must"
sql 'ALTER TABLE siftd.label OWNER TO postgres'
store 'url = "postgresql:///siftd?host=/var/run/postgresql"'
diagnose
check "a table of another owner" finding FAILURE 'database: role siftd may not read and change label'
check "its advice is run" sql "$(grep -o 'ALTER TABLE siftd.label OWNER TO siftd;' "$work/doctor")"
sql 'UPDATE siftd.siftd_schema SET readable_from = 99'
diagnose
check "tables of a newer siftd" finding FAILURE 'database: a newer siftd has changed the tables'

summary
