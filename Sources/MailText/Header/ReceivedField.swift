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
        let text = String(
            decoding: field.prefix(readBytes).lowercasedASCII().map { $0 < 0x80 ? $0 : 0x3F },
            as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count > 2, words[0] == "from", words[2].hasPrefix("("),
            !text.prefix(while: { $0 != ";" }).contains("may be forged")
        else { return "" }
        var name = words[2].dropFirst()
        if name.hasPrefix("[") { name = words[1] }
        let isName =
            name.contains(".") && name != "unknown"
            && name.utf8.allSatisfy {
                ASCII.isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
        return isName ? String(name) : ""
    }
}
