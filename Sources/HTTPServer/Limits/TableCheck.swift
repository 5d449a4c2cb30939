/// What is wrong with a table, and where.
struct TableFault: Error, CustomStringConvertible, Equatable {
    /// The row, the header line being 1.
    var row: Int
    /// The column's name; nil when the fault is of the row.
    var column: String?
    /// What is wrong and what to do.
    var reason: String

    var description: String {
        "row \(row)\(column.map { ", column \($0)" } ?? ""): \(reason)"
    }
}

/// Checks a table (RFC 4180) of the columns `label` and `text` as its bytes arrive.
///
/// It keeps the text of one label, never that of a message.
struct TableCheck {
    private enum Position { case fieldStart, plain, quoted, quoteInQuoted }

    private var position = Position.fieldStart
    private var row = 1
    private var column = 0
    private var field: [UInt8] = []
    private var fieldBytes = 0
    private var columns: [String] = []
    private var rows = 0
    private var spam = 0

    /// Bytes of one text.
    private static let longestText = 16 << 20
    /// Bytes of a label or of a column's name.
    private static let longestName = 64
    private static let names: Set<String> = ["label", "text"]

    /// Reads the next bytes.
    mutating func read(_ bytes: [UInt8]) throws(TableFault) {
        for byte in bytes { try read(byte) }
    }

    /// Checks what only the end shows.
    mutating func finish() throws(TableFault) {
        if position == .quoted {
            throw fault("a quote is opened and never closed; write \"\" for a quote in a text")
        }
        if column > 0 || fieldBytes > 0 || position != .fieldStart { try endRow() }
        if rows == 0 { throw TableFault(row: 1, reason: "the table has no rows") }
        if spam == 0 || spam == rows {
            throw TableFault(
                row: row, column: "label", reason: "all rows have one label; both are needed")
        }
    }

    private mutating func read(_ byte: UInt8) throws(TableFault) {
        switch position {
        case .quoted:
            if byte == UInt8(ascii: "\"") {
                position = .quoteInQuoted
            } else {
                try take(byte)
            }
        case .quoteInQuoted where byte == UInt8(ascii: "\""):
            position = .quoted
            try take(byte)
        case .quoteInQuoted, .fieldStart, .plain: try readOutside(byte)
        }
    }

    private mutating func readOutside(_ byte: UInt8) throws(TableFault) {
        switch byte {
        case UInt8(ascii: ","): try endField()
        case UInt8(ascii: "\n"): try endRow()
        case UInt8(ascii: "\r"): break
        case UInt8(ascii: "\""):
            guard position == .fieldStart else {
                throw fault("has a quote in its midst; put the whole field in quotes")
            }
            position = .quoted
        default:
            guard position != .quoteInQuoted else {
                throw fault("goes on behind its closing quote")
            }
            position = .plain
            try take(byte)
        }
    }

    private mutating func take(_ byte: UInt8) throws(TableFault) {
        fieldBytes += 1
        guard fieldBytes <= TableCheck.longestText else {
            throw fault("is longer than \(TableCheck.longestText) bytes")
        }
        if columns.isEmpty || name == "label", field.count <= TableCheck.longestName {
            field.append(byte)
        }
    }

    private mutating func endField() throws(TableFault) {
        let text = String(decoding: field, as: UTF8.self).trimming()
        if row == 1 {
            headerNames.append(text.lowercased())
        } else {
            guard column < columns.count else {
                throw TableFault(
                    row: row,
                    reason: "has more than two fields; put a text with commas in quotes")
            }
            if name == "label" { try count(text) }
            if name == "text", fieldBytes == 0 { throw fault("is empty") }
        }
        column += 1
        field.removeAll(keepingCapacity: true)
        fieldBytes = 0
        position = .fieldStart
    }

    private var headerNames: [String] = []

    private mutating func endRow() throws(TableFault) {
        let isEmpty = column == 0 && fieldBytes == 0 && position == .fieldStart
        if !isEmpty {
            try endField()
            if row == 1 {
                try readHeader()
            } else {
                guard column == columns.count else {
                    throw TableFault(row: row, reason: "has one field, not two")
                }
                rows += 1
            }
        } else if row == 1 {
            throw TableFault(row: 1, reason: "is empty; it must be \"label,text\"")
        }
        column = 0
        row += 1
    }

    private mutating func readHeader() throws(TableFault) {
        var names = headerNames
        // The byte order mark that spreadsheets write.
        if let first = names.first, first.hasPrefix("\u{FEFF}") {
            names[0] = String(first.dropFirst())
        }
        guard names.count == 2, Set(names) == TableCheck.names else {
            throw TableFault(row: 1, reason: "must name two columns, label and text")
        }
        columns = names
    }

    private mutating func count(_ label: String) throws(TableFault) {
        switch label.lowercased() {
        case "spam": spam += 1
        case "ham": break
        default: throw fault("is \"\(label.prefix(40))\"; it must be spam or ham")
        }
    }

    private var name: String? { column < columns.count ? columns[column] : nil }

    private func fault(_ reason: String) -> TableFault {
        TableFault(row: row, column: name, reason: reason)
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate func trimming() -> String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
