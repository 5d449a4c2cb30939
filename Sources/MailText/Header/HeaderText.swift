import ASCIIText

/// Header text with encoded words (RFC 2047), decoded as leniently as clients do.
enum HeaderText {
    /// The field value as UTF-8: folds removed, encoded words decoded, adjacent ones joined.
    static func decode(_ value: ArraySlice<UInt8>, defects: inout Set<Defect>) -> [UInt8] {
        let unfolded = unfold(value)
        guard unfolded.contains(UInt8(ascii: "=")) else {
            return Charset.decode(unfolded, label: nil, defects: &defects)
        }
        var result: [UInt8] = []
        var plain: [UInt8] = []
        var pending = PendingWord()
        var index = 0
        while index < unfolded.count {
            if unfolded[index] == UInt8(ascii: "="),
                let word = EncodedWord(unfolded, at: index, defects: &defects)
            {
                // White space between two encoded words belongs to neither.
                if pending.isEmpty || !plain.allSatisfy(ASCII.isSpace) {
                    pending.flush(into: &result, defects: &defects)
                    result += Charset.decode(plain, label: nil, defects: &defects)
                }
                plain.removeAll(keepingCapacity: true)
                pending.append(word, to: &result, defects: &defects)
                index = word.end
            } else {
                plain.append(unfolded[index])
                index += 1
            }
        }
        pending.flush(into: &result, defects: &defects)
        result += Charset.decode(plain, label: nil, defects: &defects)
        return result
    }

    /// Line breaks of folds are dropped, control characters become spaces.
    private static func unfold(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        for byte in value where byte != ASCII.carriageReturn && byte != ASCII.lineFeed {
            result.append(byte < 0x20 && byte != 0x1B && byte != ASCII.tab ? ASCII.space : byte)
        }
        return result
    }
}

/// Encoded words in a row of one charset are joined before conversion: senders cut multi-byte
/// characters in two.
private struct PendingWord {
    private var charset = ""
    private var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    mutating func append(
        _ word: EncodedWord, to result: inout [UInt8], defects: inout Set<Defect>
    ) {
        if word.charset != charset { flush(into: &result, defects: &defects) }
        charset = word.charset
        bytes += word.bytes
    }

    mutating func flush(into result: inout [UInt8], defects: inout Set<Defect>) {
        guard !bytes.isEmpty else { return }
        result += Charset.decode(bytes, label: charset, defects: &defects)
        bytes.removeAll(keepingCapacity: true)
    }
}

/// `=?charset?encoding?text?=`
private struct EncodedWord {
    var charset: String
    var bytes: [UInt8]
    /// The index behind the closing `?=`.
    var end: Int

    /// The encoded word that starts at `start`, or nil. Looks at most 2,048 bytes ahead, so that a
    /// value full of openings costs linear time.
    init?(_ text: [UInt8], at start: Int, defects: inout Set<Defect>) {
        let question = UInt8(ascii: "?")
        guard start + 1 < text.count, text[start + 1] == question else { return nil }
        let charsetStart = start + 2
        let nameLimit = min(text.count, charsetStart + 64)
        guard charsetStart < nameLimit,
            let charsetEnd = text[charsetStart..<nameLimit].firstIndex(of: question),
            charsetEnd > charsetStart, charsetEnd + 2 < text.count, text[charsetEnd + 2] == question
        else { return nil }
        let textStart = charsetEnd + 3
        let limit = min(text.count, textStart + 2_048)
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
            bytes = Base64.decode(content, limit: 4_096, defects: &defects)
        case UInt8(ascii: "q"):
            let spaced = content.map { $0 == UInt8(ascii: "_") ? ASCII.space : $0 }
            bytes = QuotedPrintable.decode(spaced[...], limit: 4_096, defects: &defects)
        default: return nil
        }
        // RFC 2231 section 5: a language tag may follow the charset.
        let name = text[charsetStart..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
        charset = String(decoding: name.lowercasedASCII(), as: UTF8.self)
        end = textEnd + 2
    }
}
