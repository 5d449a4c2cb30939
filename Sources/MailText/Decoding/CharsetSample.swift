import ASCIIText

/// The words of a text that can't be Latin, with spaces between them: what its charset is guessed
/// by.
struct CharsetSample {
    /// A word of Latin text seldom has so many bytes outside ASCII.
    private static let foreignBytes = 3
    /// Bytes of a text that are searched for such words, and bytes of them that are taken.
    private static let searchedBytes = 16_384
    private static let longest = 512

    private let isHTML: Bool
    /// The words.
    private(set) var bytes: [UInt8] = []
    /// Bytes of them outside ASCII.
    private(set) var foreign = 0

    /// An empty sample of text or of HTML, of which only what stands between the tags is taken.
    init(isHTML: Bool) { self.isHTML = isHTML }

    /// Takes the words of a text.
    mutating func take(from text: [UInt8]) {
        let text = text.prefix(CharsetSample.searchedBytes)
        var index = 0
        while index < text.count, bytes.count < CharsetSample.longest {
            if isHTML, let end = CharsetSample.endOfMarkup(text, at: index) {
                index = end
                continue
            }
            guard text[index] > ASCII.space else {
                index += 1
                continue
            }
            let start = index
            var count = 0
            repeat {
                if text[index] >= 0x80 { count += 1 }
                index += 1
            } while index < text.count && text[index] > ASCII.space
                && !(isHTML && text[index] == UInt8(ascii: "<"))
            if count >= CharsetSample.foreignBytes {
                bytes += text[start..<index].prefix(CharsetSample.longest - bytes.count)
                bytes.append(ASCII.space)
            }
        }
        foreign = bytes.count { $0 >= 0x80 }
    }

    /// The end of the tag, comment, style sheet or script that begins at an index; nil when none
    /// does.
    private static func endOfMarkup(_ text: ArraySlice<UInt8>, at index: Int) -> Int? {
        guard text[index] == UInt8(ascii: "<"), index + 1 < text.count else { return nil }
        let rest = text[(index + 1)...]
        func end(of mark: StaticString) -> Int {
            var index = rest.startIndex
            while index < text.count, !text[index...].startsIgnoringCase(mark) { index += 1 }
            return min(index + mark.utf8CodeUnitCount, text.count)
        }
        if rest.starts(with: "!--".utf8) { return end(of: "-->") }
        if rest.startsIgnoringCase("style") { return end(of: "</style") }
        if rest.startsIgnoringCase("script") { return end(of: "</script") }
        let first = text[index + 1]
        return ASCII.isLetter(first) || "/!?".utf8.contains(first) ? end(of: ">") : nil
    }
}
