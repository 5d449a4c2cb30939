import ASCIIText

extension HTMLText {
    private static let searchedBytes = 2_048

    /// The charset that a `<meta>` at the beginning declares, for HTML that comes without one from
    /// MIME (WHATWG HTML section 13.2.3.2); nil when there is none.
    static func declaredCharset(_ bytes: [UInt8]) -> String? {
        // Mail with CRLF and with LF must look the same.
        let head = bytes.prefix(2 * searchedBytes).filter { $0 != ASCII.carriageReturn }
            .prefix(searchedBytes)
        var index = 0
        while let equals = head[index...].firstIndex(of: UInt8(ascii: "=")) {
            index = equals + 1
            let before = head[..<equals].reversed().drop(while: ASCII.isSpace)
            guard before.prefix(7).reversed().equalsIgnoringCase("charset") else { continue }
            let value = head[index...].drop {
                ASCII.isSpace($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
            }
            let name = value.prefix {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
            guard !name.isEmpty, name.endIndex < head.endIndex else { continue }
            let label = String(decoding: name.lowercasedASCII(), as: UTF8.self)
            // The declaration could be read as ASCII, so the text is not UTF-16.
            return label.hasPrefix("utf-16") ? "utf-8" : label
        }
        return nil
    }
}
