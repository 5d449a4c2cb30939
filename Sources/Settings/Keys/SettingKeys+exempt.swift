import FilterPolicy

extension SettingKey {
    /// Mail that passes unjudged or is spam whatever it says, and the log.
    static let exempt = [
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
        SettingKey(
            section: "exempt", name: "local",
            comment: """
                Mail that came through no network passes unjudged. Postfix shows local mail as coming
                from 127.0.0.1; name that in networks.
                """,
            read: { $0.exemptLocal = try $1.bool() }, show: { "\($0.exemptLocal)" }),
        SettingKey(
            section: "exempt", name: "size",
            comment: "Bytes of body above which a message passes unjudged; \"0B\" for no limit.",
            read: { $0.exemptSize = try $1.bytes(0...1 << 30) },
            show: { Shown.bytes($0.exemptSize) }),
    ]

    static let lists = [
        SettingKey(
            section: "lists", name: "allow",
            comment: """
                Files of senders whose mail passes unjudged, read again whenever they change. A line
                is "client 192.0.2.0/24", "sender user@example.org", "from example.org" or
                "recipient abuse@example.org"; .example.org means all names below as well.
                """,
            read: { $0.allowFiles = try files($1) }, show: { Shown.list($0.allowFiles) }),
        SettingKey(
            section: "lists", name: "deny",
            comment: "Files of senders whose mail is spam, of the same form.",
            read: { $0.denyFiles = try files($1) }, show: { Shown.list($0.denyFiles) }),
        SettingKey(
            section: "lists", name: "authserv_id",
            comment: """
                The name with which your own checker of SPF, DKIM and DMARC signs its
                Authentication-Results. It must take out those of others with this name. Entries
                "sender" and "from" of allow files count only when it vouches for the domain: anybody
                can write any address.
                """,
            read: { $0.authservID = try $1.string() }, show: { Shown.text($0.authservID) }),
    ]

    static let log = [
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
        SettingKey(
            section: "log", name: "format",
            comment: "\"text\", or \"json\" with the same keys, one object a line.",
            read: { $0.logFormat = try $1.choice(SiftdSettings.LogFormat.self) },
            show: { Shown.text($0.logFormat.rawValue) }),
        SettingKey(
            section: "log", name: "addresses",
            comment: """
                Addresses of senders, users and clients, and message ids: "plain", "hashed" (the same
                one gives the same word until siftd starts anew) or "omitted".
                """,
            read: { $0.logAddresses = try $1.choice(SiftdSettings.LogAddresses.self) },
            show: { Shown.text($0.logAddresses.rawValue) }),
    ]

    private static func networks(_ value: ConfigurationValue) throws -> [NetworkRange] {
        try value.strings().map { text in
            guard let range = NetworkRange(text) else {
                throw ValueError(
                    "holds \"\(text)\", which is no address or range such as \"192.0.2.0/24\"")
            }
            return range
        }
    }

    private static func files(_ value: ConfigurationValue) throws -> [String] {
        let paths = try value.strings()
        if let relative = paths.first(where: { !$0.hasPrefix("/") }) {
            throw ValueError("holds \"\(relative)\"; paths begin with /")
        }
        return paths
    }
}
