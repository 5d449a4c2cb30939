/// How text becomes ids. It is data: a model bundle carries the one it was trained with, so training
/// and serving can't differ.
public struct TextPipelineSpec: Codable, Sendable, Equatable {
    /// A family of pipelines; each has its own tokeniser.
    public enum Profile: String, Codable, Sendable, CaseIterable {
        /// The original network's seven steps, run in the order of ``TextPipelineSpec/steps``.
        case seed
        /// Visible text, structure and header facts, tricks resolved.
        case `default`
    }

    /// One normalisation step.
    public enum Step: String, Codable, Sendable, CaseIterable {
        // Both profiles.
        case lowercase
        case urls
        case emails
        case numbers
        // Seed only.
        case whitespace
        case stopwords = "stop-words"
        case nonASCII = "non-ascii"
        // Default only.
        case ignorables
        case compatibility = "nfkc"
        case accents
        case facts
        case links
        case capitals
        case lookalikes = "look-alikes"
        case leet
        case spacedLetters = "spaced-letters"
        case shapes
    }

    /// The version of the tokenisers' behaviour this spec was made for.
    public var version: Int
    public var profile: Profile
    public var steps: [Step]
    /// UTF-8 bytes of text read from the front and from the end of a longer text.
    public var textHead: Int
    public var textTail: Int
    /// Ids kept from the front and from the end of a longer message.
    public var tokenHead: Int
    public var tokenTail: Int

    /// The version this code implements.
    public static let currentVersion = 1

    /// The original pipeline: model-recipe.md section 2.
    public static let seed = TextPipelineSpec(
        version: currentVersion, profile: .seed,
        steps: [
            .lowercase, .urls, .emails, .numbers, .whitespace, .stopwords, .nonASCII,
        ], textHead: 60_000, textTail: 0, tokenHead: 400, tokenTail: 0)

    /// The pipeline of the starter model: model-recipe.md section 3.
    public static let standard = TextPipelineSpec(
        version: currentVersion, profile: .default,
        steps: [
            .ignorables, .compatibility, .accents, .lowercase, .facts, .links, .urls, .emails,
            .numbers, .capitals, .lookalikes, .leet, .spacedLetters, .shapes,
        ], textHead: 40_000, textTail: 20_000, tokenHead: 384, tokenTail: 128)

    /// The spec of a profile.
    public static func named(_ profile: Profile) -> TextPipelineSpec {
        profile == .seed ? seed : standard
    }

    enum CodingKeys: String, CodingKey {
        case version, profile, steps
        case textHead = "text_head"
        case textTail = "text_tail"
        case tokenHead = "token_head"
        case tokenTail = "token_tail"
    }
}
