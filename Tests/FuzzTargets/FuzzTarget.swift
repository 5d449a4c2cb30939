import MailText

/// An entry point for arbitrary bytes: the text front end, or the import of models.
///
/// Each target carries an input inside a message that the whole front end then reads, so that the
/// output of one stage is also the next stage's input.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A whole message.
    case mime
    /// The body of a text/html part.
    case html
    /// Text in the charset that the first byte selects.
    case charset
    /// The lines of a header block.
    case header
    /// The text of a part, as the tokeniser gets it.
    case tokens
    /// A file that is said to be a model of Keras; its first byte chooses how it is read.
    case keras

    private static let charsets = [
        "utf-8", "us-ascii", "iso-8859-1", "windows-1251", "koi8-r", "iso-2022-jp", "shift_jis",
        "euc-jp", "gb2312", "gb18030", "big5", "euc-kr", "iso-2022-kr", "hz-gb-2312", "utf-7",
        "utf-16", "utf-16le", "utf-16be", "utf-32", "windows-874", "iso-8859-8-i", "scsu", "bocu-1",
        "imap-mailbox-name", "ibm037", "x-nonsense", "cesu-8", "iso-2022-cn", "macintosh", "viscii",
    ]

    /// The message that carries an input.
    public func message(_ input: [UInt8]) -> [UInt8] {
        switch self {
        case .mime, .keras: return input
        case .html: return Array("Content-Type: text/html; charset=utf-8\n\n".utf8) + input
        case .charset:
            let index = Int(input.first ?? 0) % FuzzTarget.charsets.count
            let type = "Content-Type: text/plain; charset=\(FuzzTarget.charsets[index])\n\n"
            return Array(type.utf8) + input.dropFirst()
        case .header: return input.filter { $0 != 0x0D } + Array("\n\nbody".utf8)
        case .tokens: return Array("Content-Type: text/plain; charset=utf-8\n\n".utf8) + input
        }
    }

    /// Inputs of this target that a real message holds, to start fuzzing from.
    public func seeds(of message: [UInt8]) -> [[UInt8]] {
        let content = MailContent(message: message)
        switch self {
        case .mime: return [message]
        case .keras: return []
        case .html: return content.texts.filter(\.isHTML).map(\.bytes)
        case .charset:
            return content.texts.enumerated().map { index, text in
                [UInt8(truncatingIfNeeded: index + text.bytes.count)] + text.bytes
            }
        case .header:
            let text = String(decoding: message, as: UTF8.self)
            return [Array(text.replacing("\r\n", with: "\n").split(separator: "\n\n")[0].utf8)]
        case .tokens: return [content.subject ?? [], content.body.bytes]
        }
    }

    /// Reads an input to the end and returns the invariants that do not hold for it.
    public func violations(of input: [UInt8]) -> [String] {
        if self == .keras { return KerasInput.violations(of: input) }
        let message = message(input)
        var violations = Invariants.violations(in: message)
        if self == .html {
            // Inputs are too short for the limit of tags.
            var limits = MailLimits()
            limits.tags = 8
            violations += Invariants.violations(in: message, limits: limits)
        }
        if self == .mime || self == .header {
            violations += Invariants.lineEndViolations(in: message)
        }
        return violations
    }
}
