/// What clients show of an invitation (RFC 5545): summary, place and description of its entries.
enum CalendarText {
    private static let shown: [StaticString] = ["summary", "location", "description", "comment"]

    /// The shown properties, one a line; empty when the text is no calendar.
    static func visible(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for line in unfolded(text) {
            guard let colon = colon(of: line) else { continue }
            let name = line[..<colon].prefix { $0 != UInt8(ascii: ";") }
            guard shown.contains(where: name.equalsIgnoringCase) else { continue }
            appendUnescaped(line[(colon + 1)...], to: &result)
            result.append(ASCII.lineFeed)
        }
        return result
    }

    /// Section 3.1: a line break before white space goes, with that white space.
    private static func unfolded(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
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
        return joined.split(separator: ASCII.lineFeed)
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
