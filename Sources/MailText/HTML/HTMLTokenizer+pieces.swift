/// Reads pieces of a document apart from the order of its tokens.
extension HTMLTokenizer {
    /// The attributes that begin in a range.
    static func attributes(
        in range: Range<Int>, of bytes: [UInt8]
    ) -> [(name: Range<Int>, value: Range<Int>)] {
        var tokenizer = HTMLTokenizer(bytes)
        tokenizer.index = range.lowerBound
        var result: [(name: Range<Int>, value: Range<Int>)] = []
        while true {
            tokenizer.skipSpaceAndSlashes()
            guard tokenizer.index < range.upperBound, let found = tokenizer.attribute() else {
                return result
            }
            result.append(found)
        }
    }

    /// The index after the comment or declaration at `start`; nil when it does not end.
    static func endOfMarkup(_ bytes: [UInt8], from start: Int) -> Int? {
        var tokenizer = HTMLTokenizer(bytes)
        tokenizer.index = start
        if bytes[start + 1] == UInt8(ascii: "!") {
            tokenizer.skipDeclaration()
        } else {
            tokenizer.skip(past: UInt8(ascii: ">"), from: start + 2)
        }
        return tokenizer.index < bytes.count ? tokenizer.index : nil
    }

    /// The index after the comment whose `<!--` is at `start` (WHATWG HTML section 13.2.5.43 ff.).
    static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int {
        // `<!-->` and `<!--->` are whole comments.
        var index = start + 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), endsComment(bytes, index, from: start + 2) {
                return index + 1
            }
            index += 1
        }
        return index
    }

    /// True when the `>` at `close` ends a comment: after `--` or `--!`.
    private static func endsComment(_ bytes: [UInt8], _ close: Int, from start: Int) -> Bool {
        let hyphen = UInt8(ascii: "-")
        if close >= start + 2, bytes[close - 1] == hyphen, bytes[close - 2] == hyphen {
            return true
        }
        return close >= start + 5 && bytes[close - 1] == UInt8(ascii: "!")
            && bytes[close - 2] == hyphen && bytes[close - 3] == hyphen
    }
}
