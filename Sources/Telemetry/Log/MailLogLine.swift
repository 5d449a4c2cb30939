import ASCIIText

/// The one line a message leaves in the log: queue id first, then key=value in a fixed order
/// (conventions.md section 6). Everything from outside is escaped and cut.
public struct MailLogLine: Sendable {
    public var queueID: String
    public var verdict = ""
    public var action = ""
    public var points = 0.0
    public var required = 0.0
    public var probability: Double?
    public var model = ""
    public var client = ""
    public var authenticated = ""
    public var envelopeSender = ""
    public var recipients = 0
    public var bytes = 0
    public var messageID = ""
    public var parseSeconds = 0.0
    public var queueSeconds = 0.0
    public var inferSeconds = 0.0
    public var totalSeconds = 0.0
    public var batch = 0
    /// Why a message was not judged, or was judged unsure; empty otherwise.
    public var reason = ""
    /// Whose policy held, where recipients have policies of their own; empty otherwise.
    public var policy = ""
    /// Names of defects.
    public var flags: [String] = []

    /// How addresses and message ids are shown.
    public enum Addresses: Sendable { case plain, omitted, hashed }
    public var addresses = Addresses.plain

    /// - Parameter queueID: empty becomes `NOQUEUE`, Postfix's word.
    public init(queueID: String) { self.queueID = queueID }

    /// The line, without a line end, below 1,000 bytes.
    public var text: String {
        let id = queueID.isEmpty ? "NOQUEUE" : MailLogLine.escaped(queueID, 40)
        return "\(id): " + fields.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }

    /// The keys and values in their order.
    private var fields: [(String, String)] {
        var fields: [(String, String)] = [
            ("verdict", verdict), ("action", action), ("score", points.fixed(2)),
            ("required", required.fixed(2)),
            ("p", probability.map { $0.fixed(4) } ?? "-"),
            ("model", MailLogLine.escaped(model, 60)),
            ("client", shown(client, 80)),
            ("auth", shown(authenticated, 60)),
            ("from", "<\(shown(envelopeSender, 120, empty: ""))>"),
            ("nrcpt", "\(recipients)"), ("size", "\(bytes)"),
            ("mid", shown(messageID, 120)),
            ("parse_ms", MailLogLine.milliseconds(parseSeconds)),
            ("queue_ms", MailLogLine.milliseconds(queueSeconds)),
            ("infer_ms", MailLogLine.milliseconds(inferSeconds)),
            ("total_ms", MailLogLine.milliseconds(totalSeconds)), ("batch", "\(batch)"),
        ]
        if !reason.isEmpty { fields.append(("reason", MailLogLine.escaped(reason, 60))) }
        if !policy.isEmpty { fields.append(("policy", MailLogLine.escaped(policy, 60))) }
        fields.append(("flags", flags.isEmpty ? "-" : flags.prefix(8).joined(separator: ",")))
        return fields
    }

    private func shown(_ value: String, _ limit: Int, empty: String = "-") -> String {
        switch addresses {
        case .plain: return MailLogLine.escaped(value, limit, empty: empty)
        case .omitted: return empty
        case .hashed:
            guard !value.isEmpty else { return empty }
            return MailLogLine.secretHash(value.lowercased())
        }
    }

    /// SipHash with the secret of the process (`Hasher`): the same value gives the same word
    /// while siftd runs, and nobody can try out addresses on an old log.
    private static func secretHash(_ value: String) -> String {
        var hasher = Hasher()
        hasher.combine(value)
        let digits = String(UInt64(bitPattern: Int64(hasher.finalize())), radix: 16)
        return "#" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Printable ASCII stays; white space, quotes, control and other bytes become `\xNN`. Cut to
    /// `limit` bytes; empty becomes `-` so that every key has a value.
    static func escaped(_ value: String, _ limit: Int, empty: String = "-") -> String {
        guard !value.isEmpty else { return empty }
        var result = ""
        for byte in value.utf8 {
            guard result.utf8.count < limit else { return result + "..." }
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "\"") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func milliseconds(_ seconds: Double) -> String { (seconds * 1_000).fixed(2) }
}
