import Foundation

/// A minimal MTA: hands messages to a filter by the milter protocol and applies the filter's
/// answer.
public final class ProtocolMTA {
    /// A message that was accepted, as it would be in a mailbox.
    public struct Mail: Sendable {
        /// The recipient it was delivered to.
        public var recipient: String
        /// Header and body with LF line ends.
        public var text: String
    }

    private let connection: MilterConnection
    private let client: String
    private var messageCount = 0
    /// The messages delivered, one for each recipient.
    public private(set) var delivered: [Mail] = []
    /// The messages held in the queue, one for each recipient.
    public private(set) var held: [Mail] = []

    /// Connects to a filter and reports one client.
    ///
    /// - Parameters:
    ///   - socket: path of the filter's unix socket.
    ///   - client: address of the client; empty for local mail.
    /// - Throws: ``MilterConnection/ProtocolError``, ``UnixSocket/SocketError``.
    public init(socket: String, client: String) throws {
        connection = try MilterConnection(path: socket)
        self.client = client
        try connection.greet(address: client)
    }

    /// Begins a message and ends it with RSET.
    public func beginAndReset(from sender: String, to recipient: String) throws {
        try connection.begin(sender: sender, recipients: [recipient])
        try connection.abort()
    }

    /// Hands a message to the filter and applies the answer.
    ///
    /// - Parameters:
    ///   - message: raw, with LF or CRLF line ends.
    ///   - sender: of the envelope; empty for bounces.
    ///   - recipients: of the envelope.
    ///   - user: that authenticated; empty for none.
    /// - Returns: the SMTP reply that the client would see.
    /// - Throws: ``MilterConnection/ProtocolError``, ``UnixSocket/SocketError``.
    public func send(
        _ message: [UInt8], from sender: String, to recipients: [String], user: String = ""
    ) throws -> String {
        messageCount += 1
        let outcome = try connection.deliver(
            message, sender: sender, recipients: recipients, queueID: "4XMTA\(messageCount)",
            macros: user.isEmpty ? [:] : ["M": ["{auth_authen}": user]])
        switch outcome.reply {
        case .reject: return "550 5.7.1 Command rejected"
        case .tempfail: return "451 4.7.1 Service unavailable"
        case .text(let text): return text
        case .discard: return "250 2.0.0 Ok"
        case .accept: break
        }
        let text = ProtocolMTA.edited(message, outcome)
        let remaining = recipients.filter { !outcome.deletedRecipients.contains("<\($0)>") }
        for recipient in remaining + outcome.addedRecipients.map(ProtocolMTA.withoutBrackets) {
            let mail = Mail(
                recipient: recipient, text: "Delivered-To: \(recipient)\n\(text)")
            if outcome.quarantine == nil { delivered.append(mail) } else { held.append(mail) }
        }
        return "250 2.0.0 Ok"
    }

    private static func withoutBrackets(_ address: String) -> String {
        address.trimmingCharacters(in: CharacterSet(charactersIn: "<>"))
    }

    private static func edited(_ message: [UInt8], _ outcome: MilterConnection.Outcome) -> String {
        let (fields, body) = MilterConnection.split(message)
        var header: [MilterConnection.Field?] = fields.map {
            .init(String(decoding: $0.0, as: UTF8.self), String(decoding: $0.1, as: UTF8.self))
        }
        // The n-th field with a name, in any case, among those that were not deleted.
        func index(of name: String, _ occurrence: Int) -> Int? {
            let indices = header.indices.filter {
                header[$0]?.name.lowercased() == name.lowercased()
            }
            return (1...max(indices.count, 1)).contains(occurrence) && !indices.isEmpty
                ? indices[occurrence - 1] : nil
        }
        for change in outcome.changed {
            if let index = index(of: change.name, change.occurrence) {
                header[index]?.value = change.value
            }
        }
        for deletion in outcome.deleted {
            if let index = index(of: deletion.name, deletion.occurrence) { header[index] = nil }
        }
        for field in outcome.inserted { header.insert(field, at: 0) }
        let lines = header.compactMap { $0 }.map { "\($0.name): \($0.value)\n" }.joined()
        return lines + "\n" + String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
    }
}
