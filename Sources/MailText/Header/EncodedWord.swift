import ASCIIText

/// One encoded word, `=?charset?encoding?text?=` (RFC 2047 section 2).
struct EncodedWord {
    /// Bound on the bytes read ahead, so that a value full of openings costs linear time.
    private static let maximumCharsetBytes = 64

    /// In lower case, without a language tag.
    var charset: String
    /// The text, its transfer encoding undone and still in ``charset``.
    var bytes: [UInt8]
    /// The index after the closing `?=`.
    var end: Int

    /// The index of the last `?=` of a value; nil when there is none, and so no encoded word.
    static func lastCloser(in text: ArraySlice<UInt8>) -> Int? {
        var index = text.endIndex - 2
        while index >= text.startIndex {
            if text[index] == UInt8(ascii: "?"), text[index + 1] == UInt8(ascii: "=") {
                return index
            }
            index -= 1
        }
        return nil
    }

    /// The encoded word that begins at `start`; nil when there is none.
    ///
    /// The RFC allows 75 bytes in all; senders write whole subjects into one word, so its length
    /// has no bound but that of the field.
    ///
    /// - Parameters:
    ///   - text: The value of a field, or a part of it.
    ///   - start: The index of a `=`.
    ///   - lastCloser: See ``lastCloser(in:)``.
    ///   - defects: Receives what is wrong with the word's transfer encoding.
    init?(
        _ text: ArraySlice<UInt8>, at start: Int, lastCloser: Int, defects: inout Set<Defect>
    ) {
        guard let layout = Layout(text, at: start, lastCloser: lastCloser) else { return nil }
        let content = text[layout.text]
        if layout.isBase64 {
            bytes = Base64.decode(content, limit: content.count, defects: &defects)
        } else {
            let spaced = content.map { $0 == UInt8(ascii: "_") ? ASCII.space : $0 }
            bytes = QuotedPrintable.decode(spaced[...], limit: spaced.count, defects: &defects)
        }
        // RFC 2231 section 5: a language tag may follow the charset.
        let name = text[layout.charset].prefix { $0 != UInt8(ascii: "*") }
        charset = String(decoding: name.lowercasedASCII(), as: UTF8.self)
        end = layout.end
    }

    /// The index after the encoded word that begins at `start`; nil when there is none.
    static func end(
        of text: ArraySlice<UInt8>, at start: Int, lastCloser: Int?
    ) -> Int? {
        guard let lastCloser else { return nil }
        return Layout(text, at: start, lastCloser: lastCloser)?.end
    }

    /// Where the pieces of an encoded word are.
    private struct Layout {
        var charset: Range<Int>
        var isBase64: Bool
        var text: Range<Int>

        /// The index after the closing `?=`.
        var end: Int { text.upperBound + 2 }

        init?(_ bytes: ArraySlice<UInt8>, at start: Int, lastCloser: Int) {
            let question = UInt8(ascii: "?")
            let charsetStart = start + 2
            // The shortest rest is `?Q?` in front of the closer.
            guard charsetStart < lastCloser, bytes[start] == UInt8(ascii: "="),
                bytes[start + 1] == question
            else { return nil }
            let nameLimit = min(lastCloser, charsetStart + EncodedWord.maximumCharsetBytes)
            guard let charsetEnd = bytes[charsetStart..<nameLimit].firstIndex(of: question),
                charsetEnd > charsetStart, charsetEnd + 2 < lastCloser,
                bytes[charsetEnd + 2] == question
            else { return nil }
            switch ASCII.lower(bytes[charsetEnd + 1]) {
            case UInt8(ascii: "b"): isBase64 = true
            case UInt8(ascii: "q"): isBase64 = false
            default: return nil
            }
            charset = charsetStart..<charsetEnd
            // The last closer ends this search at the latest, and the next word begins behind it.
            var textEnd = charsetEnd + 3
            guard textEnd <= lastCloser else { return nil }
            while bytes[textEnd] != question || bytes[textEnd + 1] != UInt8(ascii: "=") {
                textEnd += 1
            }
            text = (charsetEnd + 3)..<textEnd
        }
    }
}
