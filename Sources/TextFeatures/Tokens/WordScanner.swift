import ASCIIText

/// Cuts folded text into tokens.
///
/// At each index the first rule that matches wins: URL, e-mail address, spaced-out letters, word,
/// punctuation. Every rule looks ahead over bytes that it then consumes, or over a bounded number,
/// so the time is linear for any text.
struct WordScanner {
    /// The text, UTF-8.
    let bytes: [UInt8]
    /// The next byte to read, up to ``end``.
    var index: Int
    let end: Int
    let steps: StepSet

    /// No address begins in front of this index: the bytes up to it are one local part without `@`.
    var noAddressBefore = 0
    /// Scratch for one lower-case word.
    var word: [UInt8] = []

    init(_ bytes: [UInt8], _ range: Range<Int>, steps: StepSet) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
        self.steps = steps
    }

    /// Bytes that are kept of a word: longer ones are encoded data or filler, and few are seen
    /// twice.
    static let longestWord = 24
    /// Signs that may stand between two letters of a spaced-out word, without brackets.
    static let mostSigns = 2
    /// The same with brackets.
    static let longestSeparator = 4
    /// Bytes of a URL, about what browsers and servers accept.
    static let longestURL = 2_048
    /// Bytes of an address: local part, `@` and domain (RFC 5321 section 4.5.3.1).
    static let longestAddress = 320
    /// Octets of a domain name (RFC 5321 section 4.5.3.1.2).
    static let longestDomain = 255
    /// Single letters in a row that make a spaced-out word: fewer occur in honest text.
    static let leastSpacedLetters = 4
    /// A run of punctuation keeps this many signs.
    private static let longestPunctuation = 3
    /// A run of punctuation of more signs than this gets a `+`.
    private static let manySigns = 7
    static let schemes: [(name: StaticString, length: Int)] = [
        ("https", 5), ("http", 4), ("ftp", 3),
    ]

    /// Appends the tokens of the whole range.
    mutating func scan(into sink: inout TextTokens) {
        while index < end {
            guard sink.stream.count < sink.limit else {
                sink.stream.isTokenCut = true
                return
            }
            let start = index
            let byte = bytes[index]
            if byte <= 0x20 || byte == 0x7F {
                index += 1
                continue
            } else if ASCII.isLetterOrDigit(byte) {
                scanWordLike(into: &sink)
            } else if byte < 0x80 {
                scanPunctuation(byte, into: &sink)
            } else {
                scanForeign(into: &sink)
            }
            sink.stream.trace.record(start..<index, upTo: sink.stream.count)
        }
    }

    // MARK: Rules

    private mutating func scanWordLike(into sink: inout TextTokens) {
        if steps.contains(.urls), let url = matchURL() {
            sink.appendURL(url)
        } else if steps.contains(.emails), matchAddress() {
            sink.stream.append(.email)
        } else if steps.contains(.spacedLetters), let letters = matchSpacedLetters() {
            sink.spacedCount += 1
            sink.stream.append(letters, .spaced)
        } else {
            scanWord(into: &sink)
        }
    }

    /// A run of one sign, with single spaces allowed between: the token has one to three of them,
    /// or three and a `+`.
    private mutating func scanPunctuation(_ byte: UInt8, into sink: inout TextTokens) {
        let start = index
        var count = 1
        index += 1
        while index < end {
            if bytes[index] == byte {
                index += 1
            } else if bytes[index] == 0x20, index + 1 < end, bytes[index + 1] == byte {
                index += 2
            } else {
                break
            }
            count += 1
        }
        if count == 1 { return sink.stream.append(bytes, start..<(start + 1), .marker) }
        word.removeAll(keepingCapacity: true)
        for _ in 0..<min(count, WordScanner.longestPunctuation) { word.append(byte) }
        if count > WordScanner.manySigns { word.append(UInt8(ascii: "+")) }
        sink.stream.append(word, .marker)
    }

    /// A character that is not ASCII: an ideograph, a word, a space, or a symbol.
    private mutating func scanForeign(into sink: inout TextTokens) {
        let (value, length) = scalar(at: index)
        let kind = CharacterClass.of(value)
        if kind.contains(.ideograph) {
            sink.stream.append(bytes[index..<(index + length)], .word)
            index += length
        } else if !kind.isDisjoint(with: [.letter, .digit]) {
            scanWordLike(into: &sink)
        } else if !kind.isDisjoint(with: [.space, .ignorable]) {
            index += length
        } else {
            sink.stream.append(bytes[index..<(index + length)], .marker)
            index += length
            // A run of one symbol counts once.
            while index + length <= end,
                bytes[index..<(index + length)].elementsEqual(bytes[(index - length)..<index])
            {
                index += length
            }
        }
    }

    // MARK: Characters

    /// The scalar at an index of valid UTF-8, and its length in bytes.
    func scalar(at position: Int) -> (value: UInt32, length: Int) {
        let lead = bytes[position]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        guard length > 1, position + length <= end else { return (0xFFFD, 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (value, length)
    }

    /// At most `count` bytes, without half a character at the end.
    static func prefix(_ text: ArraySlice<UInt8>, _ count: Int) -> ArraySlice<UInt8> {
        var stop = text.startIndex + min(count, text.count)
        while stop > text.startIndex, stop < text.endIndex, text[stop] & 0xC0 == 0x80 { stop -= 1 }
        return text[..<stop]
    }

    static func isURLByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
            && byte != UInt8(ascii: "\"") && byte != 0x7F
    }

    static func isLocalPartByte(_ byte: UInt8) -> Bool {
        if ASCII.isLetterOrDigit(byte) || byte >= 0x80 { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "="), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "#"):
            return true
        default: return false
        }
    }

    /// Whether a sign is one of those that stand between spaced-out letters, alone or together.
    static func isLetterSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"): true
        default: false
        }
    }

    static func isBracket(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "]")
    }

    /// `@`, `$`, `|` and `!` stand for letters when letters are around them.
    static func isMixingSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "@") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "|")
            || byte == UInt8(ascii: "!")
    }
}
