/// How a model of Keras turns text into ids: a `TextVectorization` layer, or a `Tokenizer` followed
/// by `pad_sequences`.
///
/// The steps run in the order of the properties. The coding keys are those of `config.json`.
public struct KerasTextSpec: Codable, Sendable, Equatable {
    /// Which letters become small.
    public enum Lowercase: String, Codable, Sendable {
        /// None.
        case none
        /// A to Z, as TensorFlow does it.
        case ascii
        /// All, as Python's `str.lower` does it, the final sigma included.
        case unicode
    }

    /// Where a text is cut into terms.
    public enum Split: Codable, Sendable, Equatable {
        /// Nowhere: the text is one term.
        case none
        /// At runs of ASCII white space.
        case whitespace
        /// Between all Unicode scalars.
        case characters
        /// At a string; empty terms are left out.
        case separator(String)
    }

    /// An end of a text.
    public enum Side: String, Codable, Sendable {
        /// The front.
        case pre
        /// The end.
        case post
    }

    /// Whether the model takes text at all; if not, its ids come from elsewhere.
    public var readsText: Bool
    /// Which letters become small.
    public var lowercase: Lowercase
    /// Characters that are deleted.
    public var removed: String
    /// Characters that become the separator.
    public var separators: String
    /// Where a text is cut into terms.
    public var split: Split
    /// Numbers of neighbouring terms that make one, joined by a space; `[1]` for single terms.
    public var ngrams: [Int]
    /// The id of a term that the vocabulary lacks; nil when it is left out.
    public var unknown: Int32?
    /// Ids of every text; nil when a text has as many as it has terms.
    public var length: Int?
    /// The end at which a short text is filled up.
    public var padding: Side
    /// The end at which a long text is cut.
    public var truncating: Side
    /// The id that fills up.
    public var paddingID: Int32

    /// The 32 ASCII marks that `TextVectorization` strips.
    public static let punctuation = ##"!"#$%&()*+,-./:;<=>?@[\]^_`{|}~'"##
    /// The filters of a `Tokenizer` that names none.
    public static let tokenizerFilters = ##"!"#$%&()*+,-./:;<=>?@[\]^_`{|}~"## + "\t\n"

    enum CodingKeys: String, CodingKey {
        case lowercase, removed, separators, split, ngrams, unknown, length, padding, truncating
        case readsText = "reads_text"
        case paddingID = "padding_id"
    }

    /// A spec of these steps.
    public init(
        readsText: Bool = true, lowercase: Lowercase, removed: String = "",
        separators: String = "", split: Split, ngrams: [Int] = [1], unknown: Int32?, length: Int?,
        padding: Side = .post, truncating: Side = .post, paddingID: Int32 = 0
    ) {
        self.readsText = readsText
        self.lowercase = lowercase
        self.removed = removed
        self.separators = separators
        self.split = split
        self.ngrams = ngrams
        self.unknown = unknown
        self.length = length
        self.padding = padding
        self.truncating = truncating
        self.paddingID = paddingID
    }

    /// The largest number of neighbouring terms that make one.
    public static let longestNgram = 16

    /// The first setting that is out of bounds, in words; nil for a sound spec.
    public func defect(vocabulary: Int) -> String? {
        if ngrams.isEmpty || ngrams.count > KerasTextSpec.longestNgram
            || !ngrams.allSatisfy((1...KerasTextSpec.longestNgram).contains)
        {
            return "ngrams is \(ngrams)"
        }
        if let length, length < 1 { return "length is \(length)" }
        if let unknown, !(0..<vocabulary).contains(Int(unknown)) { return "unknown is \(unknown)" }
        if !(0..<vocabulary).contains(Int(paddingID)) { return "padding_id is \(paddingID)" }
        if case .separator("") = split { return "the separator is empty" }
        return nil
    }
}
