import ASCIIText

extension HTMLText {
    /// Bytes of HTML in which a declaration is searched; browsers search 1,024.
    private static let searchedBytes = 2_048

    /// The charset that a `<meta>` at the beginning declares, for HTML without a charset in its
    /// MIME header (WHATWG HTML section 13.2.3.2).
    ///
    /// - Returns: The charset in lower case; nil when none is declared.
    static func declaredCharset(_ bytes: [UInt8]) -> String? {
        // Mail must be read alike with CRLF and with LF.
        let head = bytes.prefix(2 * searchedBytes).filter { $0 != ASCII.carriageReturn }
            .prefix(searchedBytes)
        var index = 0
        while let equals = head[index...].firstIndex(of: UInt8(ascii: "=")) {
            index = equals + 1
            let before = head[..<equals].reversed().drop(while: ASCII.isSpace)
            guard before.prefix("charset".utf8.count).reversed().equalsIgnoringCase("charset")
            else { continue }
            let value = head[index...].drop {
                ASCII.isSpace($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
            }
            let name = value.prefix {
                ASCII.isLetterOrDigit($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
            guard !name.isEmpty, name.endIndex < head.endIndex else { continue }
            let label = String(decoding: name.lowercasedASCII(), as: UTF8.self)
            // The declaration is readable as ASCII, so the text is not UTF-16.
            return label.hasPrefix("utf-16") ? "utf-8" : label
        }
        return nil
    }
}
