import ASCIIText

/// The newest Received field of a message (RFC 5321 section 4.4), which the site's own MTA wrote.
enum ReceivedField {
    /// Bytes of a field that are read: the client stands at its front.
    private static let readBytes = 1_000

    /// The host name of the client, as the MTA resolved it in both directions; empty when it has
    /// none.
    ///
    /// Postfix and Sendmail write `from HELO (NAME [ADDRESS])`, Exim `from NAME ([ADDRESS] …)`. A
    /// name that was not confirmed is `unknown`, or followed by `(may be forged)`.
    static func clientHostName(_ field: ArraySlice<UInt8>) -> String {
        let text = field.prefix(readBytes)
        let words = text.split(maxSplits: 3, whereSeparator: ASCII.isSpace)
        guard words.count > 2, words[0].equalsIgnoringCase("from"),
            words[2].first == UInt8(ascii: "("), !isForged(text)
        else { return "" }
        var name = words[2].dropFirst()
        if name.first == UInt8(ascii: "[") { name = words[1] }
        let isName =
            name.contains(UInt8(ascii: ".")) && !name.equalsIgnoringCase("unknown")
            && name.allSatisfy {
                ASCII.isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
        return isName ? String(decoding: name.lowercasedASCII(), as: UTF8.self) : ""
    }

    /// True when Sendmail says that the name was not confirmed, in front of the date.
    private static func isForged(_ text: ArraySlice<UInt8>) -> Bool {
        let mark = "may be forged".utf8
        var index = text.startIndex
        while index < text.endIndex, text[index] != UInt8(ascii: ";") {
            if ASCII.lower(text[index]) == UInt8(ascii: "m"), text.endIndex - index >= mark.count,
                text[index..<(index + mark.count)].equalsIgnoringCase("may be forged")
            {
                return true
            }
            index += 1
        }
        return false
    }
}
