import ASCIIText

/// Decodes header text with encoded words (RFC 2047), as leniently as mail clients do.
enum HeaderText {
    /// Begins the escape sequences of ISO-2022 charsets.
    private static let escape: UInt8 = 0x1B

    /// The field value as UTF-8, unfolded, its encoded words decoded and adjacent ones joined.
    ///
    /// - Parameters:
    ///   - value: The value as it was sent.
    ///   - charset: The charset of the message, for bytes outside encoded words; or nil.
    ///   - defects: Receives what is wrong with the encoded words.
    /// - Returns: Valid UTF-8.
    static func decode(
        _ value: ArraySlice<UInt8>, messageCharset charset: String? = nil,
        defects: inout Set<Defect>
    ) -> [UInt8] {
        let unfolded = unfold(value)
        guard let lastCloser = EncodedWord.lastCloser(in: unfolded[...]) else {
            return Charset.decodeHeader(unfolded, messageCharset: charset, defects: &defects)
        }
        var result: [UInt8] = []
        var plain: [UInt8] = []
        var pending = PendingWord()
        var index = 0
        while index < unfolded.count {
            if unfolded[index] == UInt8(ascii: "="),
                let word = EncodedWord(
                    unfolded[...], at: index, lastCloser: lastCloser, defects: &defects)
            {
                // White space between two encoded words is not shown (RFC 2047 section 6.2).
                if pending.isEmpty || !plain.allSatisfy(ASCII.isSpace) {
                    pending.flush(into: &result, defects: &defects)
                    result += Charset.decodeHeader(
                        plain, messageCharset: charset, defects: &defects)
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
        result += Charset.decodeHeader(plain, messageCharset: charset, defects: &defects)
        return result
    }

    /// Removes the line breaks of folds and replaces control characters by spaces.
    static func unfold(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        for byte in value where byte != ASCII.carriageReturn && byte != ASCII.lineFeed {
            result.append(byte < 0x20 && byte != escape && byte != ASCII.tab ? ASCII.space : byte)
        }
        return result
    }
}

/// Adjacent encoded words of one charset, joined before conversion: senders split multi-byte
/// characters between them.
private struct PendingWord {
    private var charset = ""
    private var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    /// Adds a word; flushes first if it has another charset.
    mutating func append(
        _ word: EncodedWord, to result: inout [UInt8], defects: inout Set<Defect>
    ) {
        if word.charset != charset { flush(into: &result, defects: &defects) }
        charset = word.charset
        bytes += word.bytes
    }

    /// Converts the pending words.
    mutating func flush(into result: inout [UInt8], defects: inout Set<Defect>) {
        guard !bytes.isEmpty else { return }
        result += Charset.decode(bytes, label: charset, defects: &defects)
        bytes.removeAll(keepingCapacity: true)
    }
}
