import Foundation
import Milter

/// Blocking unix and TCP sockets for test clients.
public enum UnixSocket {
    /// A system call failed, or the other side closed the connection.
    public struct SocketError: Error, CustomStringConvertible {
        /// The step that failed, and why.
        public var description: String

        init(_ step: String) { description = "\(step): \(String(cString: strerror(errno)))" }

        init(description: String) { self.description = description }

        static let closed = SocketError(description: "the other side closed the connection")
    }

    /// Connects to a unix socket; the caller closes the descriptor.
    public static func connect(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        let status = UnixAddress(path: path)?.withSocketAddress {
            Glibc.connect(descriptor, $0, $1)
        }
        guard status == 0 else {
            let error = SocketError("connect \(path)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Opens a socket that others connect to, or send datagrams to; the caller closes the
    /// descriptor.
    public static func listen(_ path: String, datagrams: Bool = false) throws -> Int32 {
        let type = datagrams ? SOCK_DGRAM : SOCK_STREAM
        let descriptor = socket(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        guard UnixAddress(path: path)?.withSocketAddress({ bind(descriptor, $0, $1) }) == 0,
            datagrams || Glibc.listen(descriptor, 16) == 0
        else {
            let error = SocketError("listen \(path)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Connects to a TCP port on 127.0.0.1; the caller closes the descriptor.
    public static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let error = SocketError("connect port \(port)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// A TCP port that nobody uses at the moment.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard status == 0 else { throw SocketError("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Sends all bytes.
    public static func write(_ descriptor: Int32, _ data: some ContiguousBytes) throws {
        try data.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
                    Int32(MSG_NOSIGNAL))
                guard count > 0 else { throw SocketError("send") }
                sent += count
            }
        }
    }

    /// Reads exactly `count` bytes.
    static func read(_ descriptor: Int32, _ count: Int) throws -> Data {
        var data = Data(count: count)
        var received = 0
        while received < count {
            let read = data.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress?.advanced(by: received), count - received, 0)
            }
            guard read > 0 else { throw SocketError.closed }
            received += read
        }
        return data
    }

    /// Reads the bytes that have arrived, at least one.
    static func readSome(_ descriptor: Int32) throws -> Data {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &block, block.count, 0)
        guard count > 0 else { throw SocketError.closed }
        return Data(block[..<count])
    }

    /// Reads up to the end of the connection.
    public static func readAll(_ descriptor: Int32) throws -> Data {
        var data = Data()
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &block, block.count, 0)
            if count == 0 { return data }
            guard count > 0 else { throw SocketError("recv") }
            data += block[..<count]
        }
    }
}
