import ASCIIText

/// Prepares plain text as mail clients do before they show it.
enum PlainText {
    /// Characters that some encoders add to a uuencoded line, such as a checksum.
    private static let maximumPadding = 2
    private static let maximumNameBytes = 255

    /// Joins lines that the sender broke for transport, also inside words (RFC 3676 section 4.2,
    /// `DelSp=yes`).
    static func joined(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var lineStart = 0
        for byte in text where byte != ASCII.carriageReturn {
            if byte == ASCII.lineFeed, result.last == ASCII.space,
                !result[lineStart...].elementsEqual("-- ".utf8)
            {
                result.removeLast()
                continue
            }
            result.append(byte)
            if byte == ASCII.lineFeed { lineStart = result.count }
        }
        return result
    }

    /// Removes uuencoded files (`begin 644 name` … `end`), which clients show as attachments.
    ///
    /// - Returns: The rest of the text and the names of the files; nil when there are none.
    static func withoutFiles(_ text: [UInt8]) -> (text: [UInt8], names: [String])? {
        guard mayContainFile(text), let first = begin(in: text, from: 0) else { return nil }
        var result: [UInt8] = []
        var names: [String] = []
        var position = 0
        var next: (line: Range<Int>, name: String)? = first
        while let file = next {
            let end = endOfFile(text, from: file.line.upperBound)
            if let end {
                result += text[position..<file.line.lowerBound]
                names.append(file.name)
                position = end
            }
            next = begin(in: text, from: end ?? file.line.upperBound)
        }
        guard !names.isEmpty else { return nil }
        return (result + text[position...], names)
    }

    /// A fast check, so that most texts are not read line by line.
    private static func mayContainFile(_ text: [UInt8]) -> Bool {
        var previous = ASCII.lineFeed
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "b"), previous == ASCII.lineFeed,
                text[index...].starts(with: "begin ".utf8)
            {
                return true
            }
            previous = byte
        }
        return false
    }

    /// The next line `begin MODE NAME`.
    private static func begin(in text: [UInt8], from start: Int) -> (Range<Int>, String)? {
        var index = start
        while index < text.count {
            let line = text[index...].prefix { $0 != ASCII.lineFeed }
            let words =
                line.starts(with: "begin ".utf8)
                ? line.trimmingSpace().split(separator: ASCII.space, maxSplits: 2) : []
            let next = min(line.endIndex + 1, text.count)
            if words.count == 3, (3...4).contains(words[1].count),
                words[1].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) })
            {
                return (
                    index..<next, String(decoding: words[2].prefix(maximumNameBytes), as: UTF8.self)
                )
            }
            index = next
        }
        return nil
    }

    /// The index after the line `end`; nil when a line before it is not as long as its first
    /// character says.
    private static func endOfFile(_ text: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < text.count {
            let line = text[index...].prefix { $0 != ASCII.lineFeed }
            let next = min(line.endIndex + 1, text.count)
            let content = line.last == ASCII.carriageReturn ? line.dropLast() : line
            if content.elementsEqual("end".utf8) { return next }
            if let first = content.first {
                let isEncoded = content.allSatisfy { (0x20...0x60).contains($0) }
                let bytes = Int(first &- 0x20) & 0x3F
                let needed = 1 + (bytes + 2) / 3 * 4
                guard isEncoded, (needed...(needed + maximumPadding)).contains(content.count) else {
                    return nil
                }
            }
            index = next
        }
        return nil
    }
}
