/// A reader of comma-separated values (RFC 4180) with a header line.
///
/// A field that is not UTF-8 is read as windows-1252, as older spreadsheets write it; a file that
/// starts with the byte order mark of UTF-16 is read as that.
///
/// It repairs nothing: a row with too few or too many fields is an error with its line, because a
/// forgotten quote would otherwise swallow or split messages without a trace.
package struct CSVReader {
    private let bytes: [UInt8]
    private let path: String
    private var index = 0
    private var line = 1

    /// The names of the columns, in lower case.
    package private(set) var columns: [String] = []

    /// Reads the header line; a byte order mark before it is skipped.
    ///
    /// - Throws: ``CorpusError`` when there is no header line or it is malformed.
    package init(_ bytes: [UInt8], path: String) throws {
        self.bytes = TableText.utf8(bytes)
        self.path = path
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        guard let header = try nextRow(), !header.isEmpty else {
            throw CorpusError.noHeaderLine(path)
        }
        columns = header.map { $0.lowercased() }
    }

    /// The next row and the line it begins on; nil at the end.
    ///
    /// Empty lines are skipped.
    ///
    /// - Throws: ``CorpusError`` when a quote is misplaced or missing, or when the number of fields
    ///   is not that of the columns.
    package mutating func next() throws -> (fields: [String], line: Int)? {
        while true {
            let start = line
            guard let fields = try nextRow() else { return nil }
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count == columns.count else {
                throw CorpusError.wrongFieldCount(
                    path, line: start, count: fields.count, expected: columns.count)
            }
            return (fields, start)
        }
    }

    private mutating func nextRow() throws -> [String]? {
        guard index < bytes.count else { return nil }
        var fields: [String] = []
        while true {
            fields.append(try nextField())
            guard index < bytes.count else { return fields }
            let separator = bytes[index]
            index += 1
            if separator == UInt8(ascii: ",") { continue }
            if separator == UInt8(ascii: "\r"), index < bytes.count,
                bytes[index] == UInt8(ascii: "\n")
            {
                index += 1
            }
            line += 1
            return fields
        }
    }

    private mutating func nextField() throws -> String {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return plainField() }
        let start = line
        var text: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                    try expectSeparator()
                    return TableText.text(text)
                }
                index += 1
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            text.append(byte)
        }
        throw CorpusError.unclosedQuote(path, line: start)
    }

    private mutating func plainField() -> String {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: ","),
            bytes[index] != UInt8(ascii: "\n"), bytes[index] != UInt8(ascii: "\r")
        {
            index += 1
        }
        return TableText.text(bytes[start..<index])
    }

    private func expectSeparator() throws {
        guard index < bytes.count else { return }
        switch bytes[index] {
        case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return
        default:
            throw CorpusError.textAfterQuote(path, line: line)
        }
    }
}
