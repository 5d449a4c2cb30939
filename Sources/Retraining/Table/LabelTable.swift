import Foundation

/// Reads a table of two columns, `text` and `label`, row by row (RFC 4180).
///
/// One row is in memory at a time, whatever the file's size. Rows that can't be used are reported
/// by row, line, column and reason, and the others are read on.
public struct LabelTable {
    /// One usable row.
    public struct Row: Sendable, Equatable {
        /// The number of the row, 1 for the first after the header.
        public var number: Int
        /// The message's text.
        public var text: String
        /// What the row says.
        public var isSpam: Bool
    }

    /// A row that can't be used.
    public struct Defect: Error, Sendable, Equatable, CustomStringConvertible {
        /// The number of the row, 1 for the first after the header; 0 for the header.
        public var row: Int
        /// The line of the file that the row begins on, from 1.
        public var line: Int
        /// The name of the column; empty for the row as a whole.
        public var column: String
        /// What is wrong, and what is accepted.
        public var reason: String

        /// One line for the terminal.
        public var description: String {
            let name = row == 0 ? "the header" : "row \(row)"
            return "\(name) (line \(line))" + (column.isEmpty ? "" : ", column \(column)")
                + ": \(reason)"
        }
    }

    /// Bytes of a field at most; more means that a quote is missing.
    private static let longestField = 4 << 20
    /// Words for the two classes, in lower case.
    private static let classes = [
        "spam": true, "1": true, "ham": false, "0": false, "not spam": false,
    ]
    /// Characters of a label that an error shows.
    private static let shownLabel = 40

    private let path: String

    /// A table at a path; nothing is read yet.
    public init(path: String) { self.path = path }

    /// Reads all rows.
    ///
    /// - Parameters:
    ///   - row: called with each usable row; what it throws ends the reading.
    ///   - defect: called with each row that can't be used.
    /// - Throws: ``RetrainingError`` of the kind `missingTable` for a file that does not exist, of
    ///   the kind `table` for one that can't be read, is empty, or lacks one of the two columns;
    ///   what `row` throws.
    public func read(_ row: (Row) throws -> Void, defect: (Defect) -> Void) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            guard FileManager.default.fileExists(atPath: path) else {
                throw RetrainingError(.missingTable, "\(path) does not exist")
            }
            throw RetrainingError(.table, "\(path) can't be read by this user")
        }
        defer { try? handle.close() }
        var scanner = TableScanner(handle, longestField: LabelTable.longestField)
        guard let header = try scanner.next() else {
            throw RetrainingError(
                .table, "\(path) is empty; it is a table with the columns text and label")
        }
        let columns = try columns(header)
        var number = 0
        while let record = try scanner.next() {
            if record.fields.count == 1, record.fields[0].isEmpty { continue }
            number += 1
            switch parse(record, number, columns) {
            case .success(let value): try row(value)
            case .failure(let found): defect(found)
            }
        }
    }

    private struct Columns {
        var text: Int
        var label: Int
        var count: Int
    }

    private func columns(_ header: TableScanner.Record) throws -> Columns {
        if let fault = header.fault {
            throw RetrainingError(.table, "\(path): the header (line 1): \(fault)")
        }
        let names = header.fields.map {
            String(decoding: $0, as: UTF8.self).lowercased()
                .trimmingCharacters(in: .whitespaces)
        }
        guard let text = names.firstIndex(of: "text"), let label = names.firstIndex(of: "label")
        else {
            let found = names.prefix(10).map { String($0.prefix(LabelTable.shownLabel)) }
            throw RetrainingError(
                .table,
                "\(path): the header names the columns \(found.joined(separator: ", ")); "
                    + "it must name text and label")
        }
        return Columns(text: text, label: label, count: names.count)
    }

    private func parse(
        _ record: TableScanner.Record, _ number: Int, _ columns: Columns
    ) -> Result<Row, Defect> {
        func fail(_ column: String, _ reason: String) -> Result<Row, Defect> {
            .failure(Defect(row: number, line: record.line, column: column, reason: reason))
        }
        if let fault = record.fault {
            let column = record.fields.count
            let name =
                column == columns.text
                ? "text" : column == columns.label ? "label" : "\(column + 1)"
            return fail(name, fault)
        }
        guard record.fields.count == columns.count else {
            return fail(
                "",
                "has \(record.fields.count) fields instead of \(columns.count); is a quote or a "
                    + "comma missing?")
        }
        let label = String(decoding: record.fields[columns.label], as: UTF8.self)
            .trimmingCharacters(in: .whitespaces)
        guard let isSpam = LabelTable.classes[label.lowercased()] else {
            let shown = String(
                label.prefix(LabelTable.shownLabel).map {
                    $0.isASCII && !$0.isLetter
                        && !$0.isNumber && !$0.isPunctuation && $0 != " " ? "?" : $0
                })
            return fail(
                "label",
                label.isEmpty
                    ? "is empty; it is spam or ham, or 1 or 0"
                    : "\"\(shown)\" is neither spam nor ham, nor 1 or 0")
        }
        let bytes = record.fields[columns.text]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return fail("text", "is not UTF-8; save the table as UTF-8")
        }
        guard !text.allSatisfy(\.isWhitespace) else { return fail("text", "is empty") }
        return .success(Row(number: number, text: text, isSpam: isSpam))
    }
}
