import Glibc

extension MilterServer {
    /// Why a socket can't be opened or the filter can't be registered.
    public struct StartError: Error, Equatable, CustomStringConvertible {
        /// The cause, as far as callers distinguish causes.
        public enum Kind: Sendable, CaseIterable {
            /// Another process has the socket.
            case socketInUse
            /// The process lacks a permission.
            case permission
            /// A path, host, port, user or group doesn't exist or can't be used.
            case badAddress
            /// libmilter refused the filter or the socket.
            case refusedByLibmilter
            /// Something else, such as a lack of descriptors.
            case other
        }

        /// The cause.
        public var kind: Kind
        /// Human-readable, without the name of the module.
        public var reason: String

        /// An error with this kind and reason.
        public init(kind: Kind = .other, reason: String) {
            self.kind = kind
            self.reason = reason
        }

        /// The reason with `milter: ` in front.
        public var description: String { "milter: \(reason)" }
    }
}

/// The texts. `code` is what `errno` was.
extension MilterServer.StartError {
    static let refusedFilter = Self(
        kind: .refusedByLibmilter,
        reason: "libmilter refused the filter; is it of another version?")

    static func refusedSocket(_ address: SocketAddress) -> Self {
        Self(kind: .refusedByLibmilter, reason: "libmilter refused the socket \(address)")
    }

    static func noListening(on name: String, code: Int32) -> Self {
        Self(kind: kind(of: code), reason: "can't listen on \(name): \(String(errno: code))")
    }

    static func noRelay(code: Int32) -> Self {
        Self(kind: kind(of: code), reason: "can't relay connections: \(String(errno: code))")
    }

    static func unknownHost(of name: String, reason: String) -> Self {
        Self(kind: .badAddress, reason: "\(name): can't find the host: \(reason)")
    }

    static func unusableDirectory(_ path: String, code: Int32) -> Self {
        Self(
            kind: kind(of: code),
            reason: "the directory \(path) of the socket is missing or not writable: "
                + String(errno: code))
    }

    static func pathTooLong(_ path: String) -> Self {
        Self(
            kind: .badAddress,
            reason: "the path \(path) is too long for a socket; "
                + "the maximum is \(UnixAddress.longestPath) bytes")
    }

    static func notASocket(_ path: String) -> Self {
        Self(
            kind: .badAddress,
            reason: "\(path) exists and is not a socket; choose another path or move the file")
    }

    static func socketInUse(_ path: String) -> Self {
        Self(
            kind: .socketInUse, reason: "another process listens on \(path); stop it first")
    }

    static func unknownUse(of path: String, code: Int32) -> Self {
        Self(
            kind: kind(of: code),
            reason: "can't find out whether another process listens on \(path): "
                + String(errno: code))
    }

    static func unknownUser(_ name: String) -> Self {
        Self(kind: .badAddress, reason: "there is no user \(name) for the socket")
    }

    static func unknownGroup(_ name: String) -> Self {
        Self(kind: .badAddress, reason: "there is no group \(name) for the socket")
    }

    static func ownerNotSet(of path: String, _ access: MilterServer.SocketAccess, code: Int32)
        -> Self
    {
        Self(
            kind: kind(of: code),
            reason: "can't give \(path) to \(access.owner):\(access.group): "
                + String(errno: code))
    }

    static func modeNotSet(of path: String, code: Int32) -> Self {
        Self(
            kind: kind(of: code), reason: "can't set the mode of \(path): \(String(errno: code))")
    }

    private static func kind(of code: Int32) -> Kind {
        switch code {
        case EADDRINUSE: .socketInUse
        case EACCES, EPERM, EROFS: .permission
        case EADDRNOTAVAIL, ENOENT, ENOTDIR, ENOTSOCK, EBADF: .badAddress
        default: .other
        }
    }
}

extension String {
    /// The text of an error number of the C library (errno(3)).
    init(errno code: Int32) { self.init(cString: strerror(code)) }
}
