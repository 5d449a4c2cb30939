/// Front and end of a long text by the number of bytes that show something.
///
/// White space behind white space and characters that show nothing don't count: with enough of them
/// a sender would push what the recipient reads out of what siftd reads.
enum ShownBytes {
    /// The front of a text in UTF-8 with so many bytes that count, or all of it.
    static func prefix(of text: [UInt8], _ limit: Int) -> Range<Int> {
        var left = limit
        var isBlank = false
        var index = 0
        while index < text.count, left > 0 {
            let start = index
            index += 1
            while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
            left -= count(text[start..<index], &isBlank)
        }
        return 0..<index
    }

    /// The end of a text in UTF-8 with so many bytes that count, or all of it.
    static func suffix(of text: [UInt8], _ limit: Int) -> Range<Int> {
        var left = limit
        var isBlank = false
        var index = text.count
        while index > 0, left > 0 {
            let end = index
            index -= 1
            while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
            left -= count(text[index..<end], &isBlank)
        }
        return index..<text.count
    }

    /// The bytes of one character that count; `isBlank` is true when the one before was blank.
    @inline(__always)
    private static func count(_ character: ArraySlice<UInt8>, _ isBlank: inout Bool) -> Int {
        let first = character[character.startIndex]
        var kind: CharacterClass = first <= 0x20 ? .space : []
        if first >= 0x80 {
            let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first
            kind = scalar.map { CharacterClass.of($0.value) } ?? []
        }
        if kind.contains(.ignorable) { return 0 }
        defer { isBlank = kind.contains(.space) }
        return kind.contains(.space) && isBlank ? 0 : character.count
    }
}
