#!/bin/bash
# Installs, starts, upgrades, removes, purges and reinstalls the packages in a minimal Debian 12.
#
#   Tests/Packaging/deb.sh FOLDER      the folder has siftd_*.deb and siftd-model-starter_*.deb
#
# Nothing is booted here: siftd is started as its unit would start it. systemd.sh boots.
set -euo pipefail
packages=$(realpath "$1")
. "$(dirname "$0")/lib.sh"

version=$(Scripts/version)
install_all="apt-get install -y -q --no-install-recommends /packages/siftd_*.deb /packages/siftd-model-starter_*.deb"
apt_env="DEBIAN_FRONTEND=noninteractive"

# Every file of the root with what it is, but for the kernel's, apt's and dpkg's.
listing() {
    (cd "$root" && find . -path ./proc -prune -o -path ./dev -prune -o -path ./packages -prune \
        -o -path ./var/cache -prune -o -path ./var/lib/apt -prune -o -path ./var/lib/dpkg -prune \
        -o -path ./var/log -prune -o -path ./tmp -prune -o -printf '%p %M %u %g\n' | LC_ALL=C sort)
}

# older OLD-VERSION: packages an older siftd whose settings file and logcheck rules differ.
older() {
    local tree=$work/older
    dpkg-deb -R "$packages"/siftd_*_*.deb "$tree"
    sed -i "s/^Version: .*/Version: $1/" "$tree/DEBIAN/control"
    sed -i '1i # Settings of an older siftd.' "$tree/etc/siftd/siftd.toml"
    sed -i '1i # Rules of an older siftd.' "$tree/etc/logcheck/ignore.d.server/siftd"
    dpkg-deb -b -Znone "$tree" "$root/packages/older_siftd.deb" > /dev/null
    rm -r "$tree"
}

# As siftd.service does, with Postfix beside it; prints what arrives.
filtered='
set -e
runuser -u siftd -- /usr/bin/siftd serve 2> /tmp/siftd.log &
for i in $(seq 300); do grep -q msg=started /tmp/siftd.log && break; sleep 0.1; done
postfix start > /dev/null 2>&1
send /usr/share/siftd/samples/spam.eml alice@siftd-test.example.org
for i in $(seq 300); do grep -q "^X-Spam-Flag:" /var/mail/alice 2> /dev/null && break; sleep 0.1; done
cat /tmp/siftd.log
grep "^X-Spam-Flag: YES" /var/mail/alice
postfix stop > /dev/null 2>&1
'

say "Install into a minimal Debian with Postfix"
fresh postfix
inside useradd -m alice
listing > "$work/before"
started=$SECONDS
check "apt installs both packages" \
    inside_network env $apt_env sh -c "$install_all > /tmp/install.log 2>&1 || { cat /tmp/install.log; exit 1; }"
echo "        took $((SECONDS - started)) s"
check "the version is the source's" test "$(inside siftd --version)" = "$version"
check "no library is missing" inside sh -c '! ldd /usr/bin/siftd | grep "not found"'
check "no Swift library is needed" inside sh -c '! ldd /usr/bin/siftd | grep -i swift'
check "the user is there, without a login" inside sh -c 'getent passwd siftd | grep -q "/var/lib/siftd:/usr/sbin/nologin$"'
check "the user siftd is in no other group" test "$(inside id -Gn siftd)" = siftd
check "the state is siftd's alone" test "$(inside stat -c '%U:%G %a' /var/lib/siftd)" = "siftd:siftd 750"
check "the folder in Postfix's chroot is its group's" \
    test "$(inside stat -c '%U:%G %a' /var/spool/postfix/siftd)" = "siftd:postfix 2750"
check "the settings are a conffile" inside sh -c 'dpkg-query -W -f "\${Conffiles}" siftd | grep -q /etc/siftd/siftd.toml'
check "the settings are sound" inside siftd check-config
check "debsums' sums are right" inside dpkg --verify siftd siftd-model-starter
check "the unit is enabled" inside test -L /etc/systemd/system/multi-user.target.wants/siftd.service
check "the socket unit is not" not inside test -L /etc/systemd/system/sockets.target.wants/siftd.socket
check "the ham sample is ham" inside siftd classify /usr/share/siftd/samples/ham.eml
check "the spam sample is spam" inside sh -c 'siftd classify /usr/share/siftd/samples/spam.eml; test $? = 1'
check "guides link to pages that are there" inside sh -c \
    'cd /usr/share/doc/siftd/guides; for page in $(grep -oh "([a-z./-]*\.md" *.md | tr -d "(" | sort -u); do test -e "$page" || { echo "$page"; exit 1; }; done'
check "the man page is there" inside test -e /usr/share/man/man8/siftd-postfix.8.gz

say "Start, and a message through Postfix in its chroot"
check "siftd-postfix sets both up" inside siftd-postfix enable
check "siftd-postfix changes nothing the second time" inside sh -c \
    'a=$(postconf smtpd_milters; cat /etc/siftd/conf.d/*); siftd-postfix enable; [ "$a" = "$(postconf smtpd_milters; cat /etc/siftd/conf.d/*)" ]'
check "smtpd is in its chroot" inside sh -c 'postconf -M smtp/inet | awk "{ exit \$5 != \"y\" }"'
check "spam arrives marked" inside bash -c "$smtp $filtered"
check "Debian's other milters stay" inside sh -c \
    'postconf -e "smtpd_milters = inet:localhost:8891"; siftd-postfix enable; siftd-postfix disable; test "$(postconf -h smtpd_milters)" = inet:localhost:8891'
check "a path outside the chroot becomes one inside" inside sh -c \
    'postconf -e "smtpd_milters = unix:/run/siftd/milter.sock"; siftd-postfix enable; test "$(postconf -h smtpd_milters)" = unix:siftd/milter.sock'
inside postconf -e smtpd_milters=
check "siftd doctor's advice is the command" inside sh -c \
    'siftd doctor --no-message | grep -A1 "smtpd_milters is empty" | grep "^ *siftd-postfix enable$"'

say "Reinstall, and scripts that run twice"
check "reinstall" inside_network env $apt_env apt-get install -y -q --reinstall --no-install-recommends \
    /packages/siftd_"$version"_amd64.deb
check "postinst again" inside sh -c '/var/lib/dpkg/info/siftd.postinst configure 0.0.1'
check "postinst for a trigger" inside sh -c '/var/lib/dpkg/info/siftd.postinst triggered /usr/share/siftd/models'

say "What root does, the daemon goes on with"
for number in $(seq 40); do
    sed "s/small hall/small hall $number/" "$root/usr/share/siftd/samples/ham.eml" > "$root/tmp/ham-$number.eml"
done
check "siftd calibrate as root" inside sh -c 'siftd calibrate --ham /tmp/ham-*.eml && siftd model list | grep "^\*"'
check "nothing of the models is root's" inside sh -c 'test -z "$(find /var/lib/siftd/models ! -user siftd)"'
check "a roll back as siftd" inside runuser -u siftd -- siftd model rollback
check "a label as root, without a daemon" inside siftd learn --spam /usr/share/siftd/samples/spam.eml
check "nothing of the labels is root's" inside sh -c 'test -z "$(find /var/lib/siftd ! -user siftd)"'
check "siftd doctor finds nothing wrong with files" inside sh -c '! siftd doctor --no-message | grep -E "^(FAILURE|WARNING) +files"'

say "Remove"
inside sh -c 'echo mine > /var/lib/siftd/learn-test; echo "policy.mode = \"monitor\"" > /etc/siftd/conf.d/site.toml'
check "remove" inside env $apt_env apt-get remove -y -q siftd siftd-model-starter
check "the program is gone" not inside test -e /usr/bin/siftd
check "the starter model is gone" not inside test -e /usr/share/siftd
check "settings and state stay" inside test -e /etc/siftd/siftd.toml -a -e /var/lib/siftd/learn-test
check "install again after it" inside_network env $apt_env sh -c "$install_all"
check "settings and state are as they were" inside grep -q monitor /etc/siftd/conf.d/site.toml

say "Purge"
inside rm /etc/siftd/conf.d/site.toml
check "purge" inside env $apt_env apt-get purge -y -q siftd siftd-model-starter
inside env $apt_env apt-get autoremove -y -q --purge > /dev/null 2>&1
listing > "$work/after"
# What policy lets stay: the user, and what other packages' scripts wrote when libraries came and
# went.
left=$(LC_ALL=C comm -13 "$work/before" "$work/after" |
    grep -Ev '^\./(etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|etc/ld\.so\.cache|var/spool/postfix|var/lib/postfix|var/mail|etc/postfix|var/lib/systemd/deb-systemd-helper-[a-z]*|run/|etc/alternatives|etc/\.pwd\.lock)' || true)
check "nothing is left" test -z "$left"
[ -z "$left" ] || printf '%s\n' "$left" | sed 's/^/        | /'
check "no folder of siftd's in Postfix's spool" not inside test -e /var/spool/postfix/siftd
check "purge of what is purged" inside dpkg --purge siftd
check "install again after it" inside_network env $apt_env sh -c "$install_all"

say "Upgrade over an older version, with settings that the admin and the package changed"
inside env $apt_env apt-get purge -y -q siftd > /dev/null 2>&1
older 0.0.9
check "the older version" inside dpkg -i /packages/older_siftd.deb
inside sh -c 'sed -i "s/^#mode = .filter./mode = \"monitor\"/" /etc/siftd/siftd.toml
    echo "policy.unsure_threshold = 0.4" > /etc/siftd/conf.d/site.toml'
check "upgrade" inside_network env $apt_env apt-get install -y -q --no-install-recommends \
    -o Dpkg::Options::=--force-confold "/packages/siftd_${version}_amd64.deb"
check "it is the new version" inside sh -c "dpkg-query -W -f '\${Version} \${Status}' siftd | grep -q '^$version install ok installed'"
check "the admin's settings hold" inside sh -c 'siftd check-config --dump | grep -q "^mode = \"monitor\""'
check "the package's lie beside them" inside test -e /etc/siftd/siftd.toml.dpkg-dist
check "conf.d is not touched" inside sh -c 'siftd check-config --dump | grep -q "^unsure_threshold = 0.4"'
check "a conffile that nobody changed is the new one" not inside grep -q "older siftd" /etc/logcheck/ignore.d.server/siftd
check "purge" inside env $apt_env apt-get purge -y -q siftd siftd-model-starter
check "dpkg's copies of settings are gone" not inside sh -c 'ls -A /etc/siftd | grep -v conf.d'

summary
