import Glibc

/// Where MTAs connect to the filter, in libmilter's notation (smfi_setconn).
public enum SocketAddress: Sendable, Equatable, CustomStringConvertible {
    /// A unix socket with an absolute path.
    case unix(path: String)
    /// A TCP port; the host is an address or a name, or nil for all addresses of the machine.
    case inet(port: UInt16, host: String?, isIPv6: Bool)
    /// A socket that another process, such as systemd, opened and listens on (sd_listen_fds(3)).
    case descriptor(Int32)

    /// Reads `unix:/path`, `/path`, `inet:port@host`, `inet6:port@host` and `fd:N`; nil for other
    /// texts.
    public init?(_ text: String) {
        if text.hasPrefix("/") {
            self = .unix(path: text)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "unix", "local":
            guard parts[1].hasPrefix("/") else { return nil }
            self = .unix(path: parts[1])
        case "inet", "inet6":
            let portAndHost = parts[1].split(separator: "@", maxSplits: 1).map(String.init)
            guard let port = portAndHost.first.flatMap({ UInt16($0) }) else { return nil }
            var host = portAndHost.count > 1 ? portAndHost[1] : nil
            if let bracketed = host, bracketed.hasPrefix("["), bracketed.hasSuffix("]") {
                host = String(bracketed.dropFirst().dropLast())
            }
            self = .inet(port: port, host: host, isIPv6: parts[0] == "inet6")
        case "fd":
            guard let number = Int32(parts[1]), number >= 0 else { return nil }
            self = .descriptor(number)
        default: return nil
        }
    }

    /// The text that reads back as this address.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .inet(let port, let host, let isIPv6):
            (isIPv6 ? "inet6:" : "inet:") + "\(port)" + (host.map { "@\($0)" } ?? "")
        case .descriptor(let number): "fd:\(number)"
        }
    }

    /// Whether connections are TCP.
    var isTCP: Bool {
        switch self {
        case .unix: return false
        case .inet: return true
        case .descriptor(let number):
            var domain: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(number, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0
                && domain != AF_UNIX
        }
    }

    /// The address of a unix socket with a path; nil for others.
    var unixAddress: UnixAddress? {
        if case .unix(let path) = self { UnixAddress(path: path) } else { nil }
    }
}
