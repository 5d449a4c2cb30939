/// How much mail of each language a spam filter has learnt from.
///
/// A filter that has seen little wanted mail of a language calls what it reads there spam: of mail
/// in such languages it marks up to nine tenths, whatever its kind; see "Evidence and unsure" in
/// `docs/model.md`.
public struct LearntLanguages: Codable, Sendable, Equatable {
    /// The train messages of one language.
    public struct Counts: Codable, Sendable, Equatable {
        /// Wanted messages.
        public var ham = 0
        /// Spam.
        public var spam = 0
        /// Wanted messages outside of the data set that has most of them.
        public var elsewhere = 0

        /// Counts; none by default.
        public init(ham: Int = 0, spam: Int = 0, elsewhere: Int = 0) {
            self.ham = ham
            self.spam = spam
            self.elsewhere = elsewhere
        }

        /// Counts one more message.
        public mutating func add(isSpam: Bool) {
            if isSpam { spam += 1 } else { ham += 1 }
        }
    }

    /// By ISO 639 code.
    public var counts: [String: Counts] = [:]

    /// A language with this share of the wanted mail is what the filter was made for.
    static let leastShare = 0.1
    /// Other languages need so many wanted messages outside of one data set: what one source alone
    /// says of a language is mostly about that source.
    static let leastElsewhere = 100
    /// Other languages need so much spam.
    static let leastSpam = 30

    /// Counts of no message.
    public init() {}

    /// Whether the filter has learnt enough of a language to call a message in it spam.
    public func isLearnt(_ language: String) -> Bool {
        guard let counts = counts[language] else { return false }
        let all = self.counts.values.reduce(0) { $0 + $1.ham }
        return Double(counts.ham) >= LearntLanguages.leastShare * Double(max(all, 1))
            || counts.elsewhere >= LearntLanguages.leastElsewhere
                && counts.spam >= LearntLanguages.leastSpam
    }

    /// The learnt languages, by their code.
    public var learnt: [String] { counts.keys.filter(isLearnt).sorted() }

    /// Reads counts by code.
    public init(from decoder: any Decoder) throws {
        counts = try decoder.singleValueContainer().decode([String: Counts].self)
    }

    /// Writes counts by code.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(counts)
    }
}
