import FilterPolicy
import SpamFilter

extension SettingKey {
    /// Mail that passes unjudged because of where it comes from.
    static let exempt = [
        SettingKey.list(
            "exempt", "networks", \.exempt.networks,
            "Clients whose mail passes unjudged, such as [\"192.0.2.0/24\", \"2001:db8::/32\"].",
            entry: network, show: \.description),
        .flag(
            "exempt", "authenticated", \.exempt.authenticated,
            "Mail of users who logged in passes unjudged."),
        .flag(
            "exempt", "local", \.exempt.local,
            """
            Mail that came through no network passes unjudged. Postfix shows local mail as coming
            from 127.0.0.1; name that in networks.
            """),
        .bytes(
            "exempt", "size", \.exempt.size, in: 0...1 << 30,
            "Bytes of body above which a message passes unjudged; \"0B\" for no limit."),
    ]

    /// Mail that is allowed or denied whatever it says.
    static let lists = [
        SettingKey.list(
            "lists", "allow", \.lists.allow,
            """
            Files of senders whose mail passes unjudged, read again whenever they change. A line
            is "client 192.0.2.0/24", "sender user@example.org", "from example.org" or
            "recipient abuse@example.org"; .example.org means all names below it as well.
            """, entry: file, show: { $0 }),
        .list(
            "lists", "deny", \.lists.deny, "Files of senders whose mail is spam, of the same form.",
            entry: file, show: { $0 }),
        .text(
            "lists", "authserv_id", \.lists.authservID,
            """
            The name with which your own checker of SPF, DKIM and DMARC signs its
            Authentication-Results. It must remove those of others with this name. Entries
            "sender" and "from" of allow files count only when it vouches for the domain: anybody
            can write any address.
            """),
    ]

    private static func network(_ text: String) throws -> NetworkRange {
        guard let range = NetworkRange(text) else {
            throw ValueError(
                "holds \"\(text)\", which is no address or range such as \"192.0.2.0/24\"")
        }
        return range
    }

    private static func file(_ path: String) throws -> String {
        guard path.hasPrefix("/") else { throw ValueError("holds \"\(path)\"; paths begin with /") }
        return path
    }
}
