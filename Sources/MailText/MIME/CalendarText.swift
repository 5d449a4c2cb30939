import ASCIIText

/// The text that clients show of an invitation (RFC 5545): summary, location and description of its
/// entries, and the names of who takes part.
enum CalendarText {
    /// Properties that are shown beside another text.
    private static let brief: [StaticString] = ["summary", "location"]
    /// Properties that are shown when there is no other text.
    private static let whole: [StaticString] = brief + ["description", "x-alt-desc", "comment"]

    /// Properties whose parameter CN is shown, always.
    private static let people: [StaticString] = ["organizer", "attendee"]
    /// How many names are read: clients show the first ones of many.
    private static let mostNames = 10

    /// The shown properties of a calendar.
    ///
    /// - Parameters:
    ///   - text: The calendar, unfolded.
    ///   - isBrief: True for summary, location and names only.
    /// - Returns: One line for each property; nothing when the text is no calendar.
    static func visible(_ text: [UInt8], isBrief: Bool) -> [UInt8] {
        let shown = isBrief ? brief : whole
        var result: [UInt8] = []
        var isInAlarm = false
        var isInZone = false
        var names = 0
        for line in text.split(separator: ASCII.lineFeed) {
            guard let colon = colon(of: line) else { continue }
            let name = line[..<colon].prefix { $0 != UInt8(ascii: ";") }
            let value = line[(colon + 1)...]
            // Alarms and time zones are never shown.
            if name.equalsIgnoringCase("begin") {
                if value.equalsIgnoringCase("valarm") { isInAlarm = true }
                if value.equalsIgnoringCase("vtimezone") { isInZone = true }
            } else if name.equalsIgnoringCase("end") {
                // Clients take any end for that of what was begun last.
                isInAlarm = false
                let isOfZone =
                    value.equalsIgnoringCase("standard") || value.equalsIgnoringCase("daylight")
                if !isOfZone { isInZone = false }
            }
            guard !isInAlarm, !isInZone else { continue }
            if names < mostNames, people.contains(where: name.equalsIgnoringCase),
                let person = commonName(in: line[..<colon]), !person.isEmpty
            {
                names += 1
                result += person
                result.append(ASCII.lineFeed)
            }
            guard shown.contains(where: name.equalsIgnoringCase) else { continue }
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
    ///
    /// A quote begins where the value of a parameter does; one that never ends is none.
    private static func colon(of line: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        var quoted: Int?
        var previous: UInt8 = 0
        for index in line.indices {
            let byte = line[index]
            if byte == quote, isQuoted {
                isQuoted = false
                quoted = nil
            } else if byte == quote {
                isQuoted = previous == UInt8(ascii: "=") || previous == UInt8(ascii: ",")
            } else if byte == UInt8(ascii: ":") {
                if !isQuoted { return index }
                quoted = quoted ?? index
            }
            previous = byte
        }
        return quoted
    }

    private static let quote = UInt8(ascii: "\"")

    /// The value of the parameter CN of a property, without quotes; nil when there is none.
    private static func commonName(in property: ArraySlice<UInt8>) -> [UInt8]? {
        var isQuoted = false
        var start = property.startIndex
        for index in property.indices {
            if property[index] == quote { isQuoted.toggle() }
            let isLast = index == property.endIndex - 1
            guard isLast || property[index] == UInt8(ascii: ";") && !isQuoted else { continue }
            let parameter = property[start..<(isLast ? index + 1 : index)]
            if parameter.startsIgnoringCase("cn=") {
                return parameter.dropFirst(3).filter { $0 != quote }
            }
            start = index + 1
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
