# Runs when a user has taken a message out of Junk.
require ["vnd.dovecot.pipe", "copy", "environment", "ihave", "imapsieve", "variables"];

if environment :matches "imap.user" "*" { set "user" "${1}"; }
if environment :matches "imap.mailbox" "*" { set "mailbox" "${1}"; }

# Who throws a message away does not want it, and a copy within Junk says nothing.
if anyof (
    string :is "${mailbox}" ["Junk", "Spam"],
    string :matches "${mailbox}" ["*Trash", "*Deleted Messages", "*Deleted Items"]
) {
    stop;
}
# Whatever its name is.
if ihave "special-use" {
    if specialuse_exists "${mailbox}" "\\Trash" { stop; }
}

pipe :copy :try "siftd-learn" ["ham", "${user}"];
