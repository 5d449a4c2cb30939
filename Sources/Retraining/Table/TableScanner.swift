import Foundation

/// Divides comma-separated values into records, one at a time.
struct TableScanner {
    /// One row of the file.
    struct Record {
        /// The line that it begins on, from 1.
        var line: Int
        /// Its fields without quotes; those before the fault when there is one.
        var fields: [[UInt8]]
        /// What is wrong with the next field; nil for a sound row.
        var fault: String?
    }

    private static let chunk = 1 << 16

    private let handle: FileHandle
    private let longestField: Int
    private var buffer: [UInt8] = []
    private var index = 0
    private var line = 1
    private var isAtStart = true

    init(_ handle: FileHandle, longestField: Int) {
        self.handle = handle
        self.longestField = longestField
    }

    /// The next byte without taking it; nil at the end.
    private mutating func peek() throws -> UInt8? {
        if index == buffer.count {
            buffer = Array(try handle.read(upToCount: TableScanner.chunk) ?? Data())
            index = 0
            if isAtStart {
                isAtStart = false
                if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
            }
        }
        return index < buffer.count ? buffer[index] : nil
    }

    /// The next row; nil at the end of the file.
    mutating func next() throws -> Record? {
        guard try peek() != nil else { return nil }
        var record = Record(line: line, fields: [])
        while true {
            let (field, fault) = try nextField()
            if let fault {
                record.fault = fault
                try skipLine()
                return record
            }
            record.fields.append(field)
            guard let separator = try peek() else { return record }
            index += 1
            if separator == UInt8(ascii: ",") { continue }
            if separator == UInt8(ascii: "\r"), try peek() == UInt8(ascii: "\n") { index += 1 }
            line += 1
            return record
        }
    }

    private mutating func nextField() throws -> (field: [UInt8], fault: String?) {
        guard try peek() == UInt8(ascii: "\"") else { return try plainField() }
        let start = line
        index += 1
        var field: [UInt8] = []
        while let byte = try peek() {
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else {
                    switch try peek() {
                    case nil, UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                        return (field, nil)
                    default:
                        return (
                            [],
                            "text follows a closing quote on line \(line); quotes inside a "
                                + "field are written twice"
                        )
                    }
                }
                index += 1
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            field.append(byte)
            if field.count > longestField {
                return ([], tooLong + "; is the quote that opens on line \(start) never closed?")
            }
        }
        return ([], "the quote that opens on line \(start) is never closed")
    }

    private mutating func plainField() throws -> (field: [UInt8], fault: String?) {
        var field: [UInt8] = []
        while let byte = try peek(), byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n"),
            byte != UInt8(ascii: "\r")
        {
            field.append(byte)
            index += 1
            if field.count > longestField { return ([], tooLong) }
        }
        return (field, nil)
    }

    private var tooLong: String { "is longer than \(longestField >> 20) MiB" }

    /// Goes on at the next line.
    private mutating func skipLine() throws {
        while let byte = try peek() {
            index += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                return
            }
        }
    }
}
