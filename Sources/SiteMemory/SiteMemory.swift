import Feedback
import Foundation
import Scoring
import SiteLearning
import Synchronization

/// Keeps the site layer in step with the label store.
///
/// The labels are the truth, the layer a cache of them: labels that are new to it are learnt one by
/// one, and when one was taken back or replaced, all are replayed aside and swapped in. Any thread
/// may use it; ``knowledge`` never waits for a label that is being learnt.
public final class SiteMemory: Sendable {
    private struct Learning {
        var learner: SiteLearner
        var anchors: AnchorReservoir
        /// The store's revision that the learner is at; nil before the first replay.
        var revision: Int64?
        /// Whether the cache was looked at.
        var hasReadCache = false
    }

    /// What scores rest on.
    private struct Published {
        var layer: SiteLayer
        var revision: Int64?
    }

    /// The labels.
    public let store: any FeedbackStore
    /// The key of the features.
    public let secret: SiteSecret
    private let options: SiteLearningOptions
    private let cachePath: String
    private let learning: Mutex<Learning>
    let isShared: Bool
    private let current: Mutex<Published>

    /// Labels that are read from the store at once.
    private static let pageSize = 1_000

    /// A memory of the labels in a store; call ``refresh()`` before the first score.
    ///
    /// - Parameters:
    ///   - store: the labels.
    ///   - secret: the key of their features.
    ///   - options: the layer's constants.
    ///   - anchors: base mail, hashed with the secret.
    ///   - cachePath: the file that spares a replay at the next start; empty for none.
    ///   - isShared: whether several hosts have the labels in a database, which may be away: the
    ///     layer of the cache serves until it is back.
    public init(
        store: any FeedbackStore, secret: SiteSecret,
        options: SiteLearningOptions = SiteLearningOptions(),
        anchors: AnchorReservoir = AnchorReservoir(), cachePath: String = "",
        isShared: Bool = false
    ) {
        self.store = store
        self.secret = secret
        self.options = options
        self.cachePath = cachePath
        let learner = SiteLearner(options: options, anchors: anchors)
        learning = Mutex(Learning(learner: learner, anchors: anchors))
        self.isShared = isShared
        current = Mutex(Published(layer: learner.layer))
    }

    /// What is taught now.
    ///
    /// - Parameter authservID: of the border MTA; empty trusts no Authentication-Results.
    /// - Returns: a snapshot that later labels don't change.
    public func knowledge(authservID: String) -> SiteKnowledge {
        let published = current.withLock { $0 }
        return SiteKnowledge(
            secret: secret, layer: published.layer, authservID: authservID,
            revision: isShared ? published.revision ?? 0 : nil)
    }

    /// Labels that scores rest on now.
    public var labels: Int { current.withLock { $0.layer.labels } }

    /// The revision of the labels that scores rest on now; nil before any was read.
    public var revision: Int64? { current.withLock { $0.revision } }

    /// Brings the layer up to date with the store, whoever has changed that.
    ///
    /// - Returns: whether anything has changed.
    /// - Throws: `FeedbackError`; the layer stays as it is then.
    @discardableResult
    public func refresh() throws(FeedbackError) -> Bool {
        do {
            return try learning.withLock { state in
                if state.revision == nil, !(isShared && state.hasReadCache) {
                    readCache(into: &state)
                }
                guard let revision = state.revision else { return try replay(&state) }
                guard try store.revision() != revision else { return false }
                return try follow(&state, from: revision)
            }
        } catch let error as FeedbackError {
            throw error
        } catch {
            throw FeedbackError(.failed, store: "site layer", reason: "\(error)")
        }
    }

    /// Brings the layer in line with another model's logits of the base mail, before that model is
    /// put in force: hosts that have the same model and labels score with the same bits, whichever
    /// model they started with.
    ///
    /// While a shared store is away the layer stays, and follows when the store is back.
    ///
    /// - Parameter anchors: base mail with the logits of that model.
    /// - Throws: `FeedbackError`; the layer stays as it is then.
    public func use(_ anchors: AnchorReservoir) throws {
        try learning.withLock { state in
            guard anchors.digest != state.anchors.digest else { return }
            state.anchors = anchors
            state.revision = nil
            state.hasReadCache = true
            _ = try replay(&state)
        }
        writeCache()
    }

    private func follow(_ state: inout Learning, from revision: Int64) throws -> Bool {
        var revision = revision
        // Learnt aside, so that an error leaves the layer as it is.
        var learner = state.learner
        while true {
            switch try store.changes(since: revision, limit: SiteMemory.pageSize) {
            case .rewritten: return try replay(&state)
            case .appended(let labels, let next):
                for label in labels { try SiteMemory.learn(label, learner: &learner) }
                revision = next
                guard labels.count < SiteMemory.pageSize else { continue }
                show(learner, revision, in: &state)
                return true
            }
        }
    }

    private func replay(_ state: inout Learning) throws -> Bool {
        var learner = SiteLearner(options: options, anchors: state.anchors)
        var failure: (any Error)?
        let revision = try store.replay(withPayload: false) { label in
            guard failure == nil else { return }
            do { try SiteMemory.learn(label, learner: &learner) } catch { failure = error }
        }
        if let failure { throw failure }
        show(learner, revision, in: &state)
        return true
    }

    /// Layers that were each learnt from all labels but a part of them, by which those can be
    /// judged as if they had not been taught.
    ///
    /// - Parameters:
    ///   - count: of parts.
    ///   - part: 0 and up, of a label; called for each label in force.
    /// - Returns: for each part the layer that does not know it.
    /// - Throws: `FeedbackError`, `SiteLearningError`.
    public func layers(without count: Int, part: (StoredLabel) -> Int) throws -> [SiteLayer] {
        let anchors = learning.withLock { $0.anchors }
        var learners = (0..<count).map { _ in SiteLearner(options: options, anchors: anchors) }
        var failure: (any Error)?
        _ = try store.replay(withPayload: false) { label in
            let known = part(label)
            for index in learners.indices where index != known && failure == nil {
                do { try SiteMemory.learn(label, learner: &learners[index]) } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return learners.map(\.layer)
    }

    private func show(_ learner: SiteLearner, _ revision: Int64, in state: inout Learning) {
        state.learner = learner
        state.revision = revision
        publish(learner, revision)
    }

    private func publish(_ learner: SiteLearner, _ revision: Int64) {
        let published = Published(layer: learner.layer, revision: revision)
        current.withLock { $0 = published }
    }

    /// Learns a label, unless it is of another class than spam and ham, or its features are of
    /// another version.
    private static func learn(_ stored: StoredLabel, learner: inout SiteLearner) throws {
        let label = stored.label
        let isSpam = label.labelClass == .spam
        guard isSpam || label.labelClass == .ham,
            label.features.version == SiteFeatures.version,
            let features = try? SiteFeatures(encoded: label.features.bytes)
        else { return }
        try learner.learn(
            SiteLabel(
                number: stored.sequence, label: isSpam ? .spam : .ham, weight: label.weight,
                logit: Float(label.score.modelLogit), features: features))
    }

    // MARK: Cache

    /// Writes the weights, so that the next start need not replay all labels.
    ///
    /// - Returns: false when the file can't be written; nothing is lost then.
    @discardableResult
    public func writeCache() -> Bool {
        guard !cachePath.isEmpty else { return false }
        let bytes: [UInt8]? = learning.withLock { state in
            state.revision.map { state.learner.cache(revision: UInt64(bitPattern: $0)) }
        }
        return bytes.map { DurableFile.replace(cachePath, by: $0) } ?? false
    }

    /// Continues from the cache if it is of the store's revision.
    ///
    /// While a shared store is away, scores rest on the cache whatever its revision; the labels are
    /// replayed when the store is back.
    private func readCache(into state: inout Learning) {
        state.hasReadCache = true
        guard !cachePath.isEmpty,
            let bytes = FileManager.default.contents(atPath: cachePath).map({ Array($0) })
        else { return }
        if isShared, let shared = store as? SpooledFeedbackStore {
            SiteLearner.revision(ofCache: bytes).map { shared.shared.note(Int64(bitPattern: $0)) }
        }
        let stored = try? store.revision()
        guard
            let revision = stored.map({ UInt64(bitPattern: $0) })
                ?? (isShared ? SiteLearner.revision(ofCache: bytes) : nil),
            let learner = try? SiteLearner(
                cache: bytes, options: options, anchors: state.anchors, revision: revision)
        else { return }
        let number = Int64(bitPattern: revision)
        if stored != nil { show(learner, number, in: &state) } else { publish(learner, number) }
    }
}
