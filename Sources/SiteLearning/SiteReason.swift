import TextFeatures

/// One reason of the site layer, for the explanation of a score.
public struct SiteReason: Sendable, Equatable {
    /// What the reason is about.
    public enum Subject: Sendable, Equatable {
        /// The sender: the most specific mark that has labels, and how many of each class.
        case sender(SenderIdentity.Part, ham: Int, spam: Int)
        /// A word or two neighbouring words of the message, as the pipeline spells them.
        case words([String])
        /// A message that was marked as spam, and that is nearly the same.
        case copy
    }

    /// What the reason is about.
    public let subject: Subject
    /// Its part of the layer's sum: below 0 for wanted mail.
    public let sum: Double

    /// The reason in words, without its sum.
    public var words: String {
        switch subject {
        case .sender(let part, let ham, let spam):
            let mark = SiteReason.markWords(part.kind)
            if spam == 0 { return "\(SiteReason.messages(ham)) \(mark) marked as wanted" }
            if ham == 0 { return "\(SiteReason.messages(spam)) \(mark) marked as spam" }
            return "\(SiteReason.messages(ham + spam)) \(mark) marked, \(spam) of them as spam"
        case .copy: return "nearly the same as a message marked as spam"
        case .words(let words):
            return words.map { word in ModelToken.words(for: word).map { "[\($0)]" } ?? word }
                .joined(separator: " ")
        }
    }

    private static func messages(_ count: Int) -> String {
        count == 1 ? "1 message" : "\(count) messages"
    }

    private static func markWords(_ kind: SenderIdentity.Kind) -> String {
        switch kind {
        case .address: "of this sender"
        case .domain: "of this sender's domain"
        case .envelopeDomain: "of this envelope sender's domain"
        case .list: "of this mailing list"
        case .clientDomain: "from this sending host's domain"
        case .name: "of a sender with this name"
        }
    }
}

/// The features of the message at hand with what they stand for.
///
/// Only the explanation needs it: stored features have no names.
public struct NamedSiteFeatures: Sendable {
    /// The features.
    public let features: SiteFeatures
    let parts: [SenderIdentity.Part]
    /// For each text feature its token, or its two tokens.
    let words: [[String]]

    init(features: SiteFeatures, words: [[String]]) {
        self.features = features
        self.words = words
        parts = []
    }

    /// The features of a message and their names; the arguments are those of
    /// ``SiteFeatures/init(tokens:sender:secret:)``.
    public init(tokens: TokenStream, sender: SenderIdentity, secret: SiteSecret) {
        let most = 2 * min(tokens.count, SiteFeatures.head + SiteFeatures.tail)
        var origins: [SiteFeatures.Origin] = []
        let hashes = [UInt32](unsafeUninitializedCapacity: most) { hashes, count in
            origins = [SiteFeatures.Origin](unsafeUninitializedCapacity: most) { origins, written in
                written = SiteFeatures.hash(tokens, secret, to: hashes, origins: origins)
                count = written
            }
        }
        words = origins.map { origin in
            let index = Int(origin.token)
            let last = tokens.string(at: index)
            return origin.isPair ? [tokens.string(at: index - 1), last] : [last]
        }
        parts = sender.parts
        features = SiteFeatures(text: hashes, sender: sender.hashes(secret))
    }
}

extension SiteLayer {
    /// What moved a message's sum most: the sender as one reason, and words.
    ///
    /// - Parameters:
    ///   - named: the features of the message.
    ///   - limit: reasons at most.
    /// - Returns: the reasons with the largest sums first; none without labels.
    public func reasons(_ named: NamedSiteFeatures, limit: Int) -> [SiteReason] {
        guard labels > 0, limit > 0 else { return [] }
        let features = named.features
        let value = SiteWeights.textValue(features.text.count)
        var reasons = zip(features.text, named.words).compactMap { hash, words in
            let weight = weights.values[SiteWeights.bucket(hash)]
            return weight == 0
                ? nil : SiteReason(subject: .words(words), sum: Double(weight) * value)
        }
        if let sender = senderReason(named) { reasons.append(sender) }
        let copy = copySum(features, weights.sums(features))
        if copy > 0 { reasons.append(SiteReason(subject: .copy, sum: copy)) }
        // Equal sums keep the order of the message.
        let order = reasons.indices.sorted {
            (-abs(reasons[$0].sum), $0) < (-abs(reasons[$1].sum), $1)
        }
        return order.prefix(limit).map { reasons[$0] }
    }

    /// The marks from the most to the least specific.
    private static let specificity: [SenderIdentity.Kind] = [
        .address, .list, .domain, .envelopeDomain, .clientDomain, .name,
    ]

    private func senderReason(_ named: NamedSiteFeatures) -> SiteReason? {
        for kind in SiteLayer.specificity {
            guard let index = named.parts.firstIndex(where: { $0.kind == kind }) else { continue }
            let count = senders[named.features.sender[index]]
            guard count.ham + count.spam > 0 else { continue }
            return SiteReason(
                subject: .sender(named.parts[index], ham: Int(count.ham), spam: Int(count.spam)),
                sum: weights.sums(named.features).sender)
        }
        return nil
    }
}
