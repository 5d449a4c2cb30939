import TextCNN
import TextFeatures

/// How much of a message there is to judge by.
public struct TextEvidence: Sendable, Equatable {
    /// Words of the message that the network read.
    public var words = 0
    /// Those of them that it knows.
    public var knownWords = 0
    /// Links, and the labels of their host names that it knows.
    public var links = 0
    /// The probability of spam without what unknown words add; nil when most words are known.
    public var knownProbability: Double?

    /// What a verdict can rest on.
    public var tokens: Int { words + links }

    /// Below this share of known words the text counts as of a language that the model does not
    /// speak: English, German and Spanish mail has 0.8 and more, Hungarian and Turkish, of which it
    /// was shown none, 0.1 to 0.35.
    static let knownShare = 1.0 / 3
    /// Fewer words are no language.
    static let leastWords = 8

    public init() {}

    init(_ ids: [Int32], _ kinds: [TokenKind]) {
        for id in ids {
            switch kinds[Int(id)] {
            case .word:
                words += 1
                knownWords += 1
            case .unknownWord: words += 1
            case .link: links += 1
            case .other: break
            }
        }
    }

    var isMostlyUnknown: Bool {
        words >= TextEvidence.leastWords
            && Double(knownWords) < TextEvidence.knownShare * Double(words)
    }
}

/// What a token of the vocabulary stands for.
enum TokenKind: Sendable {
    case word
    /// A word that the vocabulary lacks.
    case unknownWord
    /// A link, or a label of its host name.
    case link
    /// A fact about the message, a mark, or a sign between words.
    case other

    init(_ token: String) {
        let letters = token.unicodeScalars.contains(where: \.properties.isAlphabetic)
        if token.hasPrefix("<o:") || token == Vocabulary.unknown {
            self = .unknownWord
        } else if token.hasPrefix("u:") || token.hasPrefix("tld:")
            || token == "<a>" || token == "<url>"
        {
            self = .link
        } else if !letters || ["<", "s:", "n:", "h:"].contains(where: token.hasPrefix) {
            self = .other
        } else {
            self = .word
        }
    }
}

extension ScoringModel {
    /// What a probability for these ids rests on.
    public func evidence(of ids: [Int32]) -> TextEvidence {
        var evidence = TextEvidence(ids, kinds)
        guard evidence.isMostlyUnknown, let spamLabel else { return evidence }
        let logits = logits(ids) { words in
            ids[words].allSatisfy { kinds[Int($0)] != .unknownWord }
        }
        evidence.knownProbability = judge.probabilities(logits)[spamLabel]
        return evidence
    }
}
