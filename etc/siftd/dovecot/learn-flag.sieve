# Runs when the flags of a message have changed; off unless the settings name it.
require ["vnd.dovecot.pipe", "copy", "environment", "imap4flags", "imapsieve", "variables"];

if environment :matches "imap.user" "*" { set "user" "${1}"; }
if environment :matches "imap.changedflags" "*" { set "changed" " ${1} "; }

if string :contains "${changed}" [" $NotJunk ", " NotJunk ", " NonJunk "] {
    if hasflag :is ["$NotJunk", "NotJunk", "NonJunk"] {
        pipe :copy :try "siftd-learn" ["ham", "${user}"];
        stop;
    }
}
if string :contains "${changed}" [" $Junk ", " Junk "] {
    if hasflag :is ["$Junk", "Junk"] {
        pipe :copy :try "siftd-learn" ["spam", "${user}"];
    }
}
