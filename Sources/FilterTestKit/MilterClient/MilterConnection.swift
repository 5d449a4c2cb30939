import Foundation

/// A milter client that plays an MTA: the other side of libmilter's protocol, version 6.
///
/// For tests and benchmarks; one connection, to be used by one thread at a time.
public final class MilterConnection {
    /// The filter sent a packet that does not fit.
    public struct ProtocolError: Error, CustomStringConvertible {
        /// The step and the packet.
        public var description: String
    }

    /// A message as packets of the protocol, so that a benchmark creates them only once.
    public struct PreparedMessage: Sendable {
        fileprivate var packets: [Packet]

        /// Takes the same arguments as
        /// ``MilterConnection/deliver(_:sender:recipients:queueID:macros:)``.
        public init(
            _ message: [UInt8], sender: String = "sender@example.net",
            recipients: [String] = ["inbox@example.org"], macros: [String: [String: String]] = [:]
        ) {
            packets = MilterConnection.envelope(sender, recipients, macros)
            let (fields, body) = MilterConnection.split(message)
            for field in fields {
                packets.append(Packet("L", field.0 + [0] + field.1 + [0], Step.unansweredHeader))
            }
            packets.append(Packet("N", [], Step.unansweredEndOfHeader))
            for start in stride(from: 0, to: body.count, by: MilterConnection.chunk) {
                let end = min(start + MilterConnection.chunk, body.count)
                packets.append(Packet("B", Array(body[start..<end]), Step.unansweredBody))
            }
        }
    }

    fileprivate struct Packet: Sendable {
        var bytes: [UInt8]
        /// The protocol step that, if negotiated, needs no reply; nil where there never is
        /// one, or the caller reads it.
        var step: UInt32?

        init(_ command: Character, _ data: [UInt8], _ step: UInt32?) {
            bytes = withUnsafeBytes(of: UInt32(data.count + 1).bigEndian) { Array($0) }
            bytes += Array(String(command).utf8) + data
            self.step = step
        }
    }

    /// Protocol bits of libmilter/mfdef.h: steps that are not answered, and the skip.
    private enum Step {
        static let unansweredHeader: UInt32 = 0x80
        static let skip: UInt32 = 0x400
        static let unansweredConnect: UInt32 = 0x1000
        static let unansweredHelo: UInt32 = 0x2000
        static let unansweredMail: UInt32 = 0x4000
        static let unansweredRecipient: UInt32 = 0x8000
        static let unansweredEndOfHeader: UInt32 = 0x40000
        static let unansweredBody: UInt32 = 0x80000
    }

    /// Bytes of body in one packet, as MTAs send them (MILTER_CHUNK_SIZE).
    private static let chunk = 65_535
    private let descriptor: Int32
    /// Packets not sent yet: like an MTA, this sends those without a reply together with the next
    /// that has one.
    private var pending: [UInt8] = []
    /// The protocol steps that the filter chose at negotiation.
    public private(set) var steps: UInt32 = 0
    /// Whether the filter asked to skip the rest of the last body.
    public private(set) var skippedBody = false

    /// Connects to a unix socket and negotiates.
    ///
    /// - Parameters:
    ///   - path: of the socket.
    ///   - offered: protocol steps that the MTA offers; all of version 6 by default.
    /// - Throws: ``ProtocolError``, ``UnixSocket/SocketError``.
    public convenience init(path: String, offered: UInt32 = 0x1F_FFFF) throws {
        try self.init(UnixSocket.connect(path), offered)
    }

    /// Connects to a TCP port of 127.0.0.1 and negotiates.
    ///
    /// - Parameters:
    ///   - port: of the filter.
    ///   - offered: protocol steps that the MTA offers; all of version 6 by default.
    /// - Throws: ``ProtocolError``, ``UnixSocket/SocketError``.
    public convenience init(port: Int, offered: UInt32 = 0x1F_FFFF) throws {
        try self.init(UnixSocket.connect(port: port), offered)
    }

    private init(_ descriptor: Int32, _ offered: UInt32) throws {
        self.descriptor = descriptor
        var request = Data()
        for value in [UInt32(6), 0x1FF, offered] { request.append(bigEndian: value) }
        pending += Packet("O", Array(request), nil).bytes
        let (command, data) = try receive()
        guard command == "O", data.count >= 12 else {
            throw ProtocolError(description: "negotiation was answered with \(command)")
        }
        steps = data.bigEndian(at: 8)
    }

    deinit { close(descriptor) }

    /// Sends what an MTA reports of a client before the first message.
    ///
    /// - Parameters:
    ///   - name: host name of the client.
    ///   - address: IPv4 address; empty for mail that came through no network.
    ///   - helo: the name that the client gave.
    /// - Throws: ``ProtocolError``, ``UnixSocket/SocketError``.
    public func greet(
        name: String = "client.example.net", address: String = "192.0.2.7",
        helo: String = "client.example.net"
    ) throws {
        var data = Array(name.utf8) + [0]
        if address.isEmpty {
            // The unknown address family.
            data += [UInt8(ascii: "U")]
        } else {
            data += [UInt8(ascii: "4"), 0x30, 0x39] + Array(address.utf8) + [0]
        }
        try send([
            Packet("C", data, Step.unansweredConnect),
            Packet("H", Array(helo.utf8) + [0], Step.unansweredHelo),
        ])
    }

    /// Sends a message with its end and waits for the filter's answer.
    ///
    /// - Parameters:
    ///   - message: raw, with LF or CRLF line ends; a first mbox line is left out.
    ///   - sender: of the envelope, without angle brackets.
    ///   - recipients: of the envelope, without angle brackets.
    ///   - queueID: sent at the message's end.
    ///   - macros: by command letter, such as `["M": ["{auth_authen}": "user"]]`.
    /// - Returns: the answer.
    /// - Throws: ``ProtocolError``, ``UnixSocket/SocketError``.
    public func deliver(
        _ message: [UInt8], sender: String = "sender@example.net",
        recipients: [String] = ["inbox@example.org"], queueID: String = "4XTEST",
        macros: [String: [String: String]] = [:]
    ) throws -> Outcome {
        try upload(
            PreparedMessage(message, sender: sender, recipients: recipients, macros: macros))
        return try endOfMessage(queueID: queueID)
    }

    /// Sends a message without its end.
    public func upload(_ message: PreparedMessage) throws {
        skippedBody = false
        try send(message.packets)
    }

    /// Sends the end of a message and waits for the filter's answer.
    public func endOfMessage(queueID: String = "4XTEST") throws -> Outcome {
        pending += MilterConnection.macros("E", ["i": queueID]).flatMap(\.bytes)
        pending += Packet("E", [], nil).bytes
        return try outcome()
    }

    /// Sends MAIL and RCPT of a message.
    public func begin(
        sender: String = "sender@example.net", recipients: [String] = ["inbox@example.org"],
        macros: [String: [String: String]] = [:]
    ) throws {
        try send(MilterConnection.envelope(sender, recipients, macros))
    }

    /// Ends the message, as an MTA does at RSET.
    public func abort() throws { try send([Packet("A", [], nil)]) }

    /// Ends the connection in order, as an MTA does at QUIT.
    public func quit() throws { try send([Packet("Q", [], nil)]) }

    // MARK: Message

    private static func envelope(
        _ sender: String, _ recipients: [String], _ macros: [String: [String: String]]
    ) -> [Packet] {
        MilterConnection.macros("M", macros["M"] ?? [:])
            + [Packet("M", Array("<\(sender)>".utf8) + [0], Step.unansweredMail)]
            + recipients.map { Packet("R", Array("<\($0)>".utf8) + [0], Step.unansweredRecipient) }
    }

    private static func macros(_ command: Character, _ macros: [String: String]) -> [Packet] {
        guard !macros.isEmpty else { return [] }
        var data = Array(String(command).utf8)
        for (name, value) in macros.sorted(by: { $0.key < $1.key }) {
            data += Array(name.utf8) + [0] + Array(value.utf8) + [0]
        }
        return [Packet("D", data, nil)]
    }

    private func outcome() throws -> Outcome {
        var result = Outcome(reply: .accept)
        while true {
            let (command, data) = try receive()
            switch command {
            case "p": result.progress += 1
            case "i":
                let texts = MilterConnection.texts(data.dropFirst(4))
                result.inserted.append(Field(texts[0], texts[1]))
            // A field without a position, to be put last.
            case "h":
                let texts = MilterConnection.texts(data)
                result.inserted.append(Field(texts[0], texts[1]))
            case "m":
                let texts = MilterConnection.texts(data.dropFirst(4))
                let occurrence = Int(data.bigEndian(at: 0))
                if texts[1].isEmpty {
                    result.deleted.append(Deletion(texts[0], occurrence))
                } else {
                    result.changed.append(
                        Change(name: texts[0], occurrence: occurrence, value: texts[1]))
                }
            case "+": result.addedRecipients.append(MilterConnection.texts(data)[0])
            case "-": result.deletedRecipients.append(MilterConnection.texts(data)[0])
            case "q": result.quarantine = MilterConnection.texts(data)[0]
            case "c", "a":
                result.reply = .accept
                return result
            case "r", "t", "d":
                result.reply = command == "r" ? .reject : command == "t" ? .tempfail : .discard
                return result
            case "y":
                // Percent signs are sent doubled; the MTA undoes that.
                let text = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
                result.reply = .text(text.replacingOccurrences(of: "%%", with: "%"))
                return result
            default:
                throw ProtocolError(description: "end-of-message was answered with \(command)")
            }
        }
    }

    /// The texts of a packet, each of which ends with a zero byte.
    private static func texts(_ data: Data) -> [String] {
        data.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Header fields and body with CRLF line ends, as an MTA hands them over.
    static func split(_ message: [UInt8]) -> ([([UInt8], [UInt8])], [UInt8]) {
        let lineFeed = UInt8(ascii: "\n")
        var fields: [([UInt8], [UInt8])] = []
        var lines = message[...]
        while !lines.isEmpty {
            let end = lines.firstIndex(of: lineFeed) ?? lines.endIndex
            var line = lines[lines.startIndex..<end]
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            lines = lines[min(end + 1, lines.endIndex)...]
            if line.isEmpty { break }
            if let first = line.first, first == 0x20 || first == 0x09, !fields.isEmpty {
                fields[fields.count - 1].1 += [lineFeed] + line
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")),
                !line.starts(with: "From ".utf8)
            {
                let value = line[(colon + 1)...].drop { $0 == 0x20 }
                fields.append((Array(line[..<colon]), Array(value)))
            }
        }
        return (fields, crlf(lines))
    }

    private static func crlf(_ lines: ArraySlice<UInt8>) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(lines.count + lines.count / 32)
        var previous: UInt8 = 0
        for byte in lines {
            if byte == UInt8(ascii: "\n"), previous != UInt8(ascii: "\r") {
                body.append(UInt8(ascii: "\r"))
            }
            body.append(byte)
            previous = byte
        }
        return body
    }

    // MARK: Packets

    private func send(_ packets: [Packet]) throws {
        for packet in packets {
            pending += packet.bytes
            guard let step = packet.step, steps & step == 0 else { continue }
            let (command, _) = try receive()
            if command == "s", step == Step.unansweredBody {
                skippedBody = true
                return
            }
            guard command == "c" else {
                throw ProtocolError(description: "a step was answered with \(command)")
            }
        }
        try flush()
    }

    private func flush() throws {
        guard !pending.isEmpty else { return }
        try UnixSocket.write(descriptor, pending)
        pending.removeAll(keepingCapacity: true)
    }

    private func receive() throws -> (Character, Data) {
        try flush()
        let length = try UnixSocket.read(descriptor, 4).bigEndian(at: 0)
        guard length >= 1, length < 1 << 20 else {
            throw ProtocolError(description: "a packet of \(length) bytes")
        }
        let packet = try UnixSocket.read(descriptor, Int(length))
        return (Character(Unicode.Scalar(packet[packet.startIndex])), Data(packet.dropFirst()))
    }
}

extension Data {
    mutating func append(bigEndian value: UInt32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    func bigEndian(at offset: Int) -> UInt32 {
        dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
