import ASCIIText

/// Quoted-printable (RFC 2045 section 6.7): a broken escape is kept as it is written.
enum QuotedPrintable {
    /// White space between the `=` of a soft line break and the line end: more is text.
    ///
    /// A line has at most 76 characters (rule 5).
    private static let maximumPadding = 76
    /// Text with fewer escapes than this for each broken one is not taken for quoted-printable.
    private static let escapesForEachBroken = 4

    /// The decoded bytes, at most `limit` of them.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        // Pointers, because most bytes of mail pass here: what is decoded is no longer than what is
        // read, and each write below is behind a byte that was read.
        bytes.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: min(limit, source.count)) { target, count in
                count = decode(source, into: target, defects: &defects)
            }
        }
    }

    /// Decodes as much as the target can hold.
    ///
    /// - Returns: How many bytes were written.
    private static func decode(
        _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>,
        defects: inout Set<Defect>
    ) -> Int {
        let end = source.count
        let limit = target.count
        var index = 0
        var count = 0
        // Where the literal, not encoded, bytes at the end of the result begin.
        var literal = 0
        var isMalformed = false
        defer { if isMalformed { defects.insert(.quotedPrintableMalformed) } }
        while index < end {
            guard count < limit else {
                defects.insert(.limitDecoded)
                break
            }
            let byte = source[index]
            if byte == ASCII.lineFeed {
                // Rule 3: white space before a line end was added in transport.
                while count > literal, ASCII.isSpace(target[count - 1]) { count -= 1 }
                target[count] = byte
                count += 1
                literal = count
                index += 1
            } else if byte != UInt8(ascii: "=") {
                let next = source.firstIndex(
                    of: ASCII.lineFeed, or: UInt8(ascii: "="), from: index + 1)
                let literals = source[index..<min(next, index + limit - count)]
                _ = target[count...].update(fromContentsOf: literals)
                count += literals.count
                index += literals.count
            } else {
                index += 1
                // No hexadecimal digit begins a soft line break.
                if index >= end || source[index] <= ASCII.space,
                    let lineEnd = softBreak(source, from: index)
                {
                    index = lineEnd
                } else if index + 1 < end, let high = ASCII.hexValue(source[index]),
                    let low = ASCII.hexValue(source[index + 1])
                {
                    target[count] = high << 4 | low
                    count += 1
                    index += 2
                } else {
                    isMalformed = true
                    target[count] = byte
                    count += 1
                }
                literal = count
            }
        }
        return count
    }

    /// The index after a soft line break whose `=` is just before `start`; nil if there is none.
    private static func softBreak(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
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
        text.withUnsafeBufferPointer { text in
            var escapes = 0
            var broken = 0
            for index in text.indices where text[index] == UInt8(ascii: "=") {
                let isEscape =
                    index + 2 < text.count && ASCII.hexValue(text[index + 1]) != nil
                    && ASCII.hexValue(text[index + 2]) != nil
                let isSoftBreak =
                    index + 1 < text.count && softBreak(text, from: index + 1) != nil
                if isEscape || isSoftBreak {
                    escapes += 1
                } else {
                    broken += 1
                }
            }
            return escapes > broken * escapesForEachBroken
        }
    }
}
