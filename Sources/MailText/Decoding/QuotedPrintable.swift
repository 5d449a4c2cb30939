import ASCIIText

/// Quoted-printable (RFC 2045 section 6.7): a broken escape is kept as it is written.
enum QuotedPrintable {
    /// White space between the `=` of a soft line break and the line end: more is text.
    private static let maximumPadding = 16
    /// Text with fewer escapes than this for each broken one is not taken for quoted-printable.
    private static let escapesForEachBroken = 4

    /// The decoded bytes, at most `limit` of them.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count))
        var index = bytes.startIndex
        let end = bytes.endIndex
        // Where the literal, not encoded, bytes at the end of the result begin.
        var literal = 0
        while index < end {
            guard result.count < limit else {
                defects.insert(.limitDecoded)
                break
            }
            let byte = bytes[index]
            if byte == ASCII.lineFeed {
                // Rule 3: white space before a line end was added in transport.
                while result.count > literal, let last = result.last, ASCII.isSpace(last) {
                    result.removeLast()
                }
                result.append(byte)
                literal = result.count
                index += 1
                continue
            }
            guard byte == UInt8(ascii: "=") else {
                let room = min(end - index, limit - result.count)
                let run = endOfLiteral(bytes, from: index, to: index + room)
                result += bytes[index..<run]
                index = run
                continue
            }
            index += 1
            if let lineEnd = softBreak(bytes, from: index) {
                index = lineEnd
            } else if index + 1 < end, let high = ASCII.hexValue(bytes[index]),
                let low = ASCII.hexValue(bytes[index + 1])
            {
                result.append(high << 4 | low)
                index += 2
            } else {
                defects.insert(.quotedPrintableMalformed)
                result.append(byte)
            }
            literal = result.count
        }
        return result
    }

    /// The index of the first `=` or line feed.
    private static func endOfLiteral(
        _ bytes: ArraySlice<UInt8>, from start: Int, to end: Int
    ) -> Int {
        var index = start
        while index < end, bytes[index] != UInt8(ascii: "="), bytes[index] != ASCII.lineFeed {
            index += 1
        }
        return index
    }

    /// The index after a soft line break whose `=` is just before `start`; nil if there is none.
    private static func softBreak(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.endIndex, index < start + maximumPadding {
            let byte = bytes[index]
            if byte == ASCII.lineFeed { return index + 1 }
            // A carriage return may be the line end, or the first half of it.
            if index > start, bytes[index - 1] == ASCII.carriageReturn, byte != ASCII.carriageReturn
            {
                return index
            }
            guard byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn else {
                return nil
            }
            index += 1
        }
        return index == bytes.endIndex ? index : nil
    }

    /// True when a text has escapes or soft line breaks, and next to none that are broken.
    static func hasEscapes(_ text: ArraySlice<UInt8>) -> Bool {
        var escapes = 0
        var broken = 0
        for index in text.indices where text[index] == UInt8(ascii: "=") {
            let next = text[(index + 1)...].prefix(2)
            let isEscape = next.count == 2 && next.allSatisfy { ASCII.hexValue($0) != nil }
            let isSoftBreak = !next.isEmpty && softBreak(text, from: index + 1) != nil
            if isEscape || isSoftBreak {
                escapes += 1
            } else {
                broken += 1
            }
        }
        return escapes > broken * escapesForEachBroken
    }
}
