import ASCIIText

/// Prepares plain text as mail clients do before they show it.
enum PlainText {
    /// Characters that some encoders add to a uuencoded line, such as a checksum.
    private static let maximumPadding = 2
    private static let maximumNameBytes = 255
    /// Senders break lines at 66 bytes or more; one or two shorter ones may be by chance.
    private static let shortLineBytes = 24
    private static let shortLinesInARow = 3

    /// Joins lines that the sender broke for transport, also inside words (RFC 3676 section 4,
    /// `DelSp=yes`).
    ///
    /// Only lines of the same quote depth are joined, without the quote marks and the stuffed space
    /// of all but the first. Where a sender broke every line early, the space is kept: not all
    /// clients know DelSp, and those that don't show words there.
    static func joined(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        // Of the line before: its depth if it is flowed, and how many before it were short.
        var openDepth: Int?
        var shortLines = 0
        var index = 0
        while index < text.count {
            let lineStart = index
            while index < text.count, !isLineEnd(text[index]) { index += 1 }
            let line = FlowedLine(text[lineStart..<index])
            let hasEnd = index < text.count
            index = afterLineEnd(text, at: index)
            if openDepth == line.depth, !line.isSignature {
                if shortLines < shortLinesInARow { result.removeLast() }
            } else {
                if openDepth != nil { result.append(ASCII.lineFeed) }
                result += line.marks
                shortLines = 0
            }
            result += line.content
            if hasEnd, line.isFlowed {
                openDepth = line.depth
                shortLines = line.content.count < shortLineBytes ? shortLines + 1 : 0
            } else {
                openDepth = nil
                if hasEnd { result.append(ASCII.lineFeed) }
            }
        }
        if openDepth != nil { result.append(ASCII.lineFeed) }
        return result
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }

    /// The index after the line end at an index: LF, CRLF, CR, or CRCRLF of broken gateways.
    private static func afterLineEnd(_ text: [UInt8], at start: Int) -> Int {
        var index = start
        while index < text.count, index - start < 2, text[index] == ASCII.carriageReturn {
            index += 1
        }
        if index < text.count, text[index] == ASCII.lineFeed { return index + 1 }
        return min(start + 1, text.count)
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
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "b"), text[index...].starts(with: "begin ".utf8) {
                return true
            }
            index = text.firstIndex(of: ASCII.lineFeed, from: index) + 1
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
    /// character says, or when the lines are prose in capitals.
    private static func endOfFile(_ text: [UInt8], from start: Int) -> Int? {
        var index = start
        var letters = LetterShare()
        while index < text.count {
            let line = text[index...].prefix { $0 != ASCII.lineFeed }
            let next = min(line.endIndex + 1, text.count)
            let content = line.last == ASCII.carriageReturn ? line.dropLast() : line
            if content.elementsEqual("end".utf8) { return letters.isOfProse ? nil : next }
            letters.add(content.dropFirst())
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

/// A line of `format=flowed` text, taken apart.
private struct FlowedLine {
    /// How many quote marks there are in front.
    var depth: Int
    /// The quote marks, with the space that was stuffed in behind them; empty at depth 0.
    var marks: ArraySlice<UInt8>
    /// The text behind the marks and the stuffed space.
    var content: ArraySlice<UInt8>

    /// The line above a signature, which is never joined (RFC 3676 section 4.3).
    var isSignature: Bool { content.elementsEqual("-- ".utf8) }

    /// True when the line was broken for transport only.
    var isFlowed: Bool { content.last == ASCII.space && !isSignature }

    init(_ line: ArraySlice<UInt8>) {
        let unquoted = line.drop { $0 == UInt8(ascii: ">") }
        depth = unquoted.startIndex - line.startIndex
        content = unquoted.first == ASCII.space ? unquoted.dropFirst() : unquoted
        marks = depth > 0 ? line[..<content.startIndex] : line[..<line.startIndex]
    }
}
