import Foundation

/// A small HTTP/1.1 client for tests: one request, one connection.
public enum HTTPTestClient {
    /// The response to a request.
    public struct Answer: Sendable {
        /// Status code; 0 where the response is not HTTP.
        public var status: Int
        /// The status line and all fields.
        public var headers: String
        /// The text behind the header.
        public var body: String
    }

    /// Sends a request to 127.0.0.1, or to a socket of the file system, and waits for the end of
    /// the response.
    ///
    /// - Parameters:
    ///   - method: such as `GET`.
    ///   - path: with the query.
    ///   - port: of the server; not used with a socket.
    ///   - socket: path of the server's socket; nil for none.
    ///   - host: the name that is asked for.
    ///   - fields: further fields, such as `Origin: http://localhost`.
    ///   - contentType: of the body; nil sends no such field.
    ///   - body: of the request.
    /// - Returns: the response.
    /// - Throws: ``UnixSocket/SocketError``.
    public static func request(
        _ method: String, _ path: String, port: Int = 0, socket: String? = nil,
        host: String = "localhost",
        fields: [String] = [], contentType: String? = nil, body: [UInt8] = []
    ) throws -> Answer {
        let descriptor =
            if let socket { try UnixSocket.connect(socket) } else {
                try UnixSocket.connect(port: port)
            }
        defer { close(descriptor) }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
        for field in fields { head += "\(field)\r\n" }
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
