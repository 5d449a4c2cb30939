import Foundation

/// A mail client that speaks SMTP to a server on 127.0.0.1.
///
/// One connection, to be used by one thread.
public final class SMTPClient {
    /// The extension of SMTP by which a message is sent.
    public enum Manner: String, Sendable {
        /// None.
        case plain
        /// All commands of the envelope in one piece (RFC 2920).
        case pipelined
        /// In chunks of known length instead of up to a dot (RFC 3030).
        case bdat
        /// With bytes above 127 (RFC 6152).
        case eightBit = "8bitmime"
        /// With UTF-8 in addresses (RFC 6531).
        case utf8 = "smtputf8"
    }

    private let descriptor: Int32
    private var unread = Data()
    /// The server's reply to EHLO: the extensions it offers.
    public private(set) var greeting = ""

    /// Connects and sends EHLO.
    public init(port: Int) throws {
        descriptor = try UnixSocket.connect(port: port)
        _ = try reply()
        greeting = try command("EHLO client.example.net")
    }

    deinit { close(descriptor) }

    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: raw, with LF or CRLF line ends.
    ///   - sender: empty for a bounce.
    ///   - recipients: addresses without angle brackets.
    ///   - manner: how the message is sent.
    /// - Returns: the reply to the message's end, or to the command that was refused before.
    /// - Throws: ``UnixSocket/SocketError``.
    public func send(
        _ message: [UInt8], from sender: String, to recipients: [String], manner: Manner = .plain
    ) throws -> String {
        var mail = "MAIL FROM:<\(sender)>"
        if manner == .eightBit || manner == .utf8 { mail += " BODY=8BITMIME" }
        if manner == .utf8 { mail += " SMTPUTF8" }
        var commands = [mail] + recipients.map { "RCPT TO:<\($0)>" }
        if manner != .bdat { commands.append("DATA") }
        if manner == .pipelined {
            try write(commands.map { $0 + "\r\n" }.joined())
            for _ in commands.dropLast() { _ = try reply() }
            let answer = try reply()
            guard answer.hasPrefix("354") else { return answer }
        } else {
            for text in commands {
                let answer = try command(text)
                guard answer.hasPrefix("250") || answer.hasPrefix("354") else { return answer }
            }
        }
        return manner == .bdat ? try chunks(message) : try data(message)
    }

    /// Begins a message and resets it.
    public func beginAndReset(from sender: String, to recipient: String) throws {
        _ = try command("MAIL FROM:<\(sender)>")
        _ = try command("RCPT TO:<\(recipient)>")
        _ = try command("RSET")
    }

    /// Ends the connection in order.
    public func quit() throws { _ = try command("QUIT") }

    /// Sends a command and waits for the reply, whose lines are joined by LF.
    public func command(_ text: String) throws -> String {
        try write(text + "\r\n")
        return try reply()
    }

    private func data(_ message: [UInt8]) throws -> String {
        var stuffed: [UInt8] = []
        for line in SMTPClient.lines(message) {
            if line.first == UInt8(ascii: ".") { stuffed.append(UInt8(ascii: ".")) }
            stuffed += line + Array("\r\n".utf8)
        }
        try UnixSocket.write(descriptor, Data(stuffed) + Data(".\r\n".utf8))
        return try reply()
    }

    private func chunks(_ message: [UInt8]) throws -> String {
        let lines = SMTPClient.lines(message).flatMap { $0 + Array("\r\n".utf8) }
        let middle = lines.count / 2
        try write("BDAT \(middle)\r\n")
        try UnixSocket.write(descriptor, Data(lines[..<middle]))
        let answer = try reply()
        guard answer.hasPrefix("250") else { return answer }
        try write("BDAT \(lines.count - middle) LAST\r\n")
        try UnixSocket.write(descriptor, Data(lines[middle...]))
        return try reply()
    }

    private static func lines(_ message: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private func write(_ text: String) throws {
        try UnixSocket.write(descriptor, Data(text.utf8))
    }

    private func reply() throws -> String {
        var lines: [String] = []
        while true {
            let line = try readLine()
            lines.append(line)
            // The last line has a space after the code, the others a hyphen (RFC 5321 section
            // 4.2.1).
            if line.dropFirst(3).first != "-" { return lines.joined(separator: "\n") }
        }
    }

    private func readLine() throws -> String {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[..<end]
                unread = Data(unread[(end + 1)...])
                return String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
            }
            unread += try UnixSocket.readSome(descriptor)
        }
    }
}
