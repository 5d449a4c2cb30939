import ASCIIText

/// What programs and people leave in front of the header when they save a message to a file.
enum MessageStart {
    private static let maximumEmptyLines = 8
    private static let examinedLines = 16
    /// Fields of these names that must follow an odd first line, so that no text is taken for a
    /// header.
    private static let neededFields = 2
    private static let names: [StaticString] = [
        "from", "to", "cc", "subject", "date", "sender", "reply-to", "message-id", "received",
        "return-path", "delivered-to", "mime-version", "content-type", "dkim-signature",
    ]

    /// The message in bytes that ASCII readers understand: a file that an editor saved as UTF-16 is
    /// converted, and carriage returns alone are replaced in files of old systems.
    static func readable(_ bytes: [UInt8]) -> [UInt8] {
        if let label = wideCharset(bytes.prefix(4)) {
            var defects: Set<Defect> = []
            return Charset.decode(bytes, label: label, defects: &defects)
        }
        // The last line end may be of the program that copied the file.
        let isPair = bytes.suffix(2).elementsEqual("\r\n".utf8)
        let text = bytes.dropLast(isPair ? 2 : 1)
        guard !text.contains(ASCII.lineFeed), text.contains(ASCII.carriageReturn) else {
            return bytes
        }
        return bytes.map { $0 == ASCII.carriageReturn ? ASCII.lineFeed : $0 }
    }

    /// The form of UTF-16 whose text begins with a mark or with two ASCII letters.
    private static func wideCharset(_ start: ArraySlice<UInt8>) -> String? {
        guard start.count == 4 else { return nil }
        let isLittle = start[1] == 0 || start.starts(with: [0xFF, 0xFE])
        let units = isLittle ? [start[1], start[0], start[3], start[2]] : Array(start)
        let hasMark = units[0] == 0xFE && units[1] == 0xFF
        guard hasMark || units[0] == 0 && ASCII.isLetter(units[1]),
            units[2] == 0, ASCII.isPrintable(units[3])
        else { return nil }
        return isLittle ? "utf-16le" : "utf-16be"
    }

    /// The index of the first header field at or behind `start`.
    ///
    /// A byte order mark and the `From ` line of an mbox are skipped, and one more thing if
    /// the fields of a message follow: empty lines, a quoted `From ` line, or a banner.
    static func header(_ bytes: [UInt8], from start: Int) -> Int {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var index = bytes[start...].starts(with: mark) ? start + mark.count : start
        if bytes[index...].starts(with: "From ".utf8), !isField(bytes, index) {
            let next = nextLine(bytes, index)
            let rest = afterOddLines(bytes, from: next)
            if rest != next || isField(bytes, next) { index = next }
        }
        return afterOddLines(bytes, from: index)
    }

    /// The index behind an odd line or several empty ones, if fields follow; else `start`.
    private static func afterOddLines(_ bytes: [UInt8], from start: Int) -> Int {
        var next = start
        var emptyLines = 0
        while next < bytes.count, emptyLines < maximumEmptyLines, isEmptyLine(bytes, next) {
            emptyLines += 1
            next = nextLine(bytes, next)
        }
        if emptyLines == 0 {
            guard next < bytes.count, !isField(bytes, next) else { return start }
            next = nextLine(bytes, next)
        }
        return hasFields(bytes, from: next) ? next : start
    }

    private static func isField(_ bytes: [UInt8], _ start: Int) -> Bool {
        HeaderLines.colon(in: bytes, start..<bytes.count) != nil
    }

    /// True when some lines are fields and two of them have names that every message has.
    private static func hasFields(_ bytes: [UInt8], from start: Int) -> Bool {
        var index = start
        var known = 0
        for _ in 0..<examinedLines where index < bytes.count {
            let isFold = bytes[index] == ASCII.space || bytes[index] == ASCII.tab
            if !isFold || index == start {
                guard let colon = HeaderLines.colon(in: bytes, index..<bytes.count) else {
                    return false
                }
                let name = bytes[index..<colon].trimmingSpace()
                if names.contains(where: name.equalsIgnoringCase) { known += 1 }
                if known == neededFields { return true }
            }
            index = nextLine(bytes, index)
        }
        return false
    }

    private static func isEmptyLine(_ bytes: [UInt8], _ start: Int) -> Bool {
        bytes[start] == ASCII.lineFeed || HeaderLines.isLineEnd(bytes, from: start)
    }

    private static func nextLine(_ bytes: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != ASCII.lineFeed { index += 1 }
        return min(index + 1, bytes.count)
    }
}
