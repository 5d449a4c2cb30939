import ASCIIText

/// The header fields of one entity (RFC 5322 section 2.2), in order, still encoded.
struct HeaderBlock {
    /// One field: its name as written and its value with its folds.
    struct Field {
        var name: ArraySlice<UInt8>
        var value: ArraySlice<UInt8>
    }

    /// The fields in the order they occur.
    private(set) var fields: [Field] = []
    /// True when a field that says how to read the body comes behind the line that ended the block.
    private(set) var isEndDoubtful = false
    /// What is kept behind the limit on fields.
    private var needed = NeededFields()

    /// Reads the fields that start at `position` and moves it to the first byte of the body.
    ///
    /// A line that is no field ends the block when it looks like body text without an empty line
    /// before it. With `splitsAtReturns` every carriage return is a line end. With `isLenient` the
    /// block goes on up to an empty line or one that begins with an open boundary.
    mutating func read(
        _ bytes: [UInt8], from position: inout Int, limits: MailLimits,
        splitsAtReturns: Bool = false, isLenient: Bool = false, boundaries: [[UInt8]] = [],
        defects: inout Set<Defect>
    ) {
        var lines = HeaderLines(splitsAtReturns: splitsAtReturns)
        var endedByEmptyLine = false
        while position < bytes.count {
            let lineStart = position
            var lineEnd = lines.end(bytes, from: lineStart)
            var next = min(lineEnd + 1, bytes.count)
            if lineStart == lines.headerEnd {
                // The second of two carriage returns.
                position = lineStart + 1
                endedByEmptyLine = true
                break
            }
            if HeaderLines.isEmpty(bytes, lineStart..<lineEnd) {
                position = next
                endedByEmptyLine = true
                break
            }
            while next < bytes.count, bytes[next] == ASCII.space || bytes[next] == ASCII.tab {
                // A continuation, even of nothing but white space (RFC 5322 section 4.2).
                lineEnd = lines.end(bytes, from: next)
                next = min(lineEnd + 1, bytes.count)
            }
            guard let colon = HeaderLines.colon(in: bytes, lineStart..<lineEnd) else {
                defects.insert(.headerMalformed)
                let line = bytes[lineStart..<lineEnd]
                let isDelimiter = boundaries.contains { line.starts(with: $0) }
                // A line that begins like a delimiter is the end of a part that has no body.
                let isEnd = line.starts(with: "--".utf8) || !lines.isField(bytes, at: next)
                if fields.isEmpty || isDelimiter || !isLenient && isEnd {
                    position = lineStart
                    isEndDoubtful = !isDelimiter && HeaderBlock.goesOn(bytes, from: next)
                    return
                }
                position = next
                continue
            }
            append(bytes, name: lineStart..<colon, value: (colon + 1)..<lineEnd, limits, &defects)
            position = next
        }
        if !endedByEmptyLine { defects.insert(.bodyMissing) }
    }

    /// Bytes in which such a field is looked for.
    private static let bytesBehindEnd = 64 * 1_024

    /// Whether a field of MIME comes before the next empty line or delimiter.
    private static func goesOn(_ bytes: [UInt8], from start: Int) -> Bool {
        let end = min(bytes.count, start + HeaderBlock.bytesBehindEnd)
        var start = start
        while start < end {
            let line = bytes[start..<end].prefix { $0 != ASCII.lineFeed }
            if isEmpty(line) || line.starts(with: "--".utf8) { return false }
            if line.startsIgnoringCase("content-") { return true }
            start = line.endIndex + 1
        }
        return false
    }

    private static func isEmpty(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy(ASCII.isSpace)
    }

    /// The value of the first field with a name, which must be in lower case, or nil.
    func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        for field in fields where field.name.equalsIgnoringCase(name) { return field.value }
        return nil
    }

    /// The values of all fields with a name, which must be in lower case.
    func all(_ name: StaticString) -> [ArraySlice<UInt8>] {
        fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
    }

    private mutating func append(
        _ bytes: [UInt8], name: Range<Int>, value: Range<Int>, _ limits: MailLimits,
        _ defects: inout Set<Defect>
    ) {
        if fields.count >= limits.headerFields {
            defects.insert(.limitHeaders)
            guard needed.keeps(bytes[name].trimmingSpace()) else { return }
        }
        var range = value
        if value.count > limits.headerBytes {
            defects.insert(.limitHeaders)
            range = value.lowerBound..<(value.lowerBound + limits.headerBytes)
        }
        fields.append(
            Field(name: bytes[name].trimmingSpace(), value: bytes[range].trimmingSpace()))
    }
}
