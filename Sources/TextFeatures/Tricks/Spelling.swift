/// The known words that letters spell which were written apart, or without the spaces between
/// words.
///
/// The cheapest way to cut the letters, by dynamic programming. A word that df of N training
/// messages contain costs log(N / df) + 1, a single letter ``letterCost``. The time is that of
/// at most ``longestWord`` look-ups a letter.
struct Spelling {
    /// A word of the vocabulary, and where it begins among the letters.
    struct Word: Equatable {
        var start: Int
        var id: Int32
    }

    /// The words in their order; letters between them are in none.
    private(set) var words: [Word] = []
    /// What words and single letters cost together.
    let cost: Float
    private let letterCount: Int

    /// Letters of one message that are spelled: some pages, in about the time that reading takes.
    static let longest = 8_000
    /// Letters of a word that is looked for; longer ones are rare.
    private static let longestWord = 16
    /// What a single letter costs: as much as a word in one of 3,000 messages (log 3,000 + 1), so
    /// that any word but the rarest is better than its letters.
    static let letterCost: Float = 9

    /// The cheapest way to the letters in front of a place.
    private struct Step {
        var cost = Float.infinity
        /// The last word of it, or -1 for a single letter.
        var id: Int32 = -1
        var start: Int32 = 0
    }

    /// Spells letters in lower case.
    init(_ letters: Span<UInt8>, _ vocabulary: Vocabulary) {
        let count = letters.count
        var steps = [Step](repeating: Step(), count: count + 1)
        steps[0].cost = 0
        for start in 0..<count {
            let cost = steps[start].cost
            let alone = cost + Spelling.letterCost
            if alone < steps[start + 1].cost {
                steps[start + 1] = Step(cost: alone, id: -1, start: Int32(start))
            }
            var word = TokenStarts.Start()
            for end in start + 1..<min(count, start + Spelling.longestWord) + 1 {
                word.append(letters[end - 1])
                guard vocabulary.starts.mayBegin(word) else { break }
                guard end >= start + 2, vocabulary.starts.mayBe(word),
                    let id = vocabulary.id(letters.extracting(start..<end))
                else { continue }
                let whole = cost + vocabulary.rarity[Int(id)]
                if whole < steps[end].cost {
                    steps[end] = Step(cost: whole, id: id, start: Int32(start))
                }
            }
        }
        cost = steps[count].cost
        letterCount = count
        var end = count
        while end > 0 {
            let step = steps[end]
            if step.id >= 0 { words.append(Word(start: Int(step.start), id: step.id)) }
            end = Int(step.start)
        }
        words.reverse()
    }

    /// Whether the letters are words in their right order.
    var isLikely: Bool { cost <= Spelling.likelyCost * Float(letterCount) }

    /// Whether letters that are read from the end, as styles can show them, are meant so.
    func isMuchLikelier(than forwards: Spelling) -> Bool {
        cost < Spelling.mostOfForwards * forwards.cost
    }

    /// Letters that cost less than this each are words.
    private static let likelyCost: Float = 1.2
    /// Words that are written backwards cost less than this share of what they cost forwards.
    private static let mostOfForwards: Float = 0.6
}
