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

    /// Reads the fields that start at `position` and moves it to the first byte of the body.
    ///
    /// A line that is no field ends the block when it looks like body text without an empty line
    /// before it. An mbox `From ` line at the very start is skipped.
    mutating func read(
        _ bytes: [UInt8], from position: inout Int, limits: MailLimits,
        defects: inout Set<Defect>
    ) {
        var endedByEmptyLine = false
        while position < bytes.count {
            let lineStart = position
            var lineEnd = endOfLine(bytes, from: lineStart)
            var next = min(lineEnd + 1, bytes.count)
            if isEmptyLine(bytes, lineStart..<lineEnd) {
                position = next
                endedByEmptyLine = true
                break
            }
            while next < bytes.count, bytes[next] == ASCII.space || bytes[next] == ASCII.tab {
                // A continuation, even of nothing but white space (RFC 5322 section 4.2).
                lineEnd = endOfLine(bytes, from: next)
                next = min(lineEnd + 1, bytes.count)
            }
            guard let colon = colon(in: bytes, lineStart..<lineEnd) else {
                if lineStart == 0, bytes[lineStart..<lineEnd].starts(with: "From ".utf8) {
                    position = next
                    continue
                }
                defects.insert(.headerMalformed)
                // A line that begins like a delimiter is the end of a part that has no body.
                if fields.isEmpty || bytes[lineStart..<lineEnd].starts(with: "--".utf8)
                    || !isFollowedByField(bytes, lineStart..<lineEnd)
                {
                    position = lineStart
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

    /// The value of the first field with a name, which must be in lower case, or nil.
    func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        for field in fields where field.name.equalsIgnoringCase(name) { return field.value }
        return nil
    }

    private mutating func append(
        _ bytes: [UInt8], name: Range<Int>, value: Range<Int>, _ limits: MailLimits,
        _ defects: inout Set<Defect>
    ) {
        guard fields.count < limits.headerFields else {
            defects.insert(.limitHeaders)
            return
        }
        var range = value
        if value.count > limits.headerBytes {
            defects.insert(.limitHeaders)
            range = value.lowerBound..<(value.lowerBound + limits.headerBytes)
        }
        fields.append(
            Field(name: bytes[name].trimmingSpace(), value: bytes[range].trimmingSpace()))
    }

    /// The index of the line feed that ends a line, or of the end of the bytes.
    private func endOfLine(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != ASCII.lineFeed { index += 1 }
        return index
    }

    private func isEmptyLine(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        for index in range where !ASCII.isSpace(bytes[index]) { return false }
        return true
    }

    /// The index of the colon that ends a field name; nil when the line is no field.
    ///
    /// A name has printable characters only; white space directly before the colon is accepted (RFC
    /// 5322 section 4.5).
    private func colon(in bytes: [UInt8], _ line: Range<Int>) -> Int? {
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

    /// True when a broken line is followed by a field: one bad line in the middle must not turn the
    /// rest of the header into body text.
    private func isFollowedByField(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        let next = min(line.upperBound + 1, bytes.count)
        let end = endOfLine(bytes, from: next)
        return next < bytes.count && colon(in: bytes, next..<end) != nil
    }
}
