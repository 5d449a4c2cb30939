import FilterPolicy

extension SettingKey {
    /// Every key there is, in the order of the sample file.
    static let all: [SettingKey] = milter + http + model + scan + scoring + policy + exempt + log

    private static let milter = [
        SettingKey(
            section: "milter", name: "socket",
            comment: """
                Where the MTA finds siftd: "unix:/path", "inet:port@host" or "inet6:port@host".
                Prefer the unix socket: over TCP, Postfix and libmilter lose about 40 ms a message.
                """,
            read: { $0.milterSocket = try socket($1) }, show: { Shown.text($0.milterSocket) }),
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
    ]

    private static let scoring = [
        SettingKey(
            section: "scoring", name: "workers",
            comment: "Threads that run the network; 0 is one for each core.",
            read: { $0.workers = try $1.integer(0...1_024) }, show: { "\($0.workers)" }),
        SettingKey(
            section: "scoring", name: "batch_limit",
            comment: "Messages scored together at most. Batches grow only while workers are busy.",
            read: { $0.batchLimit = try $1.integer(1...4_096) }, show: { "\($0.batchLimit)" }),
        SettingKey(
            section: "scoring", name: "queue_limit",
            comment: "Messages that may wait for a worker; see policy.on_fault for one more.",
            read: { $0.queueLimit = try $1.integer(1...1_000_000) }, show: { "\($0.queueLimit)" }),
        SettingKey(
            section: "scoring", name: "deadline",
            comment: """
                Time from end-of-message to the latest answer; see policy.on_fault. Keep it well
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

    private static let policy = [
        SettingKey(
            section: "policy", name: "mode",
            comment: "\"filter\" acts; \"monitor\" only logs what it would do.",
            read: { $0.policy.mode = try $1.choice(PolicySettings.Mode.self) },
            show: { Shown.text($0.policy.mode.rawValue) }),
        SettingKey(
            section: "policy", name: "tag_threshold",
            comment: """
                Spam probability from which on a message is marked as spam; 0 takes the model's own,
                chosen for 0.5 % false positives on held-out mail. Always 5.00 points in the headers.
                """,
            read: { $0.policy.tagThreshold = try threshold($1) },
            show: { "\($0.policy.tagThreshold ?? 0)" }),
        SettingKey(
            section: "policy", name: "unsure_threshold",
            comment: "Probability from which on the log says unsure; delivered as ham.",
            read: { $0.policy.unsureThreshold = try $1.probability() },
            show: { "\($0.policy.unsureThreshold)" }),
        SettingKey(
            section: "policy", name: "reason_header",
            comment: """
                Add X-Spam-Reason to spam and unsure messages: the words of the message that moved
                its score most, and by how much.
                """,
            read: { $0.policy.addsReasons = try $1.bool() }, show: { "\($0.policy.addsReasons)" }),
        SettingKey(
            section: "policy", name: "reject",
            comment: "Refuse the surest spam with 550 5.7.1. Watch the log for a week first.",
            read: { $0.policy.rejects = try $1.bool() }, show: { "\($0.policy.rejects)" }),
        SettingKey(
            section: "policy", name: "reject_threshold",
            comment: "Probability from which on spam is refused; 0 takes the model's own (0.1 %).",
            read: { $0.policy.rejectThreshold = try threshold($1) },
            show: { "\($0.policy.rejectThreshold ?? 0)" }),
        SettingKey(
            section: "policy", name: "reject_text",
            comment: "Text of the refusal; a contact address or page helps wanted senders.",
            read: { $0.policy.rejectText = try $1.string() },
            show: { Shown.text($0.policy.rejectText) }),
        SettingKey(
            section: "policy", name: "minimum_tokens",
            comment: "Messages with fewer words and links are unsure, whatever the network says.",
            read: { $0.policy.minimumEvidence = try $1.integer(0...1_000) },
            show: { "\($0.policy.minimumEvidence)" }),
        SettingKey(
            section: "policy", name: "on_fault",
            comment: """
                When a message can't be judged in time: "tempfail" (451, the sender tries again) or
                "accept" (delivered with X-Spam-Status: … tests=UNSCANNED).
                """,
            read: { $0.policy.onFault = try $1.choice(PolicySettings.OnFault.self) },
            show: { Shown.text($0.policy.onFault.rawValue) }),
        SettingKey(
            section: "policy", name: "removed_headers",
            comment: "Header fields taken out of inbound mail, beside all X-Spam*.",
            read: { $0.policy.removedHeaders = try $1.strings() },
            show: { Shown.list($0.policy.removedHeaders) }),
    ]

    private static let exempt = [
        SettingKey(
            section: "exempt", name: "networks",
            comment:
                "Clients whose mail passes unjudged, such as [\"192.0.2.0/24\", \"2001:db8::/32\"].",
            read: { $0.exemptNetworks = try networks($1) },
            show: { Shown.list($0.exemptNetworks.map(\.description)) }),
        SettingKey(
            section: "exempt", name: "authenticated",
            comment: "Mail of users who logged in passes unjudged.",
            read: { $0.exemptAuthenticated = try $1.bool() },
            show: { "\($0.exemptAuthenticated)" }),
    ]

    private static let log = [
        SettingKey(
            section: "log", name: "target",
            comment:
                "\"stderr\", with journald priorities under systemd, or \"syslog\" (facility mail).",
            read: { $0.logTarget = try $1.choice(SiftdSettings.LogTarget.self) },
            show: { Shown.text($0.logTarget.rawValue) }),
        SettingKey(
            section: "log", name: "level",
            comment:
                "\"debug\", \"info\" (one line a message), \"notice\", \"warning\" or \"error\".",
            read: { $0.logLevel = try $1.choice(SiftdSettings.LogLevel.self) },
            show: { Shown.text($0.logLevel.rawValue) }),
    ]

    private static func socket(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        let isKnown = text.wholeMatch(
            of: /(unix|local):\/.+|inet6?:[0-9]{1,5}(@[A-Za-z0-9.:_\[\]-]+)?|fd:[0-9]+/)
        guard isKnown != nil else {
            throw ValueError(
                "must be \"unix:/path\", \"inet:port@host\" or \"inet6:port@host\" "
                    + "(libmilter's form, not Postfix's inet:host:port)")
        }
        return text
    }

    private static func host(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.wholeMatch(of: /[A-Za-z0-9.:-]+/) != nil else {
            throw ValueError("must be an address or host name, such as \"127.0.0.1\"")
        }
        return text
    }

    private static func networks(_ value: ConfigurationValue) throws -> [NetworkRange] {
        try value.strings().map { text in
            guard let range = NetworkRange(text) else {
                throw ValueError(
                    "holds \"\(text)\", which is no address or range such as \"192.0.2.0/24\"")
            }
            return range
        }
    }

    private static func mode(_ value: ConfigurationValue) throws -> Int {
        guard let number = Int(try value.string(), radix: 8), (0...0o777).contains(number) else {
            throw ValueError("must be an octal mode in quotes, such as \"0660\"")
        }
        return number
    }

    /// A probability; 0 stands for the model's own threshold.
    private static func threshold(_ value: ConfigurationValue) throws -> Double? {
        let number = try value.probability()
        return number == 0 ? nil : number
    }
}
