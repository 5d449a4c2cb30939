import Glibc
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
            read: { settings, value in
                settings.milter.sockets = try sockets(value)
                guard !settings.milter.sockets.isEmpty else {
                    throw ValueError("must name one socket at least")
                }
            }, show: { shown($0.milter.sockets) }
        ).restarting,
        SettingKey(
            section: "milter", name: "mode",
            comment: "Permissions of the unix socket, octal.",
            read: { $0.milter.access.mode = try mode($1) },
            show: { shown(mode: $0.milter.access.mode) }
        ).restarting,
        .text(
            "milter", "group", \.milter.access.group,
            "Group that owns the unix socket, such as \"postfix\"; \"\" leaves siftd's own.",
            check: { try account($0, "group") { getgrnam($0) != nil } }
        ).restarting,
        .text(
            "milter", "owner", \.milter.access.owner,
            "User that owns the unix socket; \"\" leaves siftd's own. Needs root.",
            check: { try account($0, "user") { getpwnam($0) != nil } }
        ).restarting,
        .integer(
            "milter", "message_limit", \.milter.limits.messages, in: 1...1_000_000,
            """
            Messages in progress at once, from MAIL to the answer; see policy.on_overload for one
            more. Each may take scan.body_limit of memory.
            """
        ).restarting,
    ]

    static func sockets(_ value: ConfigurationValue) throws -> [SocketAddress] {
        let texts: [String]
        if case .strings(let several) = value {
            texts = several
        } else {
            texts = [try value.string()]
        }
        let sockets = try texts.map { text in
            let inet = text.wholeMatch(of: /inet6?:([0-9]{1,5})(@[A-Za-z0-9.:_\[\]-]+)?/)
            let isOther = text.wholeMatch(of: /(unix|local):\/.+|fd:[0-9]{1,5}/) != nil
            guard inet.map({ UInt16($0.1) != nil }) ?? isOther, let socket = SocketAddress(text)
            else {
                throw ValueError(
                    "must be \"unix:/path\", \"inet:port@host\" or \"inet6:port@host\" "
                        + "(libmilter's form, not Postfix's inet:host:port)")
            }
            try check(socket)
            return socket
        }
        for (index, socket) in sockets.enumerated() {
            if let other = sockets[..<index].first(where: { clash($0, socket) }) {
                throw ValueError(
                    socket == other
                        ? "names \(socket) twice" : "names \(other) and \(socket), which overlap")
            }
        }
        return sockets
    }

    /// What can be seen of a socket without opening it.
    private static func check(_ socket: SocketAddress) throws {
        switch socket {
        case .unix(let path):
            guard UnixAddress(path: path) != nil else {
                throw ValueError(
                    "has a path of \(path.utf8.count) bytes; a unix socket's has "
                        + "\(UnixAddress.longestPath) at most")
            }
        case .inet(_, let host?, let isIPv6):
            guard isAddress(host, AF_INET) ? !isIPv6 : !isAddress(host, AF_INET6) || isIPv6 else {
                throw ValueError(
                    "\(socket) has an address of the other family; write \(isIPv6 ? "inet" : "inet6")"
                )
            }
        case .inet, .descriptor: break
        }
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        // Room for the longer of the two.
        var address = in6_addr()
        return inet_pton(family, text, &address) == 1
    }

    /// Whether both can't be opened; a port on all addresses is also one on each.
    private static func clash(_ first: SocketAddress, _ second: SocketAddress) -> Bool {
        guard case .inet(let port, let host, let isIPv6) = first,
            case .inet(port, let otherHost, isIPv6) = second, port != 0
        else { return first == second && !isAnyPort(first) }
        return host == otherHost || isAny(host) || isAny(otherHost)
    }

    private static func isAnyPort(_ socket: SocketAddress) -> Bool {
        if case .inet(0, _, _) = socket { true } else { false }
    }

    private static func isAny(_ host: String?) -> Bool {
        host == nil || host == "0.0.0.0" || host == "::"
    }

    /// The name of a user or group that the system has, or nothing.
    static func account(
        _ value: ConfigurationValue, _ kind: String, exists: (String) -> Bool
    ) throws -> String {
        let name = try value.string()
        guard name.isEmpty || exists(name) else {
            throw ValueError("is \"\(name)\", and the system has no such \(kind)")
        }
        return name
    }

    static func shown(_ sockets: [SocketAddress]) -> String {
        sockets.count == 1
            ? Shown.text(sockets[0].description) : Shown.list(sockets.map(\.description))
    }

    static func shown(mode: UInt32) -> String { Shown.text("0" + String(mode, radix: 8)) }

    static func mode(_ value: ConfigurationValue) throws -> UInt32 {
        guard let number = UInt32(try value.string(), radix: 8), number <= 0o777 else {
            throw ValueError("must be an octal mode in quotes, such as \"0660\"")
        }
        return number
    }
}
