import Corpora
import Feedback
import Models
import SiteLearning
import TextFeatures

/// The labels of a site as retraining reads them: what the layer learns of each, and the content of
/// the newest.
public struct SiteMail: Sendable {
    /// One labelled message with its content.
    struct Message: Sendable {
        /// In hexadecimal digits.
        var digest: String
        var isSpam: Bool
        /// When the label was given, in seconds since 1970.
        var time: Int64
        var part: DataSplit
        var tokens: TokenStream
        /// What the layer learns of it.
        var label: SiteLabel
    }

    /// Those with content, in the order of their labels.
    private(set) var messages: [Message] = []
    /// What the layer learns, of all labels, in their order, with their parts.
    private(set) var layerLabels: [(label: SiteLabel, part: DataSplit)] = []
    /// The store's revision at which the labels were read.
    public private(set) var revision: Int64 = 0
    /// Labels that have no content, or content of another version.
    public private(set) var withoutContent = 0
    /// Labels of other classes than spam and ham.
    public private(set) var ofOtherClasses = 0

    /// Reads the labels that are in force.
    ///
    /// - Parameters:
    ///   - store: the labels.
    ///   - limit: the newest messages whose content is kept.
    /// - Throws: `FeedbackError`.
    public init(_ store: any FeedbackStore, limit: Int) throws(FeedbackError) {
        var reader = SiteMail()
        revision = try store.replay(withPayload: true) { reader.add($0, limit: limit) }
        (messages, layerLabels) = (reader.messages.suffix(limit), reader.layerLabels)
        (withoutContent, ofOtherClasses) = (reader.withoutContent, reader.ofOtherClasses)
    }

    private init() {}

    private mutating func add(_ stored: StoredLabel, limit: Int) {
        let label = stored.label
        guard label.labelClass == .spam || label.labelClass == .ham else {
            ofOtherClasses += 1
            return
        }
        let isSpam = label.labelClass == .spam
        let part = FrozenPart.part(of: label)
        guard label.features.version == SiteFeatures.version,
            let features = try? SiteFeatures(encoded: label.features.bytes)
        else {
            withoutContent += 1
            return
        }
        let layerLabel = SiteLabel(
            number: stored.sequence, label: isSpam ? .spam : .ham, weight: label.weight,
            logit: Float(label.score.modelLogit), features: features)
        layerLabels.append((layerLabel, part))
        guard let payload = label.payload, payload.kind == .tokens,
            let tokens = (try? Reservoir(encoded: payload.bytes))?.messages.first?.tokens
        else {
            withoutContent += 1
            return
        }
        // Removed now and then rather than each time, which would take quadratic time.
        if messages.count >= 2 * max(limit, 1) { messages.removeFirst(messages.count - limit) }
        messages.append(
            Message(
                digest: label.digest.description, isSpam: isSpam, time: label.time, part: part,
                tokens: tokens, label: layerLabel))
    }

    /// Labelled messages of a class with content, in all parts.
    public func count(spam isSpam: Bool) -> Int { messages.count { $0.isSpam == isSpam } }

    /// The messages of one part.
    func part(_ part: DataSplit) -> [Message] { messages.filter { $0.part == part } }

    /// The layer of all labels but those of some parts.
    func layer(
        without excluded: Set<DataSplit>, options: SiteLearningOptions, anchors: AnchorReservoir
    ) throws(SiteLearningError) -> SiteLayer {
        let labels = layerLabels.lazy.filter { !excluded.contains($0.part) }.map(\.label)
        return try SiteLearner(replaying: labels, options: options, anchors: anchors).layer
    }
}
