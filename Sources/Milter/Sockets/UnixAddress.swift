import Glibc

/// The address of a unix socket (unix(7)): a path, an abstract name, or none.
public struct UnixAddress: Sendable, Equatable, CustomStringConvertible {
    /// The longest path, in bytes: `sun_path` holds one more, the zero byte at its end.
    public static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// No address: the kernel chooses an abstract name when a socket is bound to it (autobind).
    public static let unnamed = UnixAddress(name: [])

    /// A path, or an abstract name behind a zero byte.
    private let name: [UInt8]

    private init(name: [UInt8]) { self.name = name }

    /// The address of a socket file; nil for a path that is empty or longer than ``longestPath``.
    public init?(path: String) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= UnixAddress.longestPath, !bytes.contains(0) else {
            return nil
        }
        name = bytes
    }

    /// Reads `/path`, or `@name` for an abstract name, as systemd writes them; nil for other texts.
    public init?(_ text: String) {
        let isAbstract = text.hasPrefix("@")
        guard isAbstract || text.hasPrefix("/"), let address = UnixAddress(path: text) else {
            return nil
        }
        name = isAbstract ? [0] + address.name.dropFirst() : address.name
    }

    /// The address that a socket is bound to; nil when it is not a unix socket.
    init?(ofSocket descriptor: Int32) {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            // Every kind of address may be read as a sockaddr, its common beginning
            // (sockaddr(3type)).
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        let count =
            min(Int(length), MemoryLayout<sockaddr_un>.size)
            - MemoryLayout<sa_family_t>.size
        let bytes = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix(max(count, 0))) }
        // Behind a path stands a zero byte; all bytes of an abstract name count.
        name = bytes.first == 0 ? bytes : Array(bytes.prefix { $0 != 0 })
    }

    /// The path; an abstract name with `@` in front; empty for ``unnamed``.
    public var description: String {
        name.first == 0
            ? "@" + String(decoding: name.dropFirst(), as: UTF8.self)
            : String(decoding: name, as: UTF8.self)
    }

    /// Calls a closure with the address and its length, as system calls take them; both are valid
    /// during the call only.
    public func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
    ) rethrows -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        // A path may end anywhere behind its last byte, an abstract name must end with it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        return try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, length)
            }
        }
    }
}
