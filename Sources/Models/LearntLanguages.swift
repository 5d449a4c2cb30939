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

        func reaches(_ least: Counts) -> Bool {
            ham >= least.ham && spam >= least.spam && elsewhere >= least.elsewhere
        }
    }

    /// By ISO 639 code.
    public var counts: [String: Counts] = [:]

    /// A language with this share of the wanted mail is what the filter was made for.
    static let mainShare = 0.1
    /// What the filter knows of another language rests on so many messages at least.
    static let least = Counts(ham: 100, spam: 30, elsewhere: 50)
    /// With so many of them it knows a language well enough for the ordinary threshold.
    static let enough = Counts(ham: 150, spam: 100, elsewhere: 100)
    /// What a message needs beyond the tag threshold to be spam in a language of which training saw
    /// less than ``enough``, in units of the logit.
    ///
    /// What one source alone says of a language is mostly about that source, hence
    /// ``Counts/elsewhere``. "Evidence and unsure" in `docs/model.md` has what was measured.
    public static let margin = 1.0

    /// Counts of no message.
    public init() {}

    /// How far above the tag threshold a message in a language must lie to be spam, in units of the
    /// logit: nothing in a language that the filter knows well or was made for, infinitely far in
    /// one that it has learnt too little of.
    public func margin(of language: String) -> Double {
        guard let counts = counts[language] else { return .infinity }
        let all = self.counts.values.reduce(0) { $0 + $1.ham }
        let isMain = Double(counts.ham) >= LearntLanguages.mainShare * Double(max(all, 1))
        if isMain || counts.reaches(LearntLanguages.enough) { return 0 }
        return counts.reaches(LearntLanguages.least) ? LearntLanguages.margin : .infinity
    }

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
