import ASCIIText

/// What clients show of an invitation (RFC 5545): summary, place and description of its entries.
enum CalendarText {
    private static let brief: [StaticString] = ["summary", "location"]
    private static let whole: [StaticString] = brief + ["description", "comment"]

    /// The shown properties, one a line; empty when the text is no calendar.
    ///
    /// - Parameters:
    ///   - text: unfolded.
    ///   - isBrief: summary and place alone.
    static func visible(_ text: [UInt8], isBrief: Bool) -> [UInt8] {
        let shown = isBrief ? brief : whole
        var result: [UInt8] = []
        var hiddenDepth = 0
        for line in text.split(separator: ASCII.lineFeed) {
            guard let colon = colon(of: line) else { continue }
            let name = line[..<colon].prefix { $0 != UInt8(ascii: ";") }
            let value = line[(colon + 1)...]
            // Alarms and time zones are never shown.
            if value.equalsIgnoringCase("valarm") || value.equalsIgnoringCase("vtimezone") {
                if name.equalsIgnoringCase("begin") { hiddenDepth += 1 }
                if name.equalsIgnoringCase("end") { hiddenDepth = max(0, hiddenDepth - 1) }
            }
            guard hiddenDepth == 0, shown.contains(where: name.equalsIgnoringCase) else { continue }
            appendUnescaped(value, to: &result)
            result.append(ASCII.lineFeed)
        }
        return result
    }

    /// Section 3.1: a line break before white space goes, with that white space. It may lie inside a
    /// character, so this comes before any charset.
    static func unfolded(_ text: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == ASCII.carriageReturn { continue }
            if byte == ASCII.lineFeed, index < text.count,
                text[index] == ASCII.space || text[index] == ASCII.tab
            {
                index += 1
                continue
            }
            joined.append(byte)
        }
        return joined
    }

    /// The colon behind name and parameters; those in quoted parameter values don't count.
    private static func colon(of line: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        for index in line.indices {
            if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if line[index] == UInt8(ascii: ":"), !isQuoted { return index }
        }
        return nil
    }

    /// Section 3.3.11: `\n` is a line break, a backslash before another character goes.
    private static func appendUnescaped(_ value: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var escaped = false
        for byte in value {
            if escaped {
                result.append(ASCII.lower(byte) == UInt8(ascii: "n") ? ASCII.lineFeed : byte)
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else {
                result.append(byte)
            }
        }
    }
}
