import FilterPolicy
import Milter
import Settings

extension Check {
    /// What others than this machine and its mail server may use.
    @Sendable static func exposure(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        var findings = sockets(settings.milter.sockets, "milter.socket") { socket in
            Finding(
                "exposure", .warning, "\(socket) of milter.socket is open to other hosts",
                remedy: "let a firewall pass only your mail servers: the protocol has no passwords")
        }
        findings += sockets(settings.spamd.sockets, "spamd.socket") { socket in
            let clients = settings.spamd.clients.map(\.description)
            let isEverybody = clients.contains { $0.hasSuffix("/0") }
            return Finding(
                "exposure", isEverybody ? .failure : .warning,
                "\(socket) of spamd.socket is open to other hosts; it answers "
                    + clients.joined(separator: ", "),
                remedy: isEverybody
                    ? "name only your own hosts in spamd.clients"
                    : "siftd cuts off others, but a firewall does it better")
        }
        if !settings.http.isLocal {
            findings.append(
                Finding(
                    "exposure", .warning,
                    "http.address \(settings.http.address) is open to other hosts, by tokens",
                    remedy: "tokens cross the network in the clear: put a proxy with TLS in front"))
        }
        let modes = [
            ("milter", settings.milter.access.mode, settings.milter.sockets),
            ("spamd", settings.spamd.access.mode, settings.spamd.sockets),
        ]
        for (section, mode, sockets) in modes
        where mode & 0o002 != 0 && sockets.contains(where: isUnix) {
            findings.append(
                Finding(
                    "exposure", .warning, "every local user may use the socket (\(section).mode)",
                    remedy: "\(section).mode = \"0660\", with a folder of the mail server's group"))
        }
        return findings.isEmpty
            ? [Finding("exposure", .ok, "no port is open to other hosts")] : findings
    }

    private static func isUnix(_ socket: SocketAddress) -> Bool {
        if case .unix = socket { true } else { false }
    }

    /// A finding for each TCP port beyond loopback.
    private static func sockets(
        _ sockets: [SocketAddress], _ key: String, _ finding: (SocketAddress) -> Finding
    ) -> [Finding] {
        sockets.filter { socket in
            guard case .inet(_, let host, _) = socket else { return false }
            guard let host else { return true }
            return host != "localhost" && host != "::1" && !host.hasPrefix("127.")
        }.map(finding)
    }
}
