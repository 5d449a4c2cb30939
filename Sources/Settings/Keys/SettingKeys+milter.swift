import Milter

extension SettingKey {
    /// Where siftd listens.
    static let milter = [
        SettingKey(
            section: "milter", name: "socket",
            comment: """
                Where the MTA finds siftd: "unix:/path", "inet:port@host" or "inet6:port@host", or a
                list of several. "fd:3" is the socket of systemd's siftd.socket. The unix socket is
                the fastest, and only those whom its mode allows can reach it.
                """,
            read: { $0.milter.sockets = try sockets($1) }, show: { shown($0.milter.sockets) }
        ).restarting,
        SettingKey(
            section: "milter", name: "mode",
            comment: "Permissions of the unix socket, octal.",
            read: { $0.milter.access.mode = try mode($1) },
            show: { Shown.text("0" + String($0.milter.access.mode, radix: 8)) }
        ).restarting,
        .text(
            "milter", "group", \.milter.access.group,
            "Group that owns the unix socket, such as \"postfix\"; \"\" leaves siftd's own."
        ).restarting,
        .text(
            "milter", "owner", \.milter.access.owner,
            "User that owns the unix socket; \"\" leaves siftd's own. Needs root."
        ).restarting,
        .integer(
            "milter", "message_limit", \.milter.limits.messages, in: 1...1_000_000,
            """
            Messages in progress at once, from MAIL to the answer; see policy.on_overload for one
            more. Each may take scan.body_limit of memory.
            """
        ).restarting,
    ]

    static let http = [
        SettingKey.text(
            "http", "address", \.http.address,
            """
            Address of the HTTP port with metrics, health and the JSON API. It has no passwords:
            keep it on loopback or behind a proxy that has.
            """, check: host
        ).restarting,
        .integer(
            "http", "port", \.http.port, in: 0...65_535, "0 takes any free port and logs it."
        ).restarting,
    ]

    private static func sockets(_ value: ConfigurationValue) throws -> [SocketAddress] {
        let texts: [String]
        if case .strings(let several) = value {
            texts = several
        } else {
            texts = [try value.string()]
        }
        guard !texts.isEmpty else { throw ValueError("must name one socket at least") }
        return try texts.map { text in
            let inet = text.wholeMatch(of: /inet6?:([0-9]{1,5})(@[A-Za-z0-9.:_\[\]-]+)?/)
            let isOther = text.wholeMatch(of: /(unix|local):\/.+|fd:[0-9]{1,5}/) != nil
            guard inet.map({ UInt16($0.1) != nil }) ?? isOther, let socket = SocketAddress(text)
            else {
                throw ValueError(
                    "must be \"unix:/path\", \"inet:port@host\" or \"inet6:port@host\" "
                        + "(libmilter's form, not Postfix's inet:host:port)")
            }
            return socket
        }
    }

    private static func shown(_ sockets: [SocketAddress]) -> String {
        sockets.count == 1
            ? Shown.text(sockets[0].description) : Shown.list(sockets.map(\.description))
    }

    private static func host(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.wholeMatch(of: /[A-Za-z0-9.:-]+/) != nil else {
            throw ValueError("must be an address or host name, such as \"127.0.0.1\"")
        }
        return text
    }

    private static func mode(_ value: ConfigurationValue) throws -> UInt32 {
        guard let number = UInt32(try value.string(), radix: 8), number <= 0o777 else {
            throw ValueError("must be an octal mode in quotes, such as \"0660\"")
        }
        return number
    }
}
