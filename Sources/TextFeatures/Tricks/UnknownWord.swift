import ASCIIText

/// Turns a word that the vocabulary lacks into ids: if undoing the tricks that disguise words gives
/// a known word, that word's; otherwise the id of its shape.
package struct UnknownWord {
    let vocabulary: Vocabulary
    let steps: StepSet
    /// Letters that may still be spelled, which takes time.
    private var lettersLeft = Spelling.longest
    /// The same of single words, of which honest mail has many.
    private var wordLettersLeft = UnknownWord.wordLetters

    /// A leet reading must be a word that this many training messages contain.
    private static let leetFrequency = 3
    /// Words of fewer characters have too many leet readings by chance.
    private static let shortestLeet = 3
    /// Ambiguous characters of one word that are tried both ways: at most eight readings.
    private static let ambiguousCharacters = 3
    /// Shorter words may be known ones backwards by chance.
    private static let shortestBackwards = 5
    /// A word that is written backwards must be one that this many training messages contain.
    private static let backwardsFrequency = 50
    /// Shorter words may be put together of known ones by chance.
    private static let shortestGlued = 8
    /// Honest words are often put together of two known ones.
    private static let fewestGlued = 3
    /// What the words of a glued one may cost a letter, see ``Spelling``: names and words of
    /// languages that a model does not know cost twice as much.
    private static let gluedCost: Float = 1
    /// The same for the first and the last of its words, of ``longestEnd`` letters at most.
    private static let endCost: Float = 1.1
    private static let longestEnd = 8
    /// Letters of single words of one message that are spelled.
    private static let wordLetters = 1_000

    package init(vocabulary: Vocabulary, steps: StepSet) {
        self.vocabulary = vocabulary
        self.steps = steps
    }

    /// Appends the ids that stand for an unknown plain word.
    package mutating func appendWord(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if steps.contains(.lookalikes), word.contains(where: { $0 >= 0x80 }),
            let mapped = Lookalikes.mapped(word), let id = vocabulary.id(mapped[...])
        {
            append(marker: ModelToken.lookalikes.rawValue, to: &ids)
            ids.append(id)
        } else if !appendLeet(word, to: &ids), !appendBackwards(word, to: &ids),
            !appendParts(word, to: &ids)
        {
            appendShape(word, to: &ids)
        }
    }

    /// Appends the ids of a word with signs among its letters.
    package func appendMixed(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if appendLeet(word, to: &ids) { return }
        for piece in word.split(whereSeparator: { !ASCII.isLetterOrDigit($0) }) {
            if let id = vocabulary.id(piece) {
                ids.append(id)
            } else {
                appendShape(piece, to: &ids)
            }
        }
    }

    /// Appends the known words that spaced-out letters most probably spell.
    ///
    /// No mark stands in front of them: it would part the phrases that they are in.
    /// ``ModelToken/spacedWords`` says once how many there are.
    package mutating func appendSpaced(_ letters: ArraySlice<UInt8>, to ids: inout [Int32]) {
        guard let spelling = spelling(of: letters) else { return }
        for word in spelling.words { ids.append(word.id) }
    }

    /// Appends the ids of a word that is too long to be one: those of the words that it is put
    /// together of, or else that of its front.
    package mutating func appendGlued(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if appendParts(word, to: &ids) { return }
        let front = WordScanner.prefix(word, WordScanner.longestWord)
        if let id = vocabulary.id(front) {
            ids.append(id)
        } else {
            appendWord(front, to: &ids)
        }
    }

    /// Appends the known word that an unknown one is when it is read from its end.
    ///
    /// - Returns: whether it is one.
    private func appendBackwards(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) -> Bool {
        guard steps.contains(.spacedLetters), word.count >= UnknownWord.shortestBackwards,
            let id = vocabulary.id(word.reversed()[...]),
            vocabulary.documentFrequency[Int(id)] >= UnknownWord.backwardsFrequency
        else { return false }
        ids.append(id)
        return true
    }

    /// Appends the known words that an unknown one is put together of, without spaces.
    ///
    /// - Returns: whether there are any.
    private mutating func appendParts(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) -> Bool {
        guard steps.contains(.spacedLetters), word.count >= UnknownWord.shortestGlued,
            hasLikelyEnds(word.span)
                || word.count > WordScanner.longestWord
                    && hasLikelyEnds(Array(word.reversed()).span),
            word.allSatisfy({ ASCII.isLetter($0) || $0 >= 0x80 })
        else { return false }
        guard let spelling = spelling(of: word, isWord: word.count <= WordScanner.longestWord),
            spelling.words.count >= UnknownWord.fewestGlued,
            spelling.cost <= UnknownWord.gluedCost * Float(word.count)
        else { return false }
        for part in spelling.words { ids.append(part.id) }
        return true
    }

    /// Whether a word begins and ends with known ones: most that are not put together of any don't,
    /// which is quickly seen.
    private func hasLikelyEnds(_ word: Span<UInt8>) -> Bool {
        let lengths = 2...min(UnknownWord.longestEnd, word.count - UnknownWord.fewestGlued)
        func isLikely(_ end: Span<UInt8>) -> Bool {
            guard let id = vocabulary.id(end) else { return false }
            return vocabulary.rarity[Int(id)] <= UnknownWord.endCost * Float(end.count)
        }
        return lengths.contains { isLikely(word.extracting(first: $0)) }
            && lengths.contains { isLikely(word.extracting(last: $0)) }
    }

    /// The words that letters spell; nil when enough was spelled.
    ///
    /// Unless they are one word, they are spelled from the end, too.
    mutating func spelling(of letters: ArraySlice<UInt8>, isWord: Bool = false) -> Spelling? {
        guard lettersLeft > 0, !isWord || wordLettersLeft > 0 else { return nil }
        let read = letters.prefix(lettersLeft)
        lettersLeft -= letters.count
        if isWord { wordLettersLeft -= letters.count }
        let forwards = Spelling(read.span, vocabulary)
        guard !isWord, !forwards.isLikely else { return forwards }
        let backwards = Spelling(Array(read.reversed()).span, vocabulary)
        return backwards.isMuchLikelier(than: forwards) ? backwards : forwards
    }

    /// Appends the first known reading of a word in which digits or signs may stand for letters.
    ///
    /// - Returns: whether there is one.
    private func appendLeet(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) -> Bool {
        guard steps.contains(.leet),
            (UnknownWord.shortestLeet...WordScanner.longestWord).contains(word.count),
            // A letter stands for itself.
            word.contains(where: {
                !ASCII.isLetter($0) && !Lookalikes.leetLetters($0).isEmpty
            }),
            word.contains(where: ASCII.isLetter)
        else { return false }
        var readings: [[UInt8]] = [[]]
        var ambiguous = 0
        for byte in word {
            let letters = Lookalikes.leetLetters(byte)
            if letters.isEmpty {
                for index in readings.indices { readings[index].append(byte) }
            } else if letters.count == 1 || ambiguous >= UnknownWord.ambiguousCharacters {
                for index in readings.indices { readings[index].append(letters[0]) }
            } else {
                ambiguous += 1
                readings = letters.flatMap { letter in readings.map { $0 + [letter] } }
            }
        }
        for reading in readings {
            if let id = vocabulary.id(reading[...]),
                vocabulary.documentFrequency[Int(id)] >= UnknownWord.leetFrequency
            {
                append(marker: ModelToken.leet.rawValue, to: &ids)
                ids.append(id)
                return true
            }
        }
        return false
    }

    private func appendShape(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        guard steps.contains(.shapes) else {
            ids.append(Vocabulary.unknownID)
            return
        }
        append(marker: WordShape(of: word).token, to: &ids)
    }

    private func append(marker: String, to ids: inout [Int32]) {
        if let id = vocabulary.id(marker) { ids.append(id) }
    }
}
