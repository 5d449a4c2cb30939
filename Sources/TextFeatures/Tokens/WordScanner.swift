import ASCIIText

/// Cuts folded text into tokens, at each place by the first rule that fits: URL, e-mail address,
/// spaced-out letters, word, punctuation. Every rule looks ahead over what it then consumes, or a
/// bounded number of bytes, so cost is linear for any text.
struct WordScanner {
    let bytes: [UInt8]
    var index: Int
    let end: Int
    let steps: StepSet

    /// No `@` stands between here and this index, as far as an address may reach.
    var noAddressBefore = 0
    /// Scratch for one lower-case word.
    private var word: [UInt8] = []

    init(_ bytes: [UInt8], _ range: Range<Int>, steps: StepSet) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
        self.steps = steps
    }

    static let longestWord = 24
    static let longestURL = 2_048
    static let longestAddress = 320
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
            sink.trace?.note(start..<index, upTo: sink.stream.count)
        }
    }

    // MARK: Rules

    private mutating func scanWordLike(into sink: inout TextTokens) {
        if steps.contains(.urls), let url = matchURL() {
            sink.appendURL(url)
        } else if steps.contains(.emails), matchAddress() {
            sink.stream.append(marker: "<email>")
        } else if steps.contains(.spacedLetters), let letters = matchSpacedLetters() {
            sink.spacedCount += 1
            sink.stream.append(letters, .spaced)
        } else {
            scanWord(into: &sink)
        }
    }

    /// A run of letters and digits in any script, and what mixes in.
    private mutating func scanWord(into sink: inout TextTokens) {
        word.removeAll(keepingCapacity: true)
        var facts = WordFacts()
        while index < end {
            let byte = bytes[index]
            if ASCII.isLetterOrDigit(byte) {
                facts.add(ascii: byte)
                word.append(ASCII.lower(byte))
                index += 1
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
            } else if facts.letters > 0,
                isMixingSign(at: index)
                    || byte == UInt8(ascii: "!") && (facts.hasMixingSign || mixesAhead(of: index))
            {
                facts.hasMixingSign = true
                word.append(byte)
                index += 1
            } else {
                break
            }
        }
        emit(facts, into: &sink)
    }

    /// `@`, `$` or `|` with a letter behind it.
    private func isMixingSign(at place: Int) -> Bool {
        guard place + 1 < end, ASCII.isLetter(bytes[place + 1]) else { return false }
        let byte = bytes[place]
        return byte == UInt8(ascii: "@") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "|")
    }

    /// Whether the `!` at a place stands inside a word that has another sign in it soon: an
    /// exclamation mark alone ends a word.
    private func mixesAhead(of place: Int) -> Bool {
        guard place + 1 < end, ASCII.isLetter(bytes[place + 1]) else { return false }
        for index in (place + 1)..<min(place + WordScanner.longestWord, end) {
            if isMixingSign(at: index) { return true }
            let byte = bytes[index]
            guard ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "!") else {
                return false
            }
        }
        return false
    }

    private func emit(_ facts: WordFacts, into sink: inout TextTokens) {
        if steps.contains(.numbers), facts.letters == 0, facts.foreign == 0 {
            return sink.stream.append(marker: WordScanner.numberToken(facts.digits))
        }
        let isCapitals = facts.letters > 2 && facts.upper == facts.letters && facts.digits == 0
        if isCapitals, !sink.inCapitals, steps.contains(.capitals) {
            sink.stream.append(marker: "<caps>")
        }
        sink.inCapitals = isCapitals
        if facts.hasMixingSign { return sink.stream.append(word, .mixed) }
        var text = word[...]
        var mapped: [UInt8]?
        if facts.lookalikes > 0, facts.ascii > 0, facts.lookalikes == facts.foreign,
            steps.contains(.lookalikes)
        {
            sink.mixedCount += 1
            sink.stream.append(marker: "<mixed>")
            mapped = Lookalikes.mapped(text)
        }
        if let mapped { text = mapped[...] }
        if text.count > WordScanner.longestWord {
            sink.stream.append(marker: "<long>")
            text = WordScanner.prefix(text, WordScanner.longestWord)
        }
        sink.stream.append(text, .word)
    }

    /// A run of one sign, single spaces between allowed: one, two, three, or three and `+`.
    private mutating func scanPunctuation(_ byte: UInt8, into sink: inout TextTokens) {
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
        word.removeAll(keepingCapacity: true)
        for _ in 0..<min(count, 3) { word.append(byte) }
        if count > 7 { word.append(UInt8(ascii: "+")) }
        sink.stream.append(word, .marker)
    }

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

    /// The scalar at a place in valid UTF-8, and its length.
    private func scalar(at position: Int) -> (value: UInt32, length: Int) {
        let lead = bytes[position]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        guard length > 1, position + length <= end else { return (0xFFFD, 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (value, length)
    }

    static func numberToken(_ digits: Int) -> String {
        switch digits {
        case ...1: return "<d1>"
        case 2: return "<d2>"
        case 3: return "<d3>"
        case 4: return "<d4>"
        case 5, 6: return "<d5-6>"
        default: return "<d7+>"
        }
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

/// What one word is made of, counted while it is read.
private struct WordFacts {
    var ascii = 0
    var letters = 0
    var upper = 0
    var digits = 0
    var foreign = 0
    var lookalikes = 0
    var hasMixingSign = false

    mutating func add(ascii byte: UInt8) {
        if ASCII.isDigit(byte) {
            digits += 1
        } else {
            ascii += 1
            letters += 1
            if byte & 0x20 == 0 { upper += 1 }
        }
    }

    mutating func add(foreign lower: UInt32, _ kind: CharacterClass) {
        foreign += 1
        if kind.contains(.letter) { letters += 1 }
        if kind.contains(.upper) { upper += 1 }
        if Lookalikes.mixes(lower) { lookalikes += 1 }
    }
}
