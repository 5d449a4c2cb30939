import ASCIIText

/// Content-Transfer-Encoding (RFC 2045 section 6), read leniently as mail clients do.
enum TransferEncoding {
    case identity, base64, quotedPrintable, uuencode

    /// The encoding named by a header value; an unknown word is identity and a defect.
    init(_ value: ArraySlice<UInt8>?, defects: inout Set<Defect>) {
        guard let value else {
            self = .identity
            return
        }
        var word = value
        if let end = value.firstIndex(where: { $0 == UInt8(ascii: ";") || $0 == ASCII.space }) {
            word = value[..<end]
        }
        if word.equalsIgnoringCase("base64") {
            self = .base64
        } else if word.equalsIgnoringCase("quoted-printable") {
            self = .quotedPrintable
        } else if word.equalsIgnoringCase("x-uuencode") || word.equalsIgnoringCase("uuencode") {
            self = .uuencode
        } else {
            let isKnown =
                word.isEmpty || word.equalsIgnoringCase("7bit") || word.equalsIgnoringCase("8bit")
                || word.equalsIgnoringCase("binary")
            if !isKnown { defects.insert(.transferEncodingUnknown) }
            self = .identity
        }
    }

    /// The decoded bytes, at most `limit` of them.
    func decode(_ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>) -> [UInt8] {
        switch self {
        case .identity:
            if bytes.count > limit { defects.insert(.limitDecoded) }
            return Array(bytes.prefix(limit))
        case .base64: return Base64.decode(bytes, limit: limit, defects: &defects)
        case .quotedPrintable:
            return QuotedPrintable.decode(bytes, limit: limit, defects: &defects)
        case .uuencode: return UUEncoding.decode(bytes, limit: limit)
        }
    }
}
