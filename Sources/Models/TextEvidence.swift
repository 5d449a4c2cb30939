import TextCNN
import TextFeatures

/// How much of a message there is to judge by.
public struct TextEvidence: Sendable, Equatable {
    /// Words of the message that the network read.
    public var words = 0
    /// Those of them that the vocabulary contains.
    public var knownWords = 0
    /// Those of the known words that are a single letter, which says nothing about the language.
    public var letters = 0
    /// Links, and the labels of their host names that the vocabulary contains.
    public var links = 0
    /// The probability of spam without the shares of unknown words and single letters; nil when
    /// most words are known.
    public var knownProbability: Double?

    /// False when an imported model has no number for the message.
    public var hasNumber = true

    /// The number of words and links: what a verdict can rest on; -1 when there is no number.
    public var tokens: Int { hasNumber ? words + links : -1 }

    /// Below this share of known words, the text counts as one in a language that the model has not
    /// learnt.
    ///
    /// English, German and Spanish mail has 0.8 and more, Hungarian and Turkish, of which the
    /// starter model has seen none, 0.1 to 0.35.
    static let knownShare = 1.0 / 3
    /// With fewer words than this, the share says nothing about the language.
    static let leastWords = 8

    /// The evidence of a message without text.
    public init() {}

    /// Counts the tokens of a message; `kinds` has the kind of each id of the vocabulary.
    package init(_ ids: [Int32], _ kinds: [TokenKind]) {
        for id in ids {
            switch kinds[Int(id)] {
            case .word:
                words += 1
                knownWords += 1
            case .letter:
                words += 1
                knownWords += 1
                letters += 1
            case .unknownWord: words += 1
            case .link: links += 1
            case .other: break
            }
        }
    }

    /// True when the text is probably in a language that the model has not learnt, or is nonsense:
    /// bytes, or text in another charset than it declares.
    package var isMostlyUnknown: Bool {
        words >= TextEvidence.leastWords
            && Double(knownWords - letters) < TextEvidence.knownShare * Double(words)
    }
}

extension TextEvidence {
    /// The share of words that a vocabulary lacks.
    ///
    /// - Parameters:
    ///   - messages: the ids of each.
    ///   - vocabulary: that the ids are of.
    /// - Returns: from 0 to 1; nil for messages without words.
    package static func unknownShare(
        of messages: some Sequence<[Int32]>, in vocabulary: Vocabulary
    ) -> Double? {
        let kinds = (0..<Int32(vocabulary.count)).map { TokenKind(vocabulary.token($0)) }
        var words = 0
        var known = 0
        for ids in messages {
            let evidence = TextEvidence(ids, kinds)
            words += evidence.words
            known += evidence.knownWords
        }
        return words > 0 ? Double(words - known) / Double(words) : nil
    }
}

extension ScoringModel {
    /// The share of words of some mail that the model's vocabulary lacks.
    ///
    /// - Parameter reservoir: a sample of the mail; its first thousand messages are looked at.
    /// - Returns: from 0 to 1; nil without words, or when the model reads others than the
    ///   reservoir keeps.
    public func unknownShare(of reservoir: Reservoir) -> Double? {
        guard pipeline.spec.hasTokens(of: .standard), filtersSpam else { return nil }
        let messages = reservoir.messages.prefix(1_000).map { message in
            pipeline.ids(of: message.tokens, in: vocabulary)
        }
        return TextEvidence.unknownShare(of: messages, in: vocabulary)
    }

    /// The evidence that a probability for these ids rests on.
    ///
    /// Scores a message of mostly unknown words once more.
    public func evidence(of ids: [Int32]) -> TextEvidence {
        var evidence = TextEvidence(ids, kinds)
        if mayLackNumber(ids), outputs(of: ids) == nil { evidence.hasNumber = false }
        guard scoresKnownWords, evidence.isMostlyUnknown, let spamLabel else { return evidence }
        let logits = logits(ids) { words in
            ids[words].allSatisfy { ![.unknownWord, .letter].contains(kinds[Int($0)]) }
        }
        evidence.knownProbability = judge.probabilities(logits)[spamLabel]
        return evidence
    }
}
