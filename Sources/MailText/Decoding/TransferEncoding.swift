import ASCIIText

/// Content-Transfer-Encoding (RFC 2045 section 6), read leniently as mail clients do.
enum TransferEncoding {
    case identity, base64, quotedPrintable, uuencode

    /// Words of one field that are looked at: gateways join fields with a comma.
    private static let maximumWords = 4
    /// Letters and digits of the longest name, and some more.
    private static let maximumNameBytes = 24

    /// The encoding that header fields declare.
    ///
    /// The first word counts, as in Thunderbird and in Python's email package. Comments, quotes and
    /// punctuation around and in it are ignored (RFC 822 section 3.1.4, and what programs write).
    ///
    /// - Parameters:
    ///   - fields: The values of all such fields; there should be one at most.
    ///   - isDoubtful: Set when the body must be looked at, because the word is unknown or others
    ///     contradict it.
    ///   - defects: Receives that the word is unknown, which is then identity.
    init(
        _ fields: [ArraySlice<UInt8>], isDoubtful: inout Bool, defects: inout Set<Defect>
    ) {
        let words = fields.prefix(TransferEncoding.maximumWords)
            .flatMap(TransferEncoding.words).prefix(TransferEncoding.maximumWords)
        guard let first = words.first else {
            isDoubtful = fields.contains { !$0.isEmpty }
            self = .identity
            return
        }
        let encoding = TransferEncoding(name: first)
        if encoding == nil { defects.insert(.transferEncodingUnknown) }
        self = encoding ?? .identity
        let declared = self
        isDoubtful =
            encoding == nil
            || words.dropFirst().contains { word in
                TransferEncoding(name: word).map { $0 != declared } ?? false
            }
    }

    /// The encoding with a name in lower case, without signs; nil when it is unknown.
    private init?(name: [UInt8]) {
        switch String(decoding: name, as: UTF8.self) {
        case "7bit", "8bit", "binary": self = .identity
        case "base64", "xbase64": self = .base64
        case "quotedprintable": self = .quotedPrintable
        case "uuencode", "xuuencode", "uue", "xuue": self = .uuencode
        default: return nil
        }
    }

    /// The words of a field, up to white space, a comma, a semicolon or a comment, in lower case
    /// and without other signs than letters and digits.
    private static func words(_ field: ArraySlice<UInt8>) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        var commentDepth = 0
        for byte in field {
            switch byte {
            case UInt8(ascii: "("): commentDepth += 1
            case UInt8(ascii: ")"): commentDepth = max(0, commentDepth - 1)
            case _ where commentDepth > 0: continue
            case UInt8(ascii: ","), UInt8(ascii: ";"): break
            case _ where ASCII.isSpace(byte): break
            default:
                if ASCII.isLetterOrDigit(byte), word.count < maximumNameBytes {
                    word.append(ASCII.lower(byte))
                }
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = []
            // Parameters are no encodings.
            if byte == UInt8(ascii: ";"), !words.isEmpty { return words }
            if words.count == maximumWords { return words }
        }
        if !word.isEmpty { words.append(word) }
        return words
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
        case .uuencode: return UUEncoding.decode(bytes, limit: limit, defects: &defects)
        }
    }

    /// The encoding that a body shows by its bytes, for a header that does not say it clearly.
    ///
    /// What some client decodes must not stay encoded here. Nil when the body shows none.
    static func shown(by body: ArraySlice<UInt8>) -> TransferEncoding? {
        if Base64.isNothingElse(body) { return .base64 }
        return QuotedPrintable.hasEscapes(body) ? .quotedPrintable : nil
    }
}
