import FilterPolicy

extension SettingKey {
    /// Every key there is, in the order of the sample file.
    static let all: [SettingKey] =
        milter + http + model + scan + scoring + policy + headers + exempt + lists + log

    private static let milter = [
        SettingKey(
            section: "milter", name: "socket",
            comment: """
                Where the MTA finds siftd: "unix:/path", "inet:port@host" or "inet6:port@host", or a
                list of several. "fd:3" is the socket of systemd's siftd.socket. The unix socket is
                the fastest, and only whom its mode allows can reach it.
                """,
            read: { $0.milterSockets = try sockets($1) }, show: { shown($0.milterSockets) }),
        SettingKey(
            section: "milter", name: "mode",
            comment: "Permissions of the unix socket, octal.",
            read: { $0.milterMode = try mode($1) },
            show: { Shown.text("0" + String($0.milterMode, radix: 8)) }),
        SettingKey(
            section: "milter", name: "group",
            comment:
                "Group that owns the unix socket, such as \"postfix\"; \"\" leaves siftd's own.",
            read: { $0.milterGroup = try $1.string() }, show: { Shown.text($0.milterGroup) }),
        SettingKey(
            section: "milter", name: "owner",
            comment: "User that owns the unix socket; \"\" leaves siftd's own. Needs root.",
            read: { $0.milterOwner = try $1.string() }, show: { Shown.text($0.milterOwner) }),
        SettingKey(
            section: "milter", name: "message_limit",
            comment: """
                Messages in work at once, from MAIL to the answer; see policy.on_overload for one
                more. Each may take scan.body_limit of memory.
                """,
            read: { $0.messageLimit = try $1.integer(1...1_000_000) },
            show: { "\($0.messageLimit)" }),
    ]

    private static let http = [
        SettingKey(
            section: "http", name: "address",
            comment: """
                Address of the HTTP port with metrics, health and the JSON API. It has no passwords:
                keep it on loopback or behind a proxy that has.
                """,
            read: { $0.httpAddress = try host($1) }, show: { Shown.text($0.httpAddress) }),
        SettingKey(
            section: "http", name: "port", comment: "0 takes any free port and logs it.",
            read: { $0.httpPort = try $1.integer(0...65_535) }, show: { "\($0.httpPort)" }),
    ]

    private static let model = [
        SettingKey(
            section: "model", name: "directory",
            comment: """
                The model bundle to score with. "" takes /var/lib/siftd/models/current if there is
                one, else the starter model that came with siftd.
                """,
            read: { $0.modelDirectory = try $1.string() }, show: { Shown.text($0.modelDirectory) }),
        SettingKey(
            section: "model", name: "table_limit",
            comment: """
                Memory that the model's look-up tables may take; the starter model's take 79 MB. A
                model that needs more is served without them, some fifty times slower.
                """,
            read: { $0.tableLimit = try $1.bytes(0...1 << 40) },
            show: { Shown.bytes($0.tableLimit) }),
    ]

    private static let scan = [
        SettingKey(
            section: "scan", name: "body_limit",
            comment: "Bytes of body read of each message; the MTA is told to skip the rest.",
            read: { $0.bodyLimit = try $1.bytes(1_024...1 << 30) },
            show: { Shown.bytes($0.bodyLimit) }),
        SettingKey(
            section: "scan", name: "header_field_limit",
            comment: "Header fields read of the message and of each of its parts.",
            read: { $0.headerFieldLimit = try $1.integer(50...1_000_000) },
            show: { "\($0.headerFieldLimit)" }),
        SettingKey(
            section: "scan", name: "header_limit", comment: "Bytes read of each header field.",
            read: { $0.headerLimit = try $1.bytes(1_024...1 << 24) },
            show: { Shown.bytes($0.headerLimit) }),
        SettingKey(
            section: "scan", name: "part_limit", comment: "MIME parts read of each message.",
            read: { $0.partLimit = try $1.integer(1...100_000) }, show: { "\($0.partLimit)" }),
        SettingKey(
            section: "scan", name: "depth_limit", comment: "Levels of MIME nesting followed.",
            read: { $0.depthLimit = try $1.integer(1...200) }, show: { "\($0.depthLimit)" }),
        SettingKey(
            section: "scan", name: "decoded_limit",
            comment: "Bytes of text parts decoded, over the whole message.",
            read: { $0.decodedLimit = try $1.bytes(1_024...1 << 30) },
            show: { Shown.bytes($0.decodedLimit) }),
        SettingKey(
            section: "scan", name: "text_limit", comment: "Bytes of visible text kept.",
            read: { $0.textLimit = try $1.bytes(1_024...1 << 28) },
            show: { Shown.bytes($0.textLimit) }),
        SettingKey(
            section: "scan", name: "link_limit", comment: "Links and images kept.",
            read: { $0.linkLimit = try $1.integer(0...100_000) }, show: { "\($0.linkLimit)" }),
        SettingKey(
            section: "scan", name: "token_limit",
            comment: "Tokens made of a message; the starter model scores 512 of them.",
            read: { $0.tokenLimit = try $1.integer(100...1_000_000) },
            show: { "\($0.tokenLimit)" }),
        SettingKey(
            section: "scan", name: "time_limit",
            comment: """
                CPU time spent on reading one message; a sound one needs a thousandth of it. Beyond
                this and any other limit the message is judged by what was read, and its log line
                names the limit.
                """,
            read: { $0.timeLimit = try $1.seconds(0.01...600) },
            show: { Shown.seconds($0.timeLimit) }),
        SettingKey(
            section: "scan", name: "crash_journal",
            comment: """
                File that remembers which messages were in work when siftd died: they pass unjudged
                when they come again. "" takes /var/lib/siftd/crash-journal if that folder is there.
                """,
            read: { $0.crashJournal = try $1.string() }, show: { Shown.text($0.crashJournal) }),
    ]

    private static let scoring = [
        SettingKey(
            section: "scoring", name: "workers",
            comment: "Threads that run the network; 0 is one for each core.",
            read: { $0.workers = try $1.integer(0...1_024) }, show: { "\($0.workers)" }),
        SettingKey(
            section: "scoring", name: "batch_limit",
            comment: """
                Messages that a worker takes at once, at most, of those that came while all were
                busy. More than 1 was never faster where it was measured.
                """,
            read: { $0.batchLimit = try $1.integer(1...4_096) }, show: { "\($0.batchLimit)" }),
        SettingKey(
            section: "scoring", name: "queue_limit",
            comment: "Messages that may wait for a worker; see policy.on_overload for one more.",
            read: { $0.queueLimit = try $1.integer(1...1_000_000) }, show: { "\($0.queueLimit)" }),
        SettingKey(
            section: "scoring", name: "deadline",
            comment: """
                Time from end-of-message to the latest answer; see policy.on_timeout. Keep it well
                below the MTA's own limit (Postfix: milter_content_timeout).
                """,
            read: { $0.deadline = try $1.seconds(0.01...600) },
            show: { Shown.seconds($0.deadline) }),
        SettingKey(
            section: "scoring", name: "drain_limit",
            comment: "Time that messages in work get to finish when siftd stops.",
            read: { $0.drainLimit = try $1.seconds(0...600) },
            show: { Shown.seconds($0.drainLimit) }),
    ]

    private static func sockets(_ value: ConfigurationValue) throws -> [String] {
        let texts: [String]
        if case .strings(let several) = value {
            texts = several
        } else {
            texts = [try value.string()]
        }
        guard !texts.isEmpty else { throw ValueError("must name one socket at least") }
        for text in texts {
            let inet = text.wholeMatch(of: /inet6?:([0-9]{1,5})(@[A-Za-z0-9.:_\[\]-]+)?/)
            let isOther = text.wholeMatch(of: /(unix|local):\/.+|fd:[0-9]{1,5}/) != nil
            guard inet.map({ UInt16($0.1) != nil }) ?? isOther else {
                throw ValueError(
                    "must be \"unix:/path\", \"inet:port@host\" or \"inet6:port@host\" "
                        + "(libmilter's form, not Postfix's inet:host:port)")
            }
        }
        return texts
    }

    private static func shown(_ sockets: [String]) -> String {
        sockets.count == 1 ? Shown.text(sockets[0]) : Shown.list(sockets)
    }

    private static func host(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.wholeMatch(of: /[A-Za-z0-9.:-]+/) != nil else {
            throw ValueError("must be an address or host name, such as \"127.0.0.1\"")
        }
        return text
    }

    private static func mode(_ value: ConfigurationValue) throws -> Int {
        guard let number = Int(try value.string(), radix: 8), (0...0o777).contains(number) else {
            throw ValueError("must be an octal mode in quotes, such as \"0660\"")
        }
        return number
    }
}
