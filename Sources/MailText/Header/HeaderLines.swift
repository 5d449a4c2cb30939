import ASCIIText

/// Finds the lines of a header.
///
/// A line feed ends a line. Whether a carriage return alone does depends on the program:
/// Thunderbird and Python's email package break there, mail servers don't. It is taken for a line
/// end where text would stay unread otherwise.
struct HeaderLines {
    /// Carriage returns in front of a line feed that belong to the line end: gateways double them.
    static let maximumReturns = 2

    /// True when every carriage return is a line end.
    let splitsAtReturns: Bool
    /// The index of the second of two carriage returns that end the header, once they are found.
    private(set) var headerEnd: Int?
    /// The next line feed, and whether nothing behind it is more of the header.
    private var feed: (index: Int, endsHeader: Bool) = (-1, false)

    init(splitsAtReturns: Bool) { self.splitsAtReturns = splitsAtReturns }

    /// The index of the byte that ends the line at `start`, or of the end of the bytes.
    mutating func end(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != ASCII.lineFeed {
            if bytes[index] == ASCII.carriageReturn, isLineEnd(bytes, at: index) { return index }
            index += 1
        }
        return index
    }

    /// True when a field begins at an index.
    mutating func isField(_ bytes: [UInt8], at start: Int) -> Bool {
        start < bytes.count
            && HeaderLines.colon(in: bytes, start..<end(bytes, from: start)) != nil
    }

    /// True when the carriage return at an index ends a line by itself.
    private mutating func isLineEnd(_ bytes: [UInt8], at index: Int) -> Bool {
        let next = index + 1
        guard next < bytes.count, !HeaderLines.isLineEnd(bytes, from: index) else { return false }
        if splitsAtReturns { return true }
        if bytes[next] != ASCII.carriageReturn {
            // Clients that break lines here decode the body by this field.
            return bytes[next...].startsIgnoringCase("content-")
        }
        // Two of them are an empty line, if nothing behind them is more of the header.
        if feed.index < index {
            var end = next
            while end < bytes.count, bytes[end] != ASCII.lineFeed { end += 1 }
            let rest = bytes[min(end + 1, bytes.count)...]
            let isFold = rest.first == ASCII.space || rest.first == ASCII.tab
            let isField = HeaderLines.colon(in: bytes, rest.indices) != nil
            feed = (end, !isFold && !isField)
        }
        if feed.endsHeader { headerEnd = next }
        return feed.endsHeader
    }

    /// True when the bytes at an index are CRLF, or CRCRLF.
    static func isLineEnd(_ bytes: [UInt8], from start: Int) -> Bool {
        var index = start
        while index < bytes.count, index - start < maximumReturns,
            bytes[index] == ASCII.carriageReturn
        {
            index += 1
        }
        return index < bytes.count && bytes[index] == ASCII.lineFeed
    }

    /// True for a line without anything but white space.
    static func isEmpty(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        for index in range where !ASCII.isSpace(bytes[index]) { return false }
        return true
    }

    /// The index of the colon that ends a field name; nil when the line is no field.
    ///
    /// A name has printable characters only; white space directly before the colon is accepted (RFC
    /// 5322 section 4.5).
    static func colon(in bytes: [UInt8], _ line: Range<Int>) -> Int? {
        var sawSpace = false
        for index in line {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") { return index == line.lowerBound ? nil : index }
            if byte == ASCII.space || byte == ASCII.tab {
                sawSpace = true
            } else if sawSpace || byte <= 0x20 || byte == 0x7F {
                return nil
            }
        }
        return nil
    }
}
