/// Front and end of a long text by the number of bytes that show something.
///
/// White space behind white space and characters that show nothing don't count: with enough of them
/// a sender would push what the recipient reads out of what siftd reads.
struct ShownBytes {
    private let text: [UInt8]
    private var left: Int
    private var isBlank = false

    private init(_ text: [UInt8], _ limit: Int) {
        self.text = text
        left = limit
    }

    /// The front of a text in UTF-8 with so many bytes that count, or all of it.
    static func prefix(of text: [UInt8], _ limit: Int) -> Range<Int> {
        var bytes = ShownBytes(text, limit)
        var index = 0
        while index < text.count, bytes.left > 0 {
            let start = index
            index += 1
            while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
            bytes.take(start..<index)
        }
        return 0..<index
    }

    /// The end of a text in UTF-8 with so many bytes that count, or all of it.
    static func suffix(of text: [UInt8], _ limit: Int) -> Range<Int> {
        var bytes = ShownBytes(text, limit)
        var index = text.count
        while index > 0, bytes.left > 0 {
            let end = index
            index -= 1
            while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
            bytes.take(index..<end)
        }
        return index..<text.count
    }

    /// Counts the bytes of the next character.
    private mutating func take(_ character: Range<Int>) {
        let kind = CharacterClass.of(scalar(character))
        if kind.contains(.ignorable) { return }
        let wasBlank = isBlank
        isBlank = kind.contains(.space)
        if !isBlank || !wasBlank { left -= character.count }
    }

    /// The value of a character of valid UTF-8 (RFC 3629).
    private func scalar(_ character: Range<Int>) -> UInt32 {
        let first = UInt32(text[character.lowerBound])
        guard character.count > 1 else { return first }
        return character.dropFirst().reduce(first & (0x7F >> UInt32(character.count))) {
            $0 << 6 | UInt32(text[$1] & 0x3F)
        }
    }
}
