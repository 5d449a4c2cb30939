import ASCIIText

/// Words: runs of letters and digits, and the markers for their look.
extension WordScanner {
    /// Letters from which on a word in capitals counts as shouted: `OK` and `US` don't.
    private static let leastCapitals = 3

    /// A run of letters and digits in any script, and the signs that stand for letters in it.
    mutating func scanWord(into sink: inout TextTokens) {
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
        var kind = TokenStream.Kind.word
        if range.count > WordScanner.longestWord {
            kind = longKind(facts, into: &sink)
            range = range.prefix(kind == .glued ? Spelling.longest : WordScanner.longestWord)
        }
        if facts.upper > 0 {
            sink.stream.append(lowercasing: bytes, range, kind)
        } else {
            sink.stream.append(bytes, range, kind)
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
        var kind = TokenStream.Kind.word
        if text.count > WordScanner.longestWord {
            kind = longKind(facts, into: &sink)
            let longest = kind == .glued ? Spelling.longest : WordScanner.longestWord
            text = WordScanner.prefix(text, longest)
        }
        sink.stream.append(text, kind)
    }

    /// Appends the marker of a long word.
    ///
    /// - Returns: the kind of its token: one of letters alone may be a text without spaces.
    private func longKind(_ facts: WordFacts, into sink: inout TextTokens) -> TokenStream.Kind {
        sink.stream.append(.long)
        return facts.digits == 0 && steps.contains(.spacedLetters) ? .glued : .word
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
