import FilterPolicy
import Glibc
import Milter

extension SettingKey {
    /// The spamd port, and what its clients may take.
    static let spamd = [
        SettingKey(
            section: "spamd", name: "socket",
            comment: """
                Where spamc, Exim, amavis and others find SpamAssassin's protocol: "unix:/path" or
                "inet:1783@127.0.0.1", or a list of several; [] for nowhere. See docs/spamd.md.
                """,
            read: { $0.spamd.sockets = try sockets($1) }, show: { shown($0.spamd.sockets) }
        ).restarting,
        SettingKey(
            section: "spamd", name: "mode",
            comment: "Permissions of the unix socket, octal.",
            read: { $0.spamd.access.mode = try mode($1) },
            show: { shown(mode: $0.spamd.access.mode) }
        ).restarting,
        .text(
            "spamd", "group", \.spamd.access.group,
            "Group that owns the unix socket, such as \"Debian-exim\"; \"\" leaves siftd's own.",
            check: { try account($0, "group") { getgrnam($0) != nil } }
        ).restarting,
        .list(
            "spamd", "clients", \.spamd.clients,
            "Networks whose clients are answered over TCP; others are cut off.",
            entry: { text in
                guard let range = NetworkRange(text) else {
                    throw ValueError(
                        "holds \"\(text)\", which is no address or range such as \"192.0.2.0/24\"")
                }
                return range
            }, show: \.description
        ).restarting,
        .flag(
            "spamd", "allow_tell", \.spamd.allowsTell,
            "Whether clients may teach (spamc -L), each as the user that it names."
        ).restarting,
        .bytes(
            "spamd", "body_limit", \.spamd.bodyBytes, in: 1_024...1 << 30,
            "Bytes of a message; a larger one is not judged."
        ).restarting,
        .time(
            "spamd", "time_limit", \.spamd.timeLimit, in: 1...600,
            "Time for a message to arrive, and for its answer to be read."
        ).restarting,
        .integer(
            "spamd", "concurrency", \.spamd.concurrency, in: 0...1_024,
            "Messages that are judged at once; 0 is one a core."
        ).restarting,
        .integer(
            "spamd", "queue_limit", \.spamd.queueLimit, in: 0...10_000,
            "Messages that wait for that; see policy.on_overload for one more."
        ).restarting,
        .integer(
            "spamd", "connection_limit", \.spamd.connectionLimit, in: 1...10_000,
            "Connections at once; further ones wait until others end."
        ).restarting,
    ]
}
