import FilterPolicy

/// A message with siftd's fields on top, and without forged ones; its body stays as it is.
struct MarkedMessage {
    /// The header with the empty line behind it.
    let header: [UInt8]
    /// What follows the header.
    let body: ArraySlice<UInt8>
    /// Fields that were removed.
    let removed: Int

    /// The whole message.
    var bytes: [UInt8] { header + body }

    /// Marks a message.
    ///
    /// - Parameters:
    ///   - message: with LF or CRLF line ends; an mbox `From ` line stays first.
    ///   - policy: says which fields are forged.
    ///   - fields: that are added, the first on top.
    ///   - subjectTag: put in front of the Subject; empty for none.
    init(
        _ message: [UInt8], policy: PolicySettings, adding fields: [SpamHeaders.Field],
        subjectTag: String = ""
    ) {
        let header = RawHeader(message)
        let lineEnd = header.lineEnd
        var kept: [UInt8] = []
        var removed = 0
        var needsTag = !subjectTag.isEmpty
        let tag = Array(subjectTag.utf8)
        for field in header.fields {
            if policy.isForged(field.name) {
                removed += 1
            } else if needsTag, field.name.lowercased() == "subject" {
                needsTag = false
                let value = field.bytes[field.colon...].dropFirst()
                    .drop { $0 == UInt8(ascii: " ") }
                kept +=
                    value.starts(with: tag)
                    ? Array(field.bytes)
                    : Array(field.bytes[...field.colon]) + Array(" ".utf8) + tag + Array(value)
            } else {
                kept += field.bytes
            }
        }
        var added: [UInt8] = []
        if needsTag { added += "Subject: \(subjectTag)\(lineEnd)".utf8 }
        for field in fields {
            added +=
                "\(field.name): \(field.value.replacing("\n", with: lineEnd))\(lineEnd)".utf8
        }
        self.removed = removed
        self.header = Array(header.envelope) + added + kept + Array(lineEnd.utf8)
        body = header.body
    }
}

/// The header of a message in its fields, as bytes.
private struct RawHeader {
    /// A field with its line ends.
    struct Field {
        var name: String
        /// The index of the colon.
        var colon: Int
        var bytes: ArraySlice<UInt8>
    }

    /// `\n` or `\r\n`, as the first line has it.
    private(set) var lineEnd = "\n"
    /// An mbox `From ` line; empty for none.
    private(set) var envelope: ArraySlice<UInt8> = []
    private(set) var fields: [Field] = []
    /// Behind the empty line, or behind the last field where there is none.
    private(set) var body: ArraySlice<UInt8> = []

    init(_ message: [UInt8]) {
        var rest = message[...]
        if let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > 0,
            message[end - 1] == UInt8(ascii: "\r")
        {
            lineEnd = "\r\n"
        }
        if rest.starts(with: Array("From ".utf8)) { envelope = RawHeader.takeLine(&rest) }
        while !rest.isEmpty {
            var after = rest
            let line = RawHeader.takeLine(&after)
            let text = line.last == UInt8(ascii: "\n") ? line.dropLast() : line
            if text.isEmpty || text.elementsEqual([UInt8(ascii: "\r")]) {
                rest = after
                break
            }
            if let first = line.first, first == 0x20 || first == 0x09,
                let last = fields.indices.last
            {
                fields[last].bytes = message[fields[last].bytes.startIndex..<line.endIndex]
            } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
                // Some senders write spaces between name and colon (RFC 5322 section 4.5.8).
                let name = text[..<colon].prefix { $0 != 0x20 && $0 != 0x09 }
                fields.append(
                    Field(
                        name: String(decoding: name, as: UTF8.self), colon: colon, bytes: line))
            } else {
                // Not a header's line: the body begins without an empty line.
                break
            }
            rest = after
        }
        body = rest
        // A header that ends with the message may lack its last line end.
        if let last = fields.indices.last, fields[last].bytes.last != UInt8(ascii: "\n") {
            fields[last].bytes += Array(lineEnd.utf8)
        }
    }

    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }
}
