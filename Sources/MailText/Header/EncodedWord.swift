import ASCIIText

/// One encoded word, `=?charset?encoding?text?=` (RFC 2047 section 2).
struct EncodedWord {
    // Bounds on the bytes read ahead, so that a value full of openings costs linear time. The RFC
    // allows 75 in all; senders write whole subjects into one.
    private static let maximumCharsetBytes = 64
    private static let maximumTextBytes = 2_048
    private static let maximumDecodedBytes = 4_096

    /// In lower case, without a language tag.
    var charset: String
    /// The text, its transfer encoding undone and still in ``charset``.
    var bytes: [UInt8]
    /// The index after the closing `?=`.
    var end: Int

    /// The encoded word that begins at `start`; nil when there is none.
    init?(_ text: [UInt8], at start: Int, defects: inout Set<Defect>) {
        let question = UInt8(ascii: "?")
        guard start + 1 < text.count, text[start + 1] == question else { return nil }
        let charsetStart = start + 2
        let nameLimit = min(text.count, charsetStart + EncodedWord.maximumCharsetBytes)
        guard charsetStart < nameLimit,
            let charsetEnd = text[charsetStart..<nameLimit].firstIndex(of: question),
            charsetEnd > charsetStart, charsetEnd + 2 < text.count, text[charsetEnd + 2] == question
        else { return nil }
        let textStart = charsetEnd + 3
        let limit = min(text.count, textStart + EncodedWord.maximumTextBytes)
        var textEnd = textStart
        while textEnd + 1 < limit,
            !(text[textEnd] == question && text[textEnd + 1] == UInt8(ascii: "="))
        {
            textEnd += 1
        }
        guard textEnd + 1 < limit else { return nil }
        let content = text[textStart..<textEnd]
        switch ASCII.lower(text[charsetEnd + 1]) {
        case UInt8(ascii: "b"):
            bytes = Base64.decode(
                content, limit: EncodedWord.maximumDecodedBytes, defects: &defects)
        case UInt8(ascii: "q"):
            let spaced = content.map { $0 == UInt8(ascii: "_") ? ASCII.space : $0 }
            bytes = QuotedPrintable.decode(
                spaced[...], limit: EncodedWord.maximumDecodedBytes, defects: &defects)
        default: return nil
        }
        // RFC 2231 section 5: a language tag may follow the charset.
        let name = text[charsetStart..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
        charset = String(decoding: name.lowercasedASCII(), as: UTF8.self)
        end = textEnd + 2
    }
}
