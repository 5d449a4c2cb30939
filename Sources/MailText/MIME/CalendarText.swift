import ASCIIText

/// The text that clients show of an invitation (RFC 5545): summary, location and description of its
/// entries.
enum CalendarText {
    /// Properties that are shown beside another text.
    private static let brief: [StaticString] = ["summary", "location"]
    /// Properties that are shown when there is no other text.
    private static let whole: [StaticString] = brief + ["description", "comment"]

    /// The shown properties of a calendar.
    ///
    /// - Parameters:
    ///   - text: The calendar, unfolded.
    ///   - isBrief: True for summary and location only.
    /// - Returns: One line for each property; nothing when the text is no calendar.
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

    /// Removes each line break before white space, with one character of that white space (section
    /// 3.1).
    ///
    /// A fold may be inside a character, so unfolding comes before charset conversion.
    static func unfolded(_ text: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            let isReturn = byte == ASCII.carriageReturn
            // The first half of a line end.
            if isReturn, index < text.count,
                text[index] == ASCII.lineFeed || text[index] == ASCII.carriageReturn
            {
                continue
            }
            if isReturn || byte == ASCII.lineFeed, index < text.count,
                text[index] == ASCII.space || text[index] == ASCII.tab
            {
                index += 1
                continue
            }
            joined.append(isReturn ? ASCII.lineFeed : byte)
        }
        return joined
    }

    /// The index of the colon after name and parameters, which is the first outside quotes.
    private static func colon(of line: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        for index in line.indices {
            if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if line[index] == UInt8(ascii: ":"), !isQuoted { return index }
        }
        return nil
    }

    /// Appends a value: `\n` is a line break, other backslashes are removed (section 3.3.11).
    private static func appendUnescaped(_ value: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var isEscaped = false
        for byte in value {
            if isEscaped {
                result.append(ASCII.lower(byte) == UInt8(ascii: "n") ? ASCII.lineFeed : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
    }
}
