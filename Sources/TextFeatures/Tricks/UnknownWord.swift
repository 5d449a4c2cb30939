import ASCIIText
import Glibc

/// Turns a word that the vocabulary lacks into ids: if undoing the tricks that disguise words gives
/// a known word, that word's; otherwise the id of its shape.
package struct UnknownWord {
    let vocabulary: Vocabulary
    let steps: StepSet

    /// A leet reading must be a word that this many training messages contain.
    private static let leetFrequency = 3
    /// Words of fewer characters have too many leet readings by chance.
    private static let shortestLeet = 3
    /// Ambiguous characters of one word that are tried both ways: at most eight readings.
    private static let ambiguousCharacters = 3
    /// Letters of a spaced-out run that are read; the time is this times
    /// ``WordScanner/longestWord``.
    private static let longestSegmentation = 60
    /// What a single letter costs in a segmentation: as much as a word in one of 3,000 messages
    /// (log 3,000 + 1), so that any word but the rarest is better than its letters.
    private static let letterCost = 9.0

    package init(vocabulary: Vocabulary, steps: StepSet) {
        self.vocabulary = vocabulary
        self.steps = steps
    }

    /// Appends the ids that stand for an unknown plain word.
    package func appendWord(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if steps.contains(.lookalikes), word.contains(where: { $0 >= 0x80 }),
            let mapped = Lookalikes.mapped(word), let id = vocabulary.id(mapped[...])
        {
            append(marker: ModelToken.lookalikes.rawValue, to: &ids)
            ids.append(id)
        } else if !appendLeet(word, to: &ids) {
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
    /// The cheapest segmentation by dynamic programming. A word that df of N training messages
    /// contain costs log(N / df) + 1, a single letter ``letterCost``. Single letters give no id.
    package func appendSpaced(_ letters: ArraySlice<UInt8>, to ids: inout [Int32]) {
        append(marker: ModelToken.spaced.rawValue, to: &ids)
        let text = Array(letters.prefix(UnknownWord.longestSegmentation))
        var cost = [Double](repeating: .infinity, count: text.count + 1)
        var last = [(start: Int, id: Int32)](repeating: (0, -1), count: text.count + 1)
        cost[0] = 0
        for end in 1...max(text.count, 1) where end <= text.count {
            for start in stride(
                from: end - 1, through: max(0, end - WordScanner.longestWord), by: -1)
            {
                var step = UnknownWord.letterCost
                var id: Int32 = -1
                if end - start > 1 {
                    guard let known = vocabulary.id(text[start..<end]) else { continue }
                    let frequency = Double(max(vocabulary.documentFrequency[Int(known)], 1))
                    step = log(Double(max(vocabulary.documents, 1)) / frequency) + 1
                    id = known
                }
                if cost[start] + step < cost[end] {
                    cost[end] = cost[start] + step
                    last[end] = (start, id)
                }
            }
        }
        var words: [Int32] = []
        var end = text.count
        while end > 0 {
            if last[end].id >= 0 { words.append(last[end].id) }
            end = last[end].start
        }
        ids += words.reversed()
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
