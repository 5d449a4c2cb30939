import Foundation

/// The smallest MTA there is: hands messages to a filter by the milter protocol and does to them what
/// the filter asks for.
public final class ProtocolMTA {
    /// A message that was accepted, as it would lie in a mailbox.
    public struct Mail: Sendable {
        public var recipient: String
        public var text: String
    }

    private let connection: MilterConnection
    private let client: String
    private var numbers = 0
    public private(set) var delivered: [Mail] = []
    public private(set) var held: [Mail] = []

    /// - Parameter client: address of the client that it serves; "" for local mail.
    public init(socket: String, client: String) throws {
        connection = try MilterConnection(path: socket)
        self.client = client
        try connection.greet(address: client)
    }

    /// RSET in the middle of a message.
    public func beginAndReset(from sender: String, to recipient: String) throws {
        try connection.begin(sender: sender, recipients: [recipient])
        try connection.abort()
    }

    /// Gives the SMTP reply that the client would see.
    public func send(
        _ message: [UInt8], from sender: String, to recipients: [String], user: String = ""
    ) throws -> String {
        numbers += 1
        let outcome = try connection.deliver(
            message, sender: sender, recipients: recipients, queueID: "4XMTA\(numbers)",
            macros: user.isEmpty ? [:] : ["M": ["{auth_authen}": user]])
        switch outcome.reply {
        case .reject: return "550 5.7.1 Command rejected"
        case .tempfail: return "451 4.7.1 Service unavailable"
        case .text(let text): return text
        case .discard: return "250 2.0.0 Ok"
        case .accept: break
        }
        let text = ProtocolMTA.edited(message, outcome)
        let left = recipients.filter { !outcome.deletedRecipients.contains("<\($0)>") }
        for recipient in left + outcome.addedRecipients.map(ProtocolMTA.bare) {
            let mail = Mail(
                recipient: recipient, text: "Delivered-To: \(recipient)\n\(text)")
            if outcome.quarantine == nil { delivered.append(mail) } else { held.append(mail) }
        }
        return "250 2.0.0 Ok"
    }

    private static func bare(_ address: String) -> String {
        address.trimmingCharacters(in: CharacterSet(charactersIn: "<>"))
    }

    private static func edited(_ message: [UInt8], _ outcome: MilterConnection.Outcome) -> String {
        let (fields, body) = MilterConnection.split(message)
        var header: [MilterConnection.Field?] = fields.map {
            .init(String(decoding: $0.0, as: UTF8.self), String(decoding: $0.1, as: UTF8.self))
        }
        // The n-th field of a name, whatever its case; those taken out count no more.
        func place(_ name: String, _ occurrence: Int) -> Int? {
            let places = header.indices.filter {
                header[$0]?.name.lowercased() == name.lowercased()
            }
            return (1...max(places.count, 1)).contains(occurrence) && !places.isEmpty
                ? places[occurrence - 1] : nil
        }
        for change in outcome.changed {
            if let place = place(change.name, change.occurrence) {
                header[place]?.value = change.value
            }
        }
        for deletion in outcome.deleted {
            if let place = place(deletion.name, deletion.occurrence) { header[place] = nil }
        }
        for field in outcome.inserted { header.insert(field, at: 0) }
        let lines = header.compactMap { $0 }.map { "\($0.name): \($0.value)\n" }.joined()
        return lines + "\n" + String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
    }
}
