import ASCIIText

/// The moment that a Date field names (RFC 5322 section 3.3), read leniently.
enum MailDate {
    /// Bytes of a field that are read: a date with its comment is shorter.
    private static let readBytes = 100
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    /// Hours of the zones that RFC 5322 section 4.3 names; all others count as UTC.
    private static let zones: [String: Int64] = [
        "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
    ]
    /// Email is younger than that.
    private static let years: ClosedRange<Int64> = 1970...9999
    private static let secondsOfDay: Int64 = 86_400

    /// Seconds since 1970, or nil for what is no date.
    ///
    /// - Parameter field: the value, such as `Mon, 2 Jan 2006 15:04:05 -0700 (MST)`.
    /// - Returns: the moment; a zone that is missing or unknown counts as UTC.
    static func seconds(_ field: ArraySlice<UInt8>) -> Int64? {
        var words = field.prefix(readBytes).lowercasedASCII().split { byte in
            ASCII.isSpace(byte) || byte == UInt8(ascii: ",")
        }.map { String(decoding: $0, as: UTF8.self) }[...]
        // The name of the day says nothing new.
        if let first = words.first?.utf8.first, !ASCII.isDigit(first) { words.removeFirst() }
        guard words.count >= 4 else { return nil }
        let rest = Array(words)
        guard let day = number(rest[0][...], 1...31),
            let month = months.firstIndex(where: { rest[1].hasPrefix($0) }),
            let year = year(rest[2]), let time = time(rest[3])
        else { return nil }
        let zone = rest.count > 4 ? self.zone(rest[4]) : 0
        let days = days(year: year, month: Int64(month) + 1, day: day)
        return days * secondsOfDay + time - zone
    }

    private static func number(
        _ text: Substring, _ range: ClosedRange<Int64>
    ) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy(ASCII.isDigit), let number = Int64(text),
            range.contains(number)
        else { return nil }
        return number
    }

    /// Two and three digits as RFC 5322 section 4.3 has them.
    private static func year(_ text: String) -> Int64? {
        guard let year = number(text[...], 0...9999) else { return nil }
        let full = text.utf8.count > 3 ? year : year < 50 ? year + 2000 : year + 1900
        return years.contains(full) ? full : nil
    }

    private static func time(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], 0...23),
            let minute = number(parts[1], 0...59),
            let second = parts.count > 2 ? number(parts[2], 0...60) : 0
        else { return nil }
        return (hour * 60 + minute) * 60 + second
    }

    private static func zone(_ text: String) -> Int64 {
        guard let sign = text.first, sign == "+" || sign == "-" else {
            return (zones[text] ?? 0) * 3_600
        }
        guard let number = number(text.dropFirst(), 0...9_999) else { return 0 }
        let seconds = (number / 100 * 60 + number % 100) * 60
        return sign == "-" ? -seconds : seconds
    }

    /// Days since 1970 of the proleptic Gregorian calendar, with years that begin in March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        // From 1 March of the year 0 to 1970.
        return era * 146_097 + dayOfEra - 719_468
    }
}
