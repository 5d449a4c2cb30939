import Glibc

/// A listening socket of ours, for the relay.
struct Listener {
    let descriptor: Int32
    let isTCP: Bool
    /// As configured, with the port that was given out where that was 0.
    let address: SocketAddress

    /// Opens what an address says.
    ///
    /// - Throws: ``MilterServer/StartError``.
    init(_ address: SocketAddress, access: MilterServer.SocketAccess, backlog: Int32) throws {
        isTCP = address.isTCP
        switch address {
        case .descriptor(let number):
            descriptor = number
            self.address = address
        case .unix(let path):
            let file = UnixSocketFile(path: path)
            try file.prepare()
            file.remove()
            descriptor = try Listener.bound(AF_UNIX, "unix:\(path)", backlog: backlog) {
                descriptor in
                UnixSocketFile.withAddress(Array(path.utf8)) { bind(descriptor, $0, $1) }
            }
            try file.protect(access)
            self.address = address
        case .inet(let port, let host, let isIPv6):
            descriptor = try Listener.inet(
                port, host, isIPv6 ? AF_INET6 : AF_INET, address.description, backlog: backlog)
            self.address = .inet(port: Listener.port(descriptor), host: host, isIPv6: isIPv6)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// A unix socket without a file, under a name that the kernel chose (unix(7), autobind).
    ///
    /// - Throws: ``MilterServer/StartError``.
    static func nameless(backlog: Int32) throws -> (descriptor: Int32, name: [UInt8]) {
        let descriptor = try bound(AF_UNIX, "a unix socket", backlog: backlog) { descriptor in
            UnixSocketFile.withAddress([]) { bind(descriptor, $0, $1) }
        }
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        let count = Int(length) - MemoryLayout<sa_family_t>.size
        return (descriptor, withUnsafeBytes(of: &address.sun_path) { Array($0.prefix(count)) })
    }

    private static func inet(
        _ port: UInt16, _ host: String?, _ family: Int32, _ name: String, backlog: Int32
    ) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &found)
        guard status == 0, let first = found else {
            throw MilterServer.StartError(
                reason: "\(name): can't find the host: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(found) }
        return try bound(family, name, backlog: backlog) { descriptor in
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
            if family == AF_INET6 {
                // `inet` beside it has the port's other half.
                setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size)
            }
            return bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen)
        }
    }

    private static func bound(
        _ family: Int32, _ name: String, backlog: Int32, _ bind: (Int32) -> Int32
    ) throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0, bind(descriptor) == 0, listen(descriptor, backlog) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw MilterServer.StartError(reason: "can't listen on \(name): \(reason)")
        }
        return descriptor
    }

    private static func port(_ descriptor: Int32) -> UInt16 {
        // Both families have the port in the same place.
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin6_port)
    }
}
