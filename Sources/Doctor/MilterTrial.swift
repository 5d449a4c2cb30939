import Foundation
import Glibc
import Milter

/// Plays an MTA for one message: the other side of libmilter's protocol, version 6.
public struct MilterTrial: Sendable {
    /// What the daemon answered at the message's end.
    public struct Answer: Sendable, Equatable {
        /// Fields that it adds, in order.
        public var fields: [String: String] = [:]
        /// The last packet's letter, such as `c` for accept, and its text.
        public var reply: Character = "c"
        /// The text of a reply that has one.
        public var text = ""

        /// An answer without fields.
        public init() {}
    }

    /// Why there is no answer.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// In words.
        public var description: String

        /// A failure.
        public init(_ description: String) { self.description = description }
    }

    /// A wanted message of everyday words.
    private static let message: (fields: [(String, String)], body: String) = (
        [
            ("From", "siftd doctor <doctor@example.net>"), ("To", "postmaster@example.org"),
            ("Subject", "Minutes of our meeting"), ("Message-ID", "<siftd-doctor@example.net>"),
            ("Date", "Thu, 26 Nov 2026 09:00:00 +0000"),
        ],
        """
        Hello,\r
        \r
        thank you all for coming to the meeting on Tuesday. The minutes and the agenda for\r
        next week are in the project folder. Please send me corrections until Friday.\r
        \r
        Kind regards\r

        """
    )

    private let descriptor: Int32
    /// For each answer.
    private static let patience = timeval(tv_sec: 30, tv_usec: 0)
    private static let largestPacket = 1 << 20
    /// Steps of the protocol that need no answer (libmilter/mfdef.h), all but end-of-header.
    private static let offered: UInt32 = 0x1F_FFFF

    /// Passes the message through a socket.
    public static func run(_ address: SocketAddress) -> Result<Answer, Failure> {
        do throws(Failure) {
            let descriptor = try connect(address)
            defer { close(descriptor) }
            return .success(try MilterTrial(descriptor: descriptor).deliver())
        } catch { return .failure(error) }
    }

    /// Opens a connection; the caller closes it.
    ///
    /// - Throws: ``Failure``.
    static func connect(_ address: SocketAddress) throws(Failure) -> Int32 {
        switch address {
        case .descriptor: throw Failure("\(address) is a socket of systemd's, which has no name")
        case .unix(let path):
            guard let name = UnixAddress(path: path) else { throw Failure("\(path) is too long") }
            let descriptor = try socket(AF_UNIX)
            guard name.withSocketAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
                throw refused(descriptor)
            }
            return descriptor
        case .inet(let port, let host, let isIPv6):
            var hints = addrinfo()
            hints.ai_family = isIPv6 ? AF_INET6 : AF_INET
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            let isAny = host == nil || host == "0.0.0.0" || host == "::"
            let status = getaddrinfo(
                isAny ? (isIPv6 ? "::1" : "127.0.0.1") : host, "\(port)", &hints, &found)
            guard status == 0, let first = found else {
                throw Failure(String(cString: gai_strerror(status)))
            }
            defer { freeaddrinfo(found) }
            let descriptor = try socket(first.pointee.ai_family)
            guard
                Glibc.connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0
            else { throw refused(descriptor) }
            return descriptor
        }
    }

    private static func socket(_ family: Int32) throws(Failure) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0 else { throw Failure(String(cString: strerror(errno))) }
        var patience = patience
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    private static func refused(_ descriptor: Int32) -> Failure {
        defer { close(descriptor) }
        return Failure(String(cString: strerror(errno)))
    }

    // MARK: Message

    private func deliver() throws(Failure) -> Answer {
        try send("O", bytes(6) + bytes(0x1FF) + bytes(MilterTrial.offered))
        let (command, data) = try receive()
        guard command == "O", data.count >= 12 else { throw Failure("no milter answers there") }
        let steps = data[8..<12].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        func step(_ command: Character, _ data: [UInt8], unanswered: UInt32) throws(Failure) {
            try send(command, data)
            // A filter may decide early, or ask to skip the rest of the body.
            if steps & unanswered == 0 { _ = try receive() }
        }
        let name = text("doctor.example.net")
        let client = Array("4".utf8) + [0, 25] + text(Transaction.trialClient)
        try step("C", name + client, unanswered: 0x1000)
        try step("H", name, unanswered: 0x2000)
        try step("M", text("<doctor@example.net>"), unanswered: 0x4000)
        try step("R", text("<postmaster@example.org>"), unanswered: 0x8000)
        for (field, value) in MilterTrial.message.fields {
            try step("L", text(field) + text(value), unanswered: 0x80)
        }
        try step("N", [], unanswered: 0x40000)
        try step("B", Array(MilterTrial.message.body.utf8), unanswered: 0x80000)
        try send("D", Array("E".utf8) + text("i") + text(Transaction.trialQueueID))
        try send("E", [])
        let answer = try endOfMessage()
        try send("Q", [])
        return answer
    }

    private func endOfMessage() throws(Failure) -> Answer {
        var answer = Answer()
        while true {
            let (command, data) = try receive()
            switch command {
            case "i", "h":
                let texts = data.dropFirst(command == "i" ? 4 : 0)
                    .split(separator: 0, omittingEmptySubsequences: false)
                    .map { String(decoding: $0, as: UTF8.self) }
                if texts.count > 1 { answer.fields[texts[0]] = texts[1] }
            case "p", "m", "+", "-", "q", "b": break
            default:
                answer.reply = command
                answer.text = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
                return answer
            }
        }
    }

    // MARK: Packets

    private func bytes(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private func text(_ value: String) -> [UInt8] { Array(value.utf8) + [0] }

    private func send(_ command: Character, _ data: [UInt8]) throws(Failure) {
        let packet = bytes(UInt32(data.count + 1)) + Array(String(command).utf8) + data
        var sent = 0
        while sent < packet.count {
            let count = packet[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("the connection was lost") }
            sent += count
        }
    }

    private func receive() throws(Failure) -> (Character, [UInt8]) {
        let length = try read(4).reduce(0) { $0 << 8 | Int($1) }
        guard length >= 1, length < MilterTrial.largestPacket else {
            throw Failure("no milter answers there")
        }
        let packet = try read(length)
        return (Character(UnicodeScalar(packet[0])), Array(packet.dropFirst()))
    }

    private func read(_ count: Int) throws(Failure) -> [UInt8] {
        var data = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let read = data.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress?.advanced(by: received), count - received, 0)
            }
            guard read > 0 else {
                throw Failure(
                    read == 0 ? "the connection was closed without an answer" : "no answer came")
            }
            received += read
        }
        return data
    }
}
