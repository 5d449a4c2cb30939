import ASCIIText

/// What clients make of plain text before they show it.
enum PlainText {
    /// Joins lines that were cut for transport (RFC 3676 section 4.2, `DelSp=yes`): words may have
    /// been cut as well.
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

    /// The text without the files that lie uuencoded in it (`begin 644 name` … `end`), which clients
    /// show as attachments, and the names of those files.
    static func withoutFiles(_ text: [UInt8]) -> (text: [UInt8], names: [String])? {
        guard mayHoldFile(text), let first = begin(in: text, from: 0) else { return nil }
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

    /// A fast look before the lines are read one by one.
    private static func mayHoldFile(_ text: [UInt8]) -> Bool {
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
                return (index..<next, String(decoding: words[2].prefix(255), as: UTF8.self))
            }
            index = next
        }
        return nil
    }

    /// Behind the line `end`, when all lines up to it are as long as their first character says.
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
                // Encoders may add a character or two at the end.
                guard isEncoded, (needed...(needed + 2)).contains(content.count) else { return nil }
            }
            index = next
        }
        return nil
    }
}
