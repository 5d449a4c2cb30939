/// How text becomes ids.
///
/// It is data: a model bundle contains the spec that the model was trained with, so training and
/// serving can't differ. The coding keys are those of `config.json`.
public struct TextPipelineSpec: Codable, Sendable, Equatable {
    /// A family of pipelines; each has its own tokeniser.
    public enum Profile: String, Codable, Sendable, CaseIterable {
        /// The original network's seven steps, run in the order of ``TextPipelineSpec/steps``.
        case seed
        /// Visible text, structure and header facts, tricks resolved.
        case `default`
        /// The text step of an imported model, as ``TextPipelineSpec/keras`` describes it.
        case keras

        /// The profiles that siftd can train with.
        public static let trainable: [Profile] = [.seed, .default]
    }

    /// One normalisation step.
    ///
    /// The raw value is its name in `config.json`; `docs/model.md` describes
    /// each.
    public enum Step: String, Codable, Sendable, CaseIterable {
        // Both profiles.
        case lowercase
        /// A URL becomes a token, or the tokens of its host and path.
        case urls
        /// An address becomes a token.
        case emails
        /// A number becomes a token, in the `default` profile by its digits.
        case numbers
        // The `seed` profile.
        /// White space is collapsed.
        case whitespace
        /// The commonest English words are removed.
        case stopwords = "stop-words"
        /// All characters but ASCII are removed.
        case nonASCII = "non-ascii"
        // The `default` profile.
        /// Invisible characters are removed and counted.
        case ignorables
        /// Unicode normalisation form KC.
        case compatibility = "nfkc"
        /// Accents are removed.
        case accents
        /// Facts about the message stand in front of its text.
        case facts
        /// Facts that a network may not read stand in front of all others, then those about the
        /// layout: whoever cuts a message there has the others alone. Tricks stand last; in
        /// pipelines without this step they stand first.
        case layoutFirst = "layout-first"
        /// Link targets become tokens.
        case links
        /// Words in capitals are marked.
        case capitals
        /// Letters that look like Latin ones are replaced.
        case lookalikes = "look-alikes"
        /// Digits and signs that stand for letters are replaced where that gives a known word.
        case leet
        /// Letters with spaces between them are joined.
        case spacedLetters = "spaced-letters"
        /// A token for the look of an unknown word stands for it.
        case shapes
    }

    /// The version of the tokenisers' behaviour that the model was trained with.
    public var version: Int
    /// The tokeniser.
    public var profile: Profile
    /// The steps; only the `seed` profile runs them in this order.
    public var steps: [Step]
    /// UTF-8 bytes that are read at the front of a longer text; in the `seed` profile characters.
    public var textHead: Int
    /// UTF-8 bytes that are read at the end of a longer text.
    public var textTail: Int
    /// Ids that are kept at the front of a longer message.
    public var tokenHead: Int
    /// Ids that are kept at the end of a longer message.
    public var tokenTail: Int

    /// The text step of the `keras` profile; nil for the others.
    public var keras: KerasTextSpec?

    /// The version that this code implements.
    public static let currentVersion = 1

    /// The pipeline of the original network, which reads 400 tokens.
    public static let seed = TextPipelineSpec(
        version: currentVersion, profile: .seed,
        steps: [
            .lowercase, .urls, .emails, .numbers, .whitespace, .stopwords, .nonASCII,
        ], textHead: 60_000, textTail: 0, tokenHead: 400, tokenTail: 0)

    /// The pipeline of the starter model.
    public static let standard = TextPipelineSpec(
        version: currentVersion, profile: .default,
        steps: [
            .ignorables, .compatibility, .accents, .lowercase, .facts, .layoutFirst, .links, .urls,
            .emails, .numbers, .capitals, .lookalikes, .leet, .spacedLetters, .shapes,
        ], textHead: 80_000, textTail: 40_000, tokenHead: 12_288, tokenTail: 4_096)

    /// Whether another spec gives the same tokens: of long messages it may read and keep more or
    /// fewer, and facts may have another order.
    public func hasTokens(of other: TextPipelineSpec) -> Bool {
        var same = self
        (same.textHead, same.textTail) = (other.textHead, other.textTail)
        (same.tokenHead, same.tokenTail) = (other.tokenHead, other.tokenTail)
        same.steps.removeAll { $0 == .layoutFirst }
        var other = other
        other.steps.removeAll { $0 == .layoutFirst }
        return same == other
    }

    /// The spec of a profile.
    public static func named(_ profile: Profile) -> TextPipelineSpec {
        profile == .seed ? seed : standard
    }

    /// The spec of an imported model with this text step; of a text whose length is open, the first
    /// `longest` ids are kept.
    public static func keras(_ text: KerasTextSpec, longest: Int) -> TextPipelineSpec {
        TextPipelineSpec(
            version: currentVersion, profile: .keras, steps: [], textHead: kerasText,
            textTail: 0, tokenHead: text.length ?? longest, tokenTail: 0, keras: text)
    }

    /// UTF-8 bytes of a text that an imported model reads: more than siftd reads of a message.
    private static let kerasText = 1 << 24

    enum CodingKeys: String, CodingKey {
        case version, profile, steps, keras
        case textHead = "text_head"
        case textTail = "text_tail"
        case tokenHead = "token_head"
        case tokenTail = "token_tail"
    }
}
