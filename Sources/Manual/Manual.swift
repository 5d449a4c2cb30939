/// What the pages say beside what the program says of itself.
enum Manual {
    /// When the texts were changed last; a date of the build would make each build differ.
    static let date = "November 26, 2026"

    static let description = """
        The mail server hands each message over the milter protocol; siftd reads it as the recipient would see \
        it, scores the text with a small convolutional network, and adds spam headers, or refuses the surest spam \
        if it is asked to. It trains models on a site's own mail with the same binary, and learns from each \
        message that somebody labels. One process, no database server, no network look-ups.

        On Debian, siftd-postfix enable puts siftd behind the host's Postfix; see siftd-postfix(8), and \
        /usr/share/doc/siftd/guides for other mail servers. Postfix's smtpd, which Debian runs in a chroot, does not \
        see /run; without a chroot this is all:

            # /etc/postfix/main.cf
            smtpd_milters = { unix:/run/siftd/milter.sock, default_action=accept }

        Then siftd adds X-Spam fields, see siftd-headers(7), and refuses nothing unless it is told to. To look on \
        first, set mode = "monitor" in siftd.toml(5) and read the log for a week. If no mail is filtered, siftd \
        doctor says why.
        """

    static let sections: [(title: String, text: String)] = [
        (
            "SIGNALS",
            """
            TERM and INT finish the messages in progress and defer new ones; a second one stops at once. HUP and \
            USR1 reload configuration, lists and model; if anything has a mistake, all stays as it is.
            """
        ),
        (
            "ENVIRONMENT",
            """
            Every key of siftd.toml can be set by a variable such as SIFTD_POLICY_MODE=monitor, which outweighs \
            the files. NOTIFY_SOCKET, WATCHDOG_USEC and JOURNAL_STREAM are those of systemd.
            """
        ),
    ]

    static let examples = """
        What would siftd do with this message, and why:

            siftd classify message.eml
            siftd explain message.eml

        Correct it; each message counts from the next one on:

            siftd learn --spam ~/Maildir/.Junk
            siftd learn --ham newsletter.eml
            siftd learn --status

        Retrain the model with what was learnt, without waiting for learn.retrain_after labels, and go back should \
        it be worse:

            siftd retrain --now && systemctl reload siftd
            siftd model list
            siftd model rollback && systemctl reload siftd

        Train a model on your own mail, and measure it on newer mail:

            siftd train --data ~/Maildir/.Junk=spam --data ~/Maildir/cur=ham --output mine
            siftd evaluate --model mine --data newer-mail/ --report mine.html
        """

    static let files: [(name: String, text: String)] = [
        ("/etc/siftd/siftd.toml", "The configuration; see siftd.toml(5)."),
        ("/etc/siftd/conf.d/*.toml", "Parts of it, read afterwards in the order of their names."),
        ("/run/siftd/milter.sock", "The socket of the milter."),
        ("/run/siftd/control.sock", "The socket through which siftd learn talks to the daemon."),
        ("/var/lib/siftd/learn", "Labels, history and what was learnt from them."),
        ("/var/lib/siftd/models", "Versions of the model; active is a link to the one in force."),
        (
            "/usr/share/siftd/models/starter",
            "The starter model, which serves while there is no other."
        ),
    ]

    static let exitCodes: [(name: String, text: String)] = [
        ("0", "All went well; for classify: ham."),
        ("1", "For classify: spam; for learn: a label was not stored; for doctor: warnings."),
        ("2", "For classify: unsure; for doctor: failures."),
        ("64", "The command line has a mistake."),
        ("65", "Mail, a table or a model can't be used."),
        ("66", "A file does not exist."),
        ("69", "A socket, a port or the daemon can't be had."),
        ("70", "A mistake of siftd's own."),
        ("73", "A file can't be written."),
        ("77", "This user may not do that."),
        ("78", "The configuration has a mistake, which is named with file and line."),
    ]

    static let settingsDescription = """
        The file is TOML. Every key has a default, so that an empty file is one that works. siftd reads \
        /etc/siftd/siftd.toml, then the files of conf.d beside it in the order of their names, then environment \
        variables such as SIFTD_POLICY_MODE=monitor; what comes later wins.

        A mistake stops the start with file, line and the nearest right name. siftd check-config finds it before, \
        and siftd check-config --dump prints what is in force. Most keys come into force with systemctl reload \
        siftd; those that need a restart say so.

        Times have a unit (ms, s, m, h), sizes too (B, KiB, MiB, GiB); both stand in quotes.
        """

    static let sectionDescriptions: [String: String] = [
        "milter": "Where the mail server finds siftd.",
        "http": "Metrics, health, the JSON API and a page.",
        "spamd": "SpamAssassin's protocol, for spamc, Exim and others.",
        "model": "What scores the mail.",
        "scan": "How much of a message is read.",
        "scoring": "Workers and time.",
        "policy": "What is done with mail.",
        "headers": "What is added to mail; see siftd-headers(7).",
        "exempt": "Mail that passes unjudged.",
        "lists": "Files of senders whose mail is allowed or denied.",
        "learn": "What is learnt from labels, and when the model is trained again.",
        "store": "Where labels are that several hosts share; see docs/fleet.md.",
        "fleet": "What this host is among others that share labels.",
        "log": "One line for each message and each event.",
        "traces": "Spans for a collector of OpenTelemetry.",
    ]

    static let recipientDescription = """
        Other settings for some recipients, by address or domain. Where the recipients of a message differ, the \
        most lenient holds.

            [recipient."example.org"]
            tag_threshold = 0.95
            actions = ["quarantine from 0.99"]
        """

    static let recipientKeys: [(name: String, text: String)] = [
        ("judge", "false passes mail unjudged, which is the most lenient."),
        ("tag_threshold", "As in [policy]."),
        ("unsure_threshold", "As in [policy]."),
        ("reject", "As in [policy]."),
        ("reject_threshold", "As in [policy]."),
        ("actions", "As in [policy]."),
    ]
}
