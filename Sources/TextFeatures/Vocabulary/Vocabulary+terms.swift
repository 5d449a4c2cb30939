extension Vocabulary {
    /// The terms of an imported model by id, without repetition.
    ///
    /// - Parameter terms: UTF-8; an id that stands for no term has a term that no text contains,
    ///   such as the single byte 0xFF.
    public init(terms: [[UInt8]]) {
        self.init(tokens: terms.map { ($0, 0) }, documents: 0)
    }

    /// The term of an id that no text contains.
    public static let absentTerm: [UInt8] = [0xFF]

    /// The first line of ``termText``.
    private static let heading = "#terms"

    /// The content of an imported model's `vocabulary.txt`: a line `#terms<TAB>number`, then one
    /// line for each id.
    ///
    /// A backslash, control characters and bytes that are not UTF-8 are written `\xNN`.
    public var termText: String {
        var text = "\(Vocabulary.heading)\t\(count)\n"
        for id in 0..<Int32(count) {
            let bytes = self.bytes(of: id)
            // Every byte is escaped in a term that is not UTF-8.
            let isText = String(validating: bytes, as: UTF8.self) != nil
            var line: [UInt8] = []
            for byte in bytes {
                if !isText || byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") {
                    line += Array(#"\x"#.utf8)
                    line += [Vocabulary.digits[Int(byte >> 4)], Vocabulary.digits[Int(byte & 15)]]
                } else {
                    line.append(byte)
                }
            }
            text += String(decoding: line, as: UTF8.self) + "\n"
        }
        return text
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Reads the content of an imported model's `vocabulary.txt`.
    ///
    /// - Throws: ``FormatError``.
    public init(termText: [UInt8]) throws {
        var lines = termText.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let heading = lines.isEmpty ? "" : String(decoding: lines.removeFirst(), as: UTF8.self)
        guard heading.hasPrefix(Vocabulary.heading + "\t"), lines.last?.isEmpty ?? false,
            Int(heading.dropFirst(Vocabulary.heading.count + 1)) == lines.count - 1
        else { throw FormatError(line: 1, reason: "the number of terms is missing or wrong") }
        lines.removeLast()
        self.init(
            terms: try lines.enumerated().map { index, line in
                guard let term = Vocabulary.term(line) else {
                    throw FormatError(line: index + 2, reason: "has a backslash without \\xNN")
                }
                return term
            })
    }

    private static func term(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        guard line.contains(UInt8(ascii: "\\")) else { return Array(line) }
        var term: [UInt8] = []
        var index = line.startIndex
        while index < line.endIndex {
            if line[index] == UInt8(ascii: "\\") {
                guard index + 3 < line.endIndex, line[index + 1] == UInt8(ascii: "x"),
                    let high = digits.firstIndex(of: line[index + 2]),
                    let low = digits.firstIndex(of: line[index + 3])
                else { return nil }
                term.append(UInt8(high << 4 | low))
                index += 4
            } else {
                term.append(line[index])
                index += 1
            }
        }
        return term
    }
}
