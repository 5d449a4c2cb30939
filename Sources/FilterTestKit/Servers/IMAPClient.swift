import Foundation

/// A mail client that speaks IMAP to a server on 127.0.0.1.
///
/// One connection, to be used by one thread.
public final class IMAPClient {
    /// A reply other than the one hoped for.
    public struct ReplyError: Error, CustomStringConvertible {
        /// The command and the reply.
        public var description: String
    }

    private let descriptor: Int32
    private var unread = Data()
    private var number = 0

    /// Connects and logs in.
    ///
    /// - Throws: ``UnixSocket/SocketError``, ``ReplyError``.
    public init(port: Int, user: String, password: String) throws {
        descriptor = try UnixSocket.connect(port: port)
        _ = try line()
        try command("LOGIN \(user) \(password)")
    }

    deinit { close(descriptor) }

    /// Sends a command.
    ///
    /// - Throws: ``ReplyError`` when the server does not obey, ``UnixSocket/SocketError``.
    public func command(_ text: String) throws {
        try UnixSocket.write(descriptor, Data("\(tag()) \(text)\r\n".utf8))
        try finish(text)
    }

    /// Writes a message, with LF or CRLF line ends, into a mailbox.
    ///
    /// - Throws: ``ReplyError``, ``UnixSocket/SocketError``.
    public func append(_ message: [UInt8], to mailbox: String) throws {
        let text = String(decoding: message, as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n")
            .replacingOccurrences(of: "\n", with: "\r\n")
        try UnixSocket.write(
            descriptor, Data("\(tag()) APPEND \(mailbox) {\(text.utf8.count)}\r\n".utf8))
        let ready = try line()
        guard ready.hasPrefix("+") else {
            throw ReplyError(description: "APPEND \(mailbox): \(ready)")
        }
        try UnixSocket.write(descriptor, Data("\(text)\r\n".utf8))
        try finish("APPEND \(mailbox)")
    }

    /// Moves the first message of a mailbox.
    ///
    /// - Throws: ``ReplyError``, ``UnixSocket/SocketError``.
    public func move(from mailbox: String, to target: String) throws {
        try command("SELECT \(mailbox)")
        try command("MOVE 1 \(target)")
    }

    private func tag() -> String {
        number += 1
        return "a\(number)"
    }

    /// Reads up to the line with the command's tag, which has its result.
    private func finish(_ text: String) throws {
        while true {
            let line = try line()
            guard line.hasPrefix("a\(number) ") else { continue }
            guard line.hasPrefix("a\(number) OK") else {
                throw ReplyError(description: "\(text): \(line)")
            }
            return
        }
    }

    private func line() throws -> String {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            unread += try UnixSocket.readSome(descriptor)
        }
    }
}
