import Foundation

/// Plain blocking sockets for test clients.
public enum UnixSocket {
    public struct SocketError: Error, CustomStringConvertible {
        public var description: String
        init(_ step: String) { description = "\(step): \(String(cString: strerror(errno)))" }
    }

    /// Connects to a unix socket.
    public static func connect(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        let status = withAddress(path) { Glibc.connect(descriptor, $0, $1) }
        guard status == 0 else {
            let error = SocketError("connect \(path)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Makes a socket that others connect to, or send datagrams to.
    static func listen(_ path: String, datagrams: Bool = false) throws -> Int32 {
        let kind = datagrams ? SOCK_DGRAM : SOCK_STREAM
        let descriptor = socket(AF_UNIX, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        guard withAddress(path, { bind(descriptor, $0, $1) }) == 0,
            datagrams || Glibc.listen(descriptor, 16) == 0
        else {
            let error = SocketError("listen \(path)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Connects to a TCP port on 127.0.0.1.
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

    static func write(_ descriptor: Int32, _ data: some ContiguousBytes) throws {
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

    /// Exactly `count` bytes.
    static func read(_ descriptor: Int32, _ count: Int) throws -> Data {
        var data = Data(count: count)
        var received = 0
        while received < count {
            let got = data.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress?.advanced(by: received), count - received, 0)
            }
            guard got > 0 else { throw SocketError("the other side closed") }
            received += got
        }
        return data
    }

    /// What there is, one byte at least.
    static func readSome(_ descriptor: Int32) throws -> Data {
        var block = [UInt8](repeating: 0, count: 65_536)
        let got = recv(descriptor, &block, block.count, 0)
        guard got > 0 else { throw SocketError("the other side closed") }
        return Data(block[..<got])
    }

    /// Everything up to the end of the connection.
    static func readAll(_ descriptor: Int32) throws -> Data {
        var data = Data()
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = recv(descriptor, &block, block.count, 0)
            if got == 0 { return data }
            guard got > 0 else { throw SocketError("recv") }
            data += block[..<got]
        }
    }
}

/// A small HTTP/1.1 client for tests: one request, one connection.
public enum HTTPTestClient {
    public struct Answer: Sendable {
        public var status: Int
        public var headers: String
        public var body: String
    }

    public static func request(
        _ method: String, _ path: String, port: Int, contentType: String? = nil,
        body: [UInt8] = []
    ) throws -> Answer {
        let descriptor = try UnixSocket.connect(port: port)
        defer { close(descriptor) }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if let contentType { head += "Content-Type: \(contentType)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        try UnixSocket.write(descriptor, Data(head.utf8) + body)
        let text = String(decoding: try UnixSocket.readAll(descriptor), as: UTF8.self)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(
            status: status, headers: parts.first.map(String.init) ?? "",
            body: parts.count > 1 ? String(parts[1]) : "")
    }
}
