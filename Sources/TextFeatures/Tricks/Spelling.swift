/// The known words that letters spell which were written apart, or without the spaces between
/// words.
///
/// The cheapest way to cut the letters, by dynamic programming. A word that df of N training
/// messages contain costs log(N / df) + 1, a single letter ``letterCost``. The time is that of
/// ``longestWord`` look-ups a letter.
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

    /// Spells letters in lower case.
    init(_ letters: some Collection<UInt8>, _ vocabulary: Vocabulary) {
        let text = Array(letters)
        let letters = text.span
        var cost = [Float](repeating: .infinity, count: text.count + 1)
        var last = [Word](repeating: Word(start: 0, id: -1), count: text.count + 1)
        cost[0] = 0
        for start in text.indices {
            let far = min(text.count, start + Spelling.longestWord)
            let alone = cost[start] + Spelling.letterCost
            if alone < cost[start + 1] {
                cost[start + 1] = alone
                last[start + 1] = Word(start: start, id: -1)
            }
            for end in start + 2..<max(far + 1, start + 2) {
                guard let id = vocabulary.id(letters.extracting(start..<end)) else { continue }
                let whole = cost[start] + vocabulary.rarity[Int(id)]
                if whole < cost[end] {
                    cost[end] = whole
                    last[end] = Word(start: start, id: id)
                }
            }
        }
        self.cost = cost[text.count]
        letterCount = text.count
        var end = text.count
        while end > 0 {
            if last[end].id >= 0 { words.append(last[end]) }
            end = last[end].start
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
