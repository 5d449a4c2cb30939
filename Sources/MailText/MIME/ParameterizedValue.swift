import ASCIIText

/// A header value with parameters, such as Content-Type (RFC 2045 section 5.1, RFC 2231), read
/// leniently.
struct ParameterizedValue {
    /// The value before the first `;`, in lower case: `text/html`, `attachment`.
    private(set) var value = ""
    /// The parameters by lower-case name; those of RFC 2231 are joined and decoded to UTF-8, others
    /// are as written.
    private(set) var parameters: [String: [UInt8]] = [:]

    /// Bound on the memory that one header field can take.
    private static let maximumParameters = 64

    init(_ bytes: ArraySlice<UInt8>, defects: inout Set<Defect>) {
        var scanner = ParameterScanner(bytes)
        value = String(decoding: scanner.value().lowercasedASCII(), as: UTF8.self)
        var pieces: [(name: String, text: [UInt8])] = []
        while pieces.count < ParameterizedValue.maximumParameters, let piece = scanner.parameter() {
            pieces.append(piece)
        }
        join(pieces, defects: &defects)
    }

    /// One piece of a parameter that is continued or encoded (RFC 2231 sections 3 and 4).
    private struct Piece {
        /// The number after the `*`; nil for a value in one piece, `name*`.
        var number: Int?
        var isEncoded: Bool
        var text: [UInt8]

        /// A value in one piece is first.
        var order: Int { number ?? -1 }
    }

    /// Joins `name*0`, `name*1*` … by their numbers and decodes `charset'language'percent-encoded`
    /// values.
    private mutating func join(
        _ pieces: [(name: String, text: [UInt8])], defects: inout Set<Defect>
    ) {
        var continued: [String: [Piece]] = [:]
        for (name, text) in pieces {
            let sections = name.split(separator: "*", omittingEmptySubsequences: false)
            let base = String(sections[0])
            guard sections.count > 1 else {
                if parameters[base] == nil { parameters[base] = text }
                continue
            }
            let piece = Piece(
                number: Int(sections[1]), isEncoded: name.hasSuffix("*"), text: text)
            continued[base, default: []].append(piece)
        }
        for (name, pieces) in continued {
            // Of two pieces with one number the first is taken, as of two parameters with one name.
            // The sort must be stable for that.
            let sorted = pieces.enumerated().sorted {
                ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
            }
            parameters[name] = ParameterizedValue.value(sorted.map(\.element), defects: &defects)
        }
    }

    /// The value of a parameter from its pieces in the order of their numbers.
    private static func value(_ pieces: [Piece], defects: inout Set<Defect>) -> [UInt8] {
        var charset: String?
        var bytes: [UInt8] = []
        var last: Piece?
        for piece in pieces {
            if let last, last.number == nil || last.number == piece.number { continue }
            var text = piece.text[...]
            if piece.isEncoded {
                let quoted = text.split(
                    separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
                if last == nil, quoted.count == 3 {
                    charset = String(decoding: quoted[0].lowercasedASCII(), as: UTF8.self)
                    text = quoted[2]
                }
                bytes += percentDecoded(text)
            } else {
                bytes += text
            }
            last = piece
        }
        return Charset.decode(bytes, label: charset, defects: &defects)
    }

    /// A parameter as readable text, such as a file name.
    ///
    /// Encoded words in it are decoded: mailers write them, though RFC 2047 section 5 forbids it.
    ///
    /// - Parameters:
    ///   - name: The parameter's name in lower case.
    ///   - charset: The charset of the message, for bytes outside encoded words; or nil.
    ///   - defects: Receives what is wrong with the encoded words.
    /// - Returns: The decoded text; nil when there is no such parameter.
    func text(
        _ name: String, messageCharset charset: String? = nil, defects: inout Set<Defect>
    ) -> String? {
        parameters[name].map {
            String(
                decoding: HeaderText.decode($0[...], messageCharset: charset, defects: &defects),
                as: UTF8.self)
        }
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
                let high = ASCII.hexValue(text[index + 1]),
                let low = ASCII.hexValue(text[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}

/// Splits `value; name=token; name="quoted"`, with comments and white space in between.
private struct ParameterScanner {
    private let bytes: ArraySlice<UInt8>
    private let lastCloser: Int?
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        lastCloser = EncodedWord.lastCloser(in: bytes)
        index = bytes.startIndex
    }

    /// The first word, up to white space, a comment, the first `;`, or the comma by which gateways
    /// join two fields.
    mutating func value() -> ArraySlice<UInt8> {
        skipSpaceAndComments()
        let start = index
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: ";"),
            bytes[index] != UInt8(ascii: "("), bytes[index] != UInt8(ascii: ","),
            !ASCII.isSpace(bytes[index])
        {
            index += 1
        }
        let end = index
        skipSpaceAndComments()
        return bytes[start..<end]
    }

    /// Skips nothing else, because some senders omit the `;` before the first parameter.
    private mutating func skipSpaceAndComments() {
        skip(ASCII.isSpace)
        while index < bytes.endIndex, bytes[index] == UInt8(ascii: "(") {
            skip { $0 != UInt8(ascii: ")") }
            index = min(index + 1, bytes.endIndex)
            skip(ASCII.isSpace)
        }
    }

    /// The next parameter, its name in lower case; nil at the end.
    mutating func parameter() -> (name: String, text: [UInt8])? {
        skip { ASCII.isSpace($0) || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }
        guard index < bytes.endIndex else { return nil }
        let nameStart = index
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "="),
            bytes[index] != UInt8(ascii: ";")
        {
            index += 1
        }
        let name = bytes[nameStart..<index].trimmingSpace()
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "=") else {
            return (String(decoding: name.lowercasedASCII(), as: UTF8.self), [])
        }
        index += 1
        skip(ASCII.isSpace)
        let text = index < bytes.endIndex && bytes[index] == UInt8(ascii: "\"") ? quoted() : token()
        return (String(decoding: name.lowercasedASCII(), as: UTF8.self), text)
    }

    /// A quoted string without its quotes, escapes and line breaks.
    private mutating func quoted() -> [UInt8] {
        var text: [UInt8] = []
        index += 1
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex { index += 1 }
            if bytes[index] != ASCII.lineFeed, bytes[index] != ASCII.carriageReturn {
                text.append(bytes[index])
            }
            index += 1
        }
        index = min(index + 1, bytes.endIndex)
        return text
    }

    /// A value without quotes, up to white space or the next `;`.
    ///
    /// Encoded words may hold both, and white space between two of them is no end (RFC 2047 section
    /// 6.2).
    private mutating func token() -> [UInt8] {
        let start = index
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: ";"),
            !ASCII.isSpace(bytes[index])
        {
            guard let end = encodedWordEnd(at: index) else {
                index += 1
                continue
            }
            index = end
            let next = bytes[end...].firstIndex { !ASCII.isSpace($0) } ?? bytes.endIndex
            if encodedWordEnd(at: next) != nil { index = next }
        }
        return Array(bytes[start..<index])
    }

    private func encodedWordEnd(at start: Int) -> Int? {
        guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "=") else { return nil }
        return EncodedWord.end(of: bytes, at: start, lastCloser: lastCloser)
    }

    private mutating func skip(_ matches: (UInt8) -> Bool) {
        while index < bytes.endIndex, matches(bytes[index]) { index += 1 }
    }
}
