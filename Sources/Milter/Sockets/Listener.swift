import Glibc

/// A listening socket, of the relay or of another port.
///
/// Whoever uses it closes the descriptor.
public struct Listener: Sendable {
    /// Of the socket, which does not block.
    public let descriptor: Int32
    let isTCP: Bool
    /// As configured, with the port chosen by the kernel where 0 was asked for.
    public let address: SocketAddress

    /// Opens the socket of an address, or takes over the descriptor it names.
    ///
    /// - Parameters:
    ///   - address: a stale socket file is replaced, any other file is not.
    ///   - access: who may use a unix socket.
    ///   - backlog: connections that may wait to be accepted.
    /// - Throws: ``MilterServer/StartError``.
    public init(
        _ address: SocketAddress, access: MilterServer.SocketAccess, backlog: Int32
    ) throws(MilterServer.StartError) {
        isTCP = address.isTCP
        switch address {
        case .descriptor(let number):
            descriptor = number
            self.address = address
        case .unix(let path):
            let file = UnixSocketFile(path: path)
            try file.prepare()
            file.remove()
            guard let unixAddress = UnixAddress(path: path) else { throw .pathTooLong(path) }
            descriptor = try Listener.listening(
                family: AF_UNIX, name: address.description, backlog: backlog
            ) { descriptor in
                unixAddress.withSocketAddress { bind(descriptor, $0, $1) }
            }
            try file.protect(access)
            self.address = address
        case .inet(let port, let host, let isIPv6):
            descriptor = try Listener.inet(
                port: port, host: host, family: isIPv6 ? AF_INET6 : AF_INET,
                name: address.description, backlog: backlog)
            self.address = .inet(port: Listener.port(descriptor), host: host, isIPv6: isIPv6)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Looks whether a TCP port can be had, by opening it for a moment.
    ///
    /// - Parameters:
    ///   - host: an address, or a name, of which the first address counts.
    ///   - port: 0 for any free one.
    /// - Throws: ``MilterServer/StartError``.
    public static func check(host: String, port: UInt16) throws(MilterServer.StartError) {
        let descriptor = try inet(
            port: port, host: host, family: AF_UNSPEC, name: "\(host) port \(port)", backlog: 1)
        close(descriptor)
    }

    /// Removes the file of a unix socket.
    public func removeFile() {
        if case .unix(let path) = address { UnixSocketFile(path: path).remove() }
    }

    /// A unix socket without a file, under an abstract name that the kernel chooses.
    static func unnamed(
        backlog: Int32
    ) throws(MilterServer.StartError) -> (descriptor: Int32, address: UnixAddress) {
        let name = "a unix socket"
        let descriptor = try listening(family: AF_UNIX, name: name, backlog: backlog) {
            descriptor in
            UnixAddress.unnamed.withSocketAddress { bind(descriptor, $0, $1) }
        }
        guard let address = UnixAddress(ofSocket: descriptor) else {
            throw .noListening(on: name, code: errno)
        }
        return (descriptor, address)
    }

    /// A TCP socket; the name of the address is for errors.
    private static func inet(
        port: UInt16, host: String?, family: Int32, name: String, backlog: Int32
    ) throws(MilterServer.StartError) -> Int32 {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // Of any family, what getaddrinfo(3) does without hints, as NIO calls it.
        hints.ai_flags = family == AF_UNSPEC ? AI_V4MAPPED | AI_ADDRCONFIG : AI_PASSIVE
        var addresses: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &addresses)
        guard status == 0, let first = addresses else {
            throw .unknownHost(of: name, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(addresses) }
        return try listening(
            family: first.pointee.ai_family, name: name, backlog: backlog
        ) { descriptor in
            SocketOption.enable(SO_REUSEADDR, level: SOL_SOCKET, on: descriptor)
            if family == AF_INET6 {
                // An `inet` address may have the same port.
                SocketOption.enable(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6), on: descriptor)
            }
            return bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen)
        }
    }

    /// A new socket that listens where `bind` binds it.
    private static func listening(
        family: Int32, name: String, backlog: Int32, bind: (Int32) -> Int32
    ) throws(MilterServer.StartError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0, bind(descriptor) == 0, listen(descriptor, backlog) == 0 else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw .noListening(on: name, code: code)
        }
        return descriptor
    }

    private static func port(_ descriptor: Int32) -> UInt16 {
        // sockaddr_in has its port at the same offset.
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
