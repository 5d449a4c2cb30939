import CoreMetrics
import FilterPolicy
import MailText

/// The instruments of the message path, made once so that counting costs no look-up.
///
/// Counters of known label values exist, at 0, from the start. May be used on any thread.
public final class FilterMetrics: Sendable {
    /// Where a message came from.
    public enum Source: String, CaseIterable, Sendable { case milter, http, spamd }

    /// Stages of a message's way.
    public enum Stage: String, CaseIterable, Sendable {
        /// From MAIL to end-of-message.
        case receive
        /// Reading and its features together, from end-of-message.
        case parse
        /// Reading parts and texts.
        case read
        /// Making tokens.
        case features
        /// Waiting for a scoring worker.
        case queue
        /// Scoring.
        case infer
        /// From the score to the answer.
        case verdict
        /// From end-of-message to the answer.
        case total
    }

    /// What became of a span.
    public enum SpanResult: String, CaseIterable, Sendable {
        /// The collector took it.
        case exported
        /// There was no room, or the collector did not take it.
        case dropped
    }

    private struct Outcome: Hashable {
        var verdict: Verdict
        var action: Action
        var source: Source
    }

    private struct FeedbackOutcome: Hashable {
        var predicted: Verdict
        var label: String
    }

    /// Codes of the spamd port's answers.
    private static let spamdCodes = [0, 65, 69, 76, 79]
    /// Labels that are counted by their name.
    private static let feedbackLabels = ["spam", "ham"]

    let factory: any MetricsFactory
    private let messages: [Outcome: Counter]
    private let stages: [Stage: Timer]
    private let limits: [Defect: Counter]
    private let probability: Recorder
    private let messageBytes: Recorder
    private let batchSize: Recorder
    private let queueDepth: Meter
    private let queueRejected: Counter
    private let headersRemoved: Counter
    private let faults: Counter
    private let acceptFailures: Counter
    private let feedback: [FeedbackOutcome: Counter]
    private let knownWords: Counter
    private let unknownWords: Counter
    private let retrainings: [RetrainResult: Counter]
    private let spans: [SpanResult: Counter]
    private let spamdRequests: [Int: Counter]
    private let deliveries: Counter
    private let historyDropped: Counter
    /// By the first digit of the status, from 2.
    private let httpRequests: [Counter]

    /// Makes all instruments.
    ///
    /// - Parameter factory: where they are kept, such as a ``PrometheusRegistry``.
    public init(factory: any MetricsFactory) {
        func counter(_ metric: MetricDefinition, _ labels: [(String, String)] = []) -> Counter {
            Counter(label: metric.name, dimensions: labels, factory: factory)
        }
        func recorder(_ metric: MetricDefinition) -> Recorder {
            Recorder(label: metric.name, dimensions: [], aggregate: true, factory: factory)
        }
        self.factory = factory
        messages = FilterMetrics.messageCounters(counter)
        stages = Dictionary(
            uniqueKeysWithValues: Stage.allCases.map { stage in
                (
                    stage,
                    Timer(
                        label: MetricCatalog.stageDuration.name,
                        dimensions: [("stage", stage.rawValue)], preferredDisplayUnit: .seconds,
                        factory: factory)
                )
            })
        limits = Dictionary(
            uniqueKeysWithValues: Defect.allCases.filter(\.isLimit).map {
                ($0, counter(MetricCatalog.limitsHit, [("limit", $0.rawValue)]))
            })
        probability = recorder(MetricCatalog.probability)
        messageBytes = recorder(MetricCatalog.messageBytes)
        batchSize = recorder(MetricCatalog.batchSize)
        queueDepth = Meter(label: MetricCatalog.queueDepth.name, dimensions: [], factory: factory)
        queueRejected = counter(MetricCatalog.queueRejected)
        headersRemoved = counter(MetricCatalog.headersRemoved)
        faults = counter(MetricCatalog.faults)
        acceptFailures = counter(MetricCatalog.acceptFailures)
        feedback = FilterMetrics.feedbackCounters(counter)
        retrainings = Dictionary(
            uniqueKeysWithValues: RetrainResult.allCases.map {
                ($0, counter(MetricCatalog.retrainings, [("result", $0.rawValue)]))
            })
        knownWords = counter(MetricCatalog.words, [("known", "true")])
        unknownWords = counter(MetricCatalog.words, [("known", "false")])
        spans = Dictionary(
            uniqueKeysWithValues: SpanResult.allCases.map {
                ($0, counter(MetricCatalog.spans, [("result", $0.rawValue)]))
            })
        spamdRequests = Dictionary(
            uniqueKeysWithValues: FilterMetrics.spamdCodes.map {
                ($0, counter(MetricCatalog.spamdRequests, [("code", "\($0)")]))
            })
        deliveries = counter(MetricCatalog.spoolDelivered)
        historyDropped = counter(MetricCatalog.historyDropped)
        httpRequests = ["2xx", "3xx", "4xx", "5xx"].map {
            counter(MetricCatalog.httpRequests, [("status", $0)])
        }
    }

    private static func feedbackCounters(
        _ counter: (MetricDefinition, [(String, String)]) -> Counter
    ) -> [FeedbackOutcome: Counter] {
        var counters: [FeedbackOutcome: Counter] = [:]
        for verdict in Verdict.allCases {
            for label in feedbackLabels {
                counters[FeedbackOutcome(predicted: verdict, label: label)] = counter(
                    MetricCatalog.feedback, [("predicted", verdict.rawValue), ("label", label)])
            }
        }
        return counters
    }

    private static func messageCounters(
        _ counter: (MetricDefinition, [(String, String)]) -> Counter
    ) -> [Outcome: Counter] {
        var counters: [Outcome: Counter] = [:]
        for verdict in Verdict.allCases {
            for action in Action.allCases {
                for source in Source.allCases {
                    let outcome = Outcome(verdict: verdict, action: action, source: source)
                    counters[outcome] = counter(
                        MetricCatalog.messages,
                        [
                            ("verdict", verdict.rawValue), ("action", action.rawValue),
                            ("source", source.rawValue),
                        ])
                }
            }
        }
        return counters
    }

    // MARK: Message path

    /// Counts one message at its end.
    ///
    /// - Parameters:
    ///   - verdict: as logged.
    ///   - action: as logged.
    ///   - source: where the message came from.
    ///   - probability: of spam; nil for a message that was not judged.
    ///   - bytes: of the message as read.
    public func countMessage(
        _ verdict: Verdict, _ action: Action, source: Source, probability: Double?, bytes: Int
    ) {
        messages[Outcome(verdict: verdict, action: action, source: source)]?.increment()
        if let probability { self.probability.record(probability) }
        messageBytes.record(bytes)
    }

    /// Counts a message that met a reading limit; other defects are not counted.
    public func countLimit(_ defect: Defect) { limits[defect]?.increment() }

    /// Counts a message that the scoring queue did not take, or kept too long.
    public func countQueueRejection() { queueRejected.increment() }

    /// Counts inbound header fields that were removed.
    public func countRemovedHeaders(_ count: Int) { headersRemoved.increment(by: count) }

    /// Counts a message that was not judged because of a fault of ours.
    public func countFault() { faults.increment() }

    /// Counts that a connection of an MTA could not be accepted for lack of descriptors or memory.
    public func countAcceptFailure() { acceptFailures.increment() }

    /// Records how many messages a worker scored together.
    public func recordBatch(_ size: Int) { batchSize.record(size) }

    /// Shows how many messages wait for a worker.
    public func showQueueDepth(_ depth: Int) { queueDepth.set(depth) }

    /// Records the time that a message spent in a stage.
    public func record(_ stage: Stage, _ time: Duration) {
        stages[stage]?.recordNanoseconds(Int64(time / .nanoseconds(1)))
    }

    /// Counts a label that somebody gave; others than spam and ham are not counted.
    ///
    /// - Parameters:
    ///   - label: the class that the message was given.
    ///   - predicted: siftd's verdict before.
    public func countFeedback(label: String, predicted: Verdict) {
        feedback[FeedbackOutcome(predicted: predicted, label: label)]?.increment()
    }

    /// Counts a request to the HTTP port by the status of its answer.
    public func countRequest(status: Int) {
        let index = status / 100 - 2
        if httpRequests.indices.contains(index) { httpRequests[index].increment() }
    }

    /// Counts a request to the spamd port by the code of its answer.
    public func countSpamdRequest(code: Int) { spamdRequests[code]?.increment() }

    /// Counts the words of a judged message.
    ///
    /// - Parameters:
    ///   - words: of the message.
    ///   - known: those that the model's vocabulary has.
    public func countWords(_ words: Int, known: Int) {
        knownWords.increment(by: known)
        unknownWords.increment(by: words - known)
    }

    /// Counts spans of traces.
    public func countSpans(_ count: Int, _ result: SpanResult) {
        spans[result]?.increment(by: count)
    }

    /// Counts a change of labels that had waited for the database and was delivered.
    public func countDelivery() { deliveries.increment() }

    /// Counts recent verdicts that the label store did not take.
    public func countDroppedHistory(_ entries: Int) { historyDropped.increment(by: entries) }

    // MARK: Daemon

    /// What a host knows of the database that it shares with others.
    public struct StoreMeasures: Sendable, Equatable {
        /// Whether the database answers.
        public var isUp = false
        /// How long ago it last did; nil for never.
        public var secondsSinceContact: Double?
        /// Changes of labels that wait for it on this host.
        public var waiting = 0
        /// How long the oldest of them has waited; nil for none.
        public var oldestSeconds: Double?
        /// Those that the database has refused for good.
        public var refused = 0
        /// The revision of the labels that scores rest on.
        public var revision: Int64 = 0
        /// Changes of labels that this host has heard of and that do not count yet.
        public var lag: Int64 = 0

        /// Nothing known.
        public init() {}
    }

    /// Shows what is known of the database.
    public func showStore(_ measures: StoreMeasures) {
        show(MetricCatalog.storeUp, measures.isUp ? 1 : 0)
        show(MetricCatalog.storeContact, measures.secondsSinceContact)
        show(MetricCatalog.spoolEntries, Double(measures.waiting))
        show(MetricCatalog.spoolAge, measures.oldestSeconds ?? 0)
        show(MetricCatalog.spoolRefused, Double(measures.refused))
        show(MetricCatalog.labelRevision, Double(measures.revision))
        show(MetricCatalog.labelLag, Double(measures.lag))
    }

    /// What is known of a model beside its name.
    public struct ModelMeasures: Sendable, Equatable {
        /// Share of held-out messages that are right; nil when the model's report has none.
        public var accuracy: Double?
        /// Share of held-out ham that is called spam; nil when the report has none.
        public var falsePositives: Double?
        /// Share of held-out spam that is found; nil when the report has none.
        public var recall: Double?
        /// Share of words of its training mail that its vocabulary lacks; nil when not known.
        public var unknownWords: Double?

        /// Nothing known.
        public init() {}
    }

    /// Shows which model is active, instead of any earlier one.
    ///
    /// - Parameters:
    ///   - id: of the model.
    ///   - normalizer: the profile of its text pipeline.
    ///   - trained: seconds since 1970.
    ///   - measures: on held-out mail.
    public func showModel(
        id: String, normalizer: String, trained: Double, measures: ModelMeasures = ModelMeasures()
    ) {
        (factory as? PrometheusRegistry)?.forget(MetricCatalog.modelInfo.name)
        Meter(
            label: MetricCatalog.modelInfo.name,
            dimensions: [("model", id), ("normalizer", normalizer)], factory: factory
        ).set(1)
        show(MetricCatalog.modelTrained, trained)
        show(MetricCatalog.modelAccuracy, measures.accuracy)
        show(MetricCatalog.modelFalsePositives, measures.falsePositives)
        show(MetricCatalog.modelRecall, measures.recall)
        show(MetricCatalog.modelUnknownWords, measures.unknownWords)
    }

    /// How a retraining ended.
    public enum RetrainResult: String, CaseIterable, Sendable { case promoted, refused, failed }

    /// Counts a retraining that ended now.
    public func countRetraining(_ result: RetrainResult) { retrainings[result]?.increment() }

    /// Shows figures of the last retraining, instead of those of any earlier one.
    ///
    /// - Parameters:
    ///   - started: seconds since 1970.
    ///   - ended: seconds since 1970.
    ///   - accuracyDrop: the guard's figure; nil when the guard was not asked.
    ///   - falsePositiveRise: the guard's figure; nil when the guard was not asked.
    public func showRetraining(
        started: Int64, ended: Int64, accuracyDrop: Double?, falsePositiveRise: Double?
    ) {
        show(MetricCatalog.retrainTime, Double(ended - started))
        show(MetricCatalog.retrainEnd, Double(ended))
        show(MetricCatalog.guardAccuracy, accuracyDrop)
        show(MetricCatalog.guardFalsePositives, falsePositiveRise)
    }

    /// Sets a gauge, which without a value is not there.
    private func show(_ metric: MetricDefinition, _ value: Double?) {
        (factory as? PrometheusRegistry)?.forget(metric.name)
        guard let value else { return }
        Meter(label: metric.name, dimensions: [], factory: factory).set(value)
    }

    /// Shows the running version.
    public func showBuild(version: String) {
        Meter(
            label: MetricCatalog.buildInfo.name, dimensions: [("version", version)],
            factory: factory
        ).set(1)
    }
}
