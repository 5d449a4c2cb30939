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
    private var word: [UInt8] = []

    init(_ bytes: [UInt8], _ range: Range<Int>, steps: StepSet) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
        self.steps = steps
    }

    /// Bytes that are kept of a word: longer ones are encoded data or filler, and few are seen
    /// twice.
    static let longestWord = 24
    /// Bytes of a URL, about what browsers and servers accept.
    static let longestURL = 2_048
    /// Bytes of an address: local part, `@` and domain (RFC 5321 section 4.5.3.1).
    static let longestAddress = 320
    /// Octets of a domain name (RFC 5321 section 4.5.3.1.2).
    static let longestDomain = 255
    /// Single letters in a row that make a spaced-out word: fewer occur in honest text.
    static let leastSpacedLetters = 4
    /// Signs that may stand between two letters of a spaced-out word.
    static let longestSeparator = 2
    /// Letters from which on a word in capitals counts as shouted: `OK` and `US` don't.
    private static let leastCapitals = 3
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

    /// A run of letters and digits in any script, and the signs that stand for letters in it.
    private mutating func scanWord(into sink: inout TextTokens) {
        let start = index
        var facts = WordFacts()
        readRun(&facts)
        // Most words are one run, which needs no scratch.
        guard goesOn(facts) else { return emit(ascii: start..<index, facts, into: &sink) }
        word.removeAll(keepingCapacity: true)
        appendToWord(start..<index)
        while index < end {
            let byte = bytes[index]
            if ASCII.isLetterOrDigit(byte) {
                let start = index
                readRun(&facts)
                appendToWord(start..<index)
            } else if byte >= 0x80 {
                let (value, length) = scalar(at: index)
                let kind = CharacterClass.of(value)
                guard !kind.isDisjoint(with: [.letter, .digit]), !kind.contains(.ideograph) else {
                    break
                }
                let lower = CharacterClass.lowercase(value)
                facts.add(foreign: lower, kind)
                word.appendUTF8(lower)
                index += length
            } else if isSignInWord(facts) {
                facts.hasMixingSign = true
                word.append(byte)
                index += 1
            } else {
                break
            }
        }
        emit(facts, into: &sink)
    }

    /// Moves over the run of ASCII letters and digits at ``index``.
    @inline(__always)
    private mutating func readRun(_ facts: inout WordFacts) {
        var position = index
        var upper = 0
        var digits = 0
        while position < end {
            let byte = bytes[position]
            if ASCII.isLetter(byte) {
                // Capitals lack this bit; a branch would be taken at random.
                upper += Int(~byte >> 5 & 1)
            } else if ASCII.isDigit(byte) {
                digits += 1
            } else {
                break
            }
            position += 1
        }
        facts.add(asciiLetters: position - index - digits, upper: upper, digits: digits)
        index = position
    }

    /// Appends a run of ASCII letters and digits to the word.
    private mutating func appendToWord(_ run: Range<Int>) {
        for position in run { word.append(ASCII.lower(bytes[position])) }
    }

    /// Whether the word may go on at ``index``, behind a run of ASCII letters and digits.
    @inline(__always)
    private func goesOn(_ facts: WordFacts) -> Bool {
        index < end && (bytes[index] >= 0x80 || isSignInWord(facts))
    }

    /// Whether the sign at ``index`` stands for a letter of the word before it.
    @inline(__always)
    private func isSignInWord(_ facts: WordFacts) -> Bool {
        facts.letters > 0
            && (isMixingSign(at: index)
                || bytes[index] == UInt8(ascii: "!")
                    && (facts.hasMixingSign || mixesAhead(of: index)))
    }

    /// `@`, `$` or `|` with a letter behind it.
    private func isMixingSign(at index: Int) -> Bool {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "@") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "|")
        else { return false }
        return index + 1 < end && ASCII.isLetter(bytes[index + 1])
    }

    /// Whether the word of the `!` at an index has another sign soon: otherwise an exclamation mark
    /// ends a word.
    private func mixesAhead(of index: Int) -> Bool {
        guard index + 1 < end, ASCII.isLetter(bytes[index + 1]) else { return false }
        for next in (index + 1)..<min(index + WordScanner.longestWord, end) {
            if isMixingSign(at: next) { return true }
            let byte = bytes[next]
            guard ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "!") else {
                return false
            }
        }
        return false
    }

    /// Appends a word of ASCII letters and digits, with the markers for its look.
    private func emit(ascii range: Range<Int>, _ facts: WordFacts, into sink: inout TextTokens) {
        guard emitLook(facts, into: &sink) else { return }
        var range = range
        if range.count > WordScanner.longestWord {
            sink.stream.append(.long)
            range = range.prefix(WordScanner.longestWord)
        }
        if facts.upper > 0 {
            sink.stream.append(lowercasing: bytes, range)
        } else {
            sink.stream.append(bytes, range, .word)
        }
    }

    /// Appends the word in the scratch, with the markers for its look.
    private func emit(_ facts: WordFacts, into sink: inout TextTokens) {
        guard emitLook(facts, into: &sink) else { return }
        if facts.hasMixingSign { return sink.stream.append(word, .mixed) }
        var text = word[...]
        var mapped: [UInt8]?
        if facts.lookalikes > 0, facts.ascii > 0, facts.lookalikes == facts.foreign,
            steps.contains(.lookalikes)
        {
            sink.mixedCount += 1
            sink.stream.append(.lookalikes)
            mapped = Lookalikes.mapped(text)
        }
        if let mapped { text = mapped[...] }
        if text.count > WordScanner.longestWord {
            sink.stream.append(.long)
            text = WordScanner.prefix(text, WordScanner.longestWord)
        }
        sink.stream.append(text, .word)
    }

    /// Appends the marker of a number, or the one of a word in capitals.
    ///
    /// - Returns: False for a number, of which nothing else is appended.
    @inline(__always)
    private func emitLook(_ facts: WordFacts, into sink: inout TextTokens) -> Bool {
        if steps.contains(.numbers), facts.letters == 0, facts.foreign == 0 {
            sink.stream.append(marker: ModelToken.Digits(count: facts.digits).token)
            return false
        }
        let isCapitals =
            facts.letters >= WordScanner.leastCapitals && facts.upper == facts.letters
            && facts.digits == 0
        if isCapitals, !sink.inCapitals, steps.contains(.capitals) {
            sink.stream.append(.capitals)
        }
        sink.inCapitals = isCapitals
        return true
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
    private func scalar(at position: Int) -> (value: UInt32, length: Int) {
        let lead = bytes[position]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        guard length > 1, position + length <= end else { return (0xFFFD, 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (value, length)
    }

    /// At most `count` bytes, without half a character at the end.
    private static func prefix(_ text: ArraySlice<UInt8>, _ count: Int) -> ArraySlice<UInt8> {
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

    static func isLetterSeparator(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "*")
    }
}

/// Counts of the characters of one word, while it is read.
private struct WordFacts {
    /// ASCII letters.
    var ascii = 0
    /// Letters of any script.
    var letters = 0
    /// Capitals of any script.
    var upper = 0
    /// ASCII digits.
    var digits = 0
    /// Characters that are not ASCII.
    var foreign = 0
    /// Those of them that only a disguise puts beside ASCII letters.
    var lookalikes = 0
    /// Whether `@`, `$`, `|` or `!` stands between letters.
    var hasMixingSign = false

    mutating func add(asciiLetters count: Int, upper capitals: Int, digits numerals: Int) {
        ascii += count
        letters += count
        upper += capitals
        digits += numerals
    }

    mutating func add(foreign lower: UInt32, _ kind: CharacterClass) {
        foreign += 1
        if kind.contains(.letter) { letters += 1 }
        if kind.contains(.upper) { upper += 1 }
        if Lookalikes.mixes(lower) { lookalikes += 1 }
    }
}
