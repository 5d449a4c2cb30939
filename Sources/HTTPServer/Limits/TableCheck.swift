/// What is wrong with a table, and where.
struct TableFault: Error, CustomStringConvertible, Equatable {
    /// The row, 1 for the first after the header and 0 for the header, as `siftd retrain --csv`
    /// counts them; nil when the fault is of the table.
    var row: Int?
    /// The line that the row begins on, from 1.
    var line: Int?
    /// The column's name; nil when the fault is of the row.
    var column: String?
    /// What is wrong and what to do.
    var reason: String

    var description: String {
        guard let row, let line else { return reason }
        let place = "\(row == 0 ? "the header" : "row \(row)") (line \(line))"
        return "\(place)\(column.map { ", column \($0)" } ?? ""): \(reason)"
    }
}

/// Checks a table (RFC 4180) of the columns `label` and `text`, and maybe others, as its bytes
/// arrive.
///
/// It keeps the text of one label, never that of a message.
struct TableCheck {
    private enum Position { case fieldStart, plain, quoted, quoteInQuoted }

    private var position = Position.fieldStart
    /// 0 for the header; empty lines are no rows.
    private var row = 0
    private var line = 1
    /// The line that the row begins on.
    private var firstLine = 1
    private var column = 0
    /// What is left of the byte order mark that spreadsheets write.
    private var mark: ArraySlice<UInt8> = [0xEF, 0xBB, 0xBF]
    private var field: [UInt8] = []
    private var fieldBytes = 0
    /// The columns' names, as soon as the header is read.
    private var columns: [String] = []
    private var labelColumn = 0
    private var textColumn = 0
    private var rows = 0
    private var spam = 0

    /// Bytes of one text.
    private static let longestText = 16 << 20
    /// Bytes of a label or of a column's name.
    private static let longestName = 64
    /// Words for the two classes, in lower case: whether they mean spam.
    private static let classes = [
        "spam": true, "1": true, "ham": false, "0": false, "not spam": false,
    ]

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
        if rows == 0 { throw TableFault(reason: "the table has no rows") }
        if spam == 0 || spam == rows {
            throw TableFault(
                column: "label", reason: "all rows have one label; both are needed")
        }
    }

    private mutating func read(_ byte: UInt8) throws(TableFault) {
        if let next = mark.first {
            guard byte != next else {
                mark.removeFirst()
                return
            }
            mark = []
        }
        if byte == UInt8(ascii: "\n") { line += 1 }
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
        if columns.isEmpty || column == labelColumn, field.count <= TableCheck.longestName {
            field.append(byte)
        }
    }

    private mutating func endField() throws(TableFault) {
        let text = String(decoding: field, as: UTF8.self).trimming()
        if columns.isEmpty {
            headerNames.append(text.lowercased())
        } else {
            guard column < columns.count else {
                throw rowFault(
                    "has more than \(columns.count) fields; put a text with commas in quotes")
            }
            if column == labelColumn { try count(text) }
            if column == textColumn, fieldBytes == 0 { throw fault("is empty") }
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
            if columns.isEmpty {
                try readHeader()
            } else {
                guard column == columns.count else {
                    throw rowFault(
                        "has \(column) fields instead of \(columns.count); is a quote or a comma "
                            + "missing?")
                }
                rows += 1
            }
            row += 1
        } else if columns.isEmpty {
            throw rowFault("is empty; it must name the columns label and text")
        }
        column = 0
        firstLine = line
    }

    /// Other columns than the two are passed over, as `siftd retrain --csv` does.
    private mutating func readHeader() throws(TableFault) {
        guard let label = headerNames.firstIndex(of: "label"),
            let text = headerNames.firstIndex(of: "text")
        else { throw rowFault("must name the columns label and text") }
        columns = headerNames
        labelColumn = label
        textColumn = text
    }

    private mutating func count(_ label: String) throws(TableFault) {
        guard let isSpam = TableCheck.classes[label.lowercased()] else {
            throw fault(
                label.isEmpty
                    ? "is empty; it is spam or ham, or 1 or 0"
                    : "\"\(label.prefix(40))\" is neither spam nor ham, nor 1 or 0")
        }
        if isSpam { spam += 1 }
    }

    private var name: String? { column < columns.count ? columns[column] : nil }

    /// A fault of the field that is being read.
    private func fault(_ reason: String) -> TableFault {
        TableFault(row: row, line: firstLine, column: name, reason: reason)
    }

    /// A fault of the row as a whole.
    private func rowFault(_ reason: String) -> TableFault {
        TableFault(row: row, line: firstLine, reason: reason)
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
