import ASCIIText

/// Tells texts in UTF-16 apart by their bytes.
enum WideText {
    /// Bytes that are looked at; more say nothing new.
    private static let searchedBytes = 4_096
    /// In text of words at most one byte in so many is of another kind than the one before it.
    private static let bytesForEachChange = 3

    /// The kinds of bytes of which words are made.
    private enum Kind {
        case space
        case upper
        case lower
        case digit
        case mark
    }

    /// The name of the converter for UTF-16 without a byte order mark: little endian, as browsers
    /// take it, unless the zeros in front of Latin letters show the other order.
    static func converter(_ bytes: [UInt8]) -> String {
        var zeros = (even: 0, odd: 0)
        for (index, byte) in bytes.prefix(searchedBytes).enumerated() where byte == 0 {
            if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        return zeros.even > zeros.odd ? "utf-16be" : "utf-16le"
    }

    /// True when bytes below 80 that were declared as UTF-16 make words as ASCII.
    ///
    /// As ASCII, letters of hiragana and Chinese alternate between capitals, small letters, digits
    /// and marks; words of ASCII seldom do.
    static func isASCII(_ bytes: [UInt8]) -> Bool {
        guard bytes.count % 2 == 0 else { return true }
        var changes = 0
        var last = Kind.space
        let searched = bytes.prefix(searchedBytes)
        for byte in searched {
            guard let kind = kind(byte) else { return false }
            switch (last, kind) {
            // The end of a word, or its capital.
            case (.space, _), (_, .space), (.upper, .lower): break
            default: if kind != last { changes += 1 }
            }
            last = kind
        }
        return changes * bytesForEachChange < searched.count
    }

    /// The kind of a byte; nil for control characters, which no text has.
    private static func kind(_ byte: UInt8) -> Kind? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn: .space
        case 0x21..<0x7F: .mark
        default: nil
        }
    }
}
