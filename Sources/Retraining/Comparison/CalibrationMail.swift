import Checksums
import Feedback
import Foundation
import Models
import Scoring
import SiteLearning
import SiteMemory

/// The logits that a calibration rests on: by the model, and by what the site has taught, as if the
/// messages themselves had not been taught.
public struct CalibrationMail: Sendable {
    /// Of wanted mail.
    public private(set) var ham: [Double] = []
    /// Of unwanted mail.
    public private(set) var spam: [Double] = []
    /// What is behind them.
    public private(set) var basis = Basis()

    /// What a calibration rests on.
    public struct Basis: Codable, Sendable, Equatable {
        /// Messages that somebody gave to the calibration.
        public var given = 0
        /// Messages of the history with a label.
        public var labelled = 0
        /// Messages of the history with the verdict ham, to which nobody objected.
        public var unobjected = 0
        /// Messages of the history with another verdict and no label, which count for nothing.
        public var unlabelled = 0
        /// Messages of the history that another model has scored, or that are too new to count.
        public var leftOut = 0
        /// The site's labels that the logits rest on.
        public var labels = 0

        enum CodingKeys: String, CodingKey {
            case given, labelled, unobjected, unlabelled, labels
            case leftOut = "left_out"
        }
    }

    private let layer: SiteLayer?
    private let partial: [SiteLayer]
    /// The keys of labelled messages.
    private let known: Set<[UInt8]>
    /// Labels of the site that the model has scored, by digest.
    private let labels: [MessageDigest: StoredLabel]

    /// Parts of the labels; each is judged by a layer that does not know it.
    private static let parts = 5
    private static let page = 1_000

    /// Nothing yet, by the model alone.
    public init() {
        (layer, partial, known, labels) = (nil, [], [], [:])
    }

    /// Nothing yet, by the model and what the site has taught.
    ///
    /// - Parameters:
    ///   - memory: the site's, with the anchors of the model.
    ///   - isTaught: false leaves the labels out of the logits; they still say what a message is.
    /// - Throws: `FeedbackError`, `SiteLearningError`.
    public init(_ memory: SiteMemory, isTaught: Bool = true) throws {
        var labels: [MessageDigest: StoredLabel] = [:]
        var known: Set<[UInt8]> = []
        partial = try memory.layers(without: CalibrationMail.parts) { stored in
            let label = stored.label
            let key = CalibrationMail.key(label.digest, label.nearDuplicateKey)
            known.insert(key)
            labels[label.digest] = stored
            return CalibrationMail.part(key)
        }
        layer = isTaught ? memory.knowledge(authservID: "").layer : nil
        self.known = known
        self.labels = labels
        if isTaught { basis.labels = memory.labels }
    }

    /// Whether what the site has taught is in the logits.
    public var isTaught: Bool { layer.map { $0.labels > 0 } ?? false }

    /// Adds a message.
    ///
    /// - Parameters:
    ///   - message: judged by the model, with the site's secret where it is taught.
    ///   - digest: of the message.
    ///   - isSpam: what it is.
    public mutating func add(_ message: JudgedMessage, _ digest: MessageDigest, isSpam: Bool) {
        let features = message.asSeen.features
        add(
            logit(message.modelLogit, features, digest, features?.nearDuplicateKey),
            isSpam: isSpam)
        basis.given += 1
    }

    /// Adds what a site remembers of its mail: messages with a label, and the verdicts ham to which
    /// nobody has objected.
    ///
    /// Spam verdicts without a label count for nothing: nobody has said what these messages are.
    ///
    /// - Parameters:
    ///   - store: of the site.
    ///   - model: the id of the model that is calibrated; verdicts of others are left out.
    ///   - since: the oldest message that counts, in seconds since 1970.
    ///   - settled: from this time on, silence does not mean consent yet.
    /// - Throws: `FeedbackError`.
    public mutating func addHistory(
        of store: any FeedbackStore, model: String, since: Int64, settled: Int64
    ) throws {
        var seen: Set<MessageDigest> = []
        for (digest, stored) in labels.sorted(by: { $0.value.sequence < $1.value.sequence }) {
            let label = stored.label
            guard label.labelClass == .ham || label.labelClass == .spam, label.time >= since else {
                continue
            }
            seen.insert(digest)
            guard label.score.modelID == model else {
                basis.leftOut += 1
                continue
            }
            let value = logit(
                label.score.modelLogit, features(label.features), digest, label.nearDuplicateKey)
            add(value, isSpam: label.labelClass == .spam)
            basis.labelled += 1
        }
        var before: Int64?
        while true {
            let entries = try store.history(
                HistoryQuery(before: before, limit: CalibrationMail.page))
            for entry in entries where entry.time >= since && seen.insert(entry.digest).inserted {
                add(entry, model: model, settled: settled)
            }
            guard let last = entries.last, last.time >= since else { return }
            before = last.id
        }
    }

    private mutating func add(_ entry: HistoryEntry, model: String, settled: Int64) {
        guard entry.score.modelID == model, entry.time < settled else {
            basis.leftOut += 1
            return
        }
        guard entry.score.verdict == "ham" else {
            basis.unlabelled += 1
            return
        }
        let value = logit(
            entry.score.modelLogit, features(entry.features), entry.digest, entry.nearDuplicateKey)
        add(value, isSpam: false)
        basis.unobjected += 1
    }

    private mutating func add(_ logit: Double, isSpam: Bool) {
        if isSpam { spam.append(logit) } else { ham.append(logit) }
    }

    private func features(_ features: LabelFeatures) -> SiteFeatures? {
        features.version == SiteFeatures.version
            ? try? SiteFeatures(encoded: features.bytes) : nil
    }

    /// The logit by model and layer; of what is labelled by a layer that does not know it.
    private func logit(
        _ logit: Double, _ features: SiteFeatures?, _ digest: MessageDigest, _ nearKey: UInt64?
    ) -> Double {
        guard let layer, let features else { return logit }
        let key = CalibrationMail.key(digest, nearKey)
        let chosen = known.contains(key) ? partial[CalibrationMail.part(key)] : layer
        return chosen.score(features).applied(to: logit)
    }

    /// The same for near-identical messages.
    private static func key(_ digest: MessageDigest, _ nearKey: UInt64?) -> [UInt8] {
        nearKey.map { withUnsafeBytes(of: $0.littleEndian) { Array($0) } } ?? digest.bytes
    }

    private static func part(_ key: [UInt8]) -> Int {
        Int(SHA256.digest(Array("siftd calibration ".utf8) + key)[0]) % parts
    }
}
