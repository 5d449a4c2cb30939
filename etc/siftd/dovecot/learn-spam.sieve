# Runs when a user has put a message into Junk.
require ["vnd.dovecot.pipe", "copy", "environment", "imapsieve", "variables"];

if environment :matches "imap.user" "*" { set "user" "${1}"; }

pipe :copy :try "siftd-learn" ["spam", "${user}"];
