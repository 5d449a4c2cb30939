/// The value of a key in the log, before it is written in one of the formats.
public enum LogValue: Sendable, Equatable {
    /// A word or number of siftd's own: no white space, nothing to escape.
    case word(String)
    /// A sentence of siftd's own, or of the system.
    case sentence(String)
    /// Bytes that somebody outside chose, shown up to `limit` bytes.
    case foreign(String, limit: Int)
    /// An address that somebody outside chose, in angle brackets.
    case bracketed(String, limit: Int)

    /// As text: one word, or a sentence in quotes; `-` for nothing, so that every key has a value.
    ///
    /// Printable ASCII stays; in foreign values white space, quotes, control and other bytes become
    /// `\xNN`, so that nobody can forge a key or break the line.
    var text: String {
        switch self {
        case .word(let value): value.isEmpty ? "-" : value
        case .sentence(let value): LogValue.quoted(value)
        case .foreign(let value, let limit):
            value.isEmpty ? "-" : LogValue.escaped(value, limit)
        case .bracketed(let value, let limit): "<\(LogValue.escaped(value, limit))>"
        }
    }

    /// As it is, for JSON, which has its own escapes; cut like the text.
    var raw: String {
        switch self {
        case .word(let value): value.isEmpty ? "-" : value
        case .sentence(let value): value
        case .foreign(let value, let limit): value.isEmpty ? "-" : LogValue.cut(value, limit)
        case .bracketed(let value, let limit): "<\(LogValue.cut(value, limit))>"
        }
    }

    /// In quotes, as logfmt has it: quotes and backslashes inside have a backslash in front.
    private static func quoted(_ value: String) -> String {
        let escaped = line(value).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    private static func escaped(_ value: String, _ limit: Int) -> String {
        // Most values have nothing to escape.
        if value.utf8.count <= limit, value.utf8.allSatisfy(isPlain) { return value }
        var result = ""
        for byte in value.utf8 {
            guard result.utf8.count < limit else { return result + "..." }
            if isPlain(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"")
    }

    private static func cut(_ value: String, _ limit: Int) -> String {
        guard value.utf8.count > limit else { return value }
        return String(decoding: value.utf8.prefix(limit), as: UTF8.self) + "..."
    }

    /// One line: every line end becomes a space.
    static func line(_ text: String) -> String {
        let isLine = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isLine ? text : String(text.map { $0.isNewline ? " " : $0 })
    }
}
