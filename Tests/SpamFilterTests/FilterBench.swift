import Corpora
import FilterPolicy
import FilterTestKit
import Foundation
import Learning
import Logging
import MailText
import Milter
import Models
import Scoring
import SpamFilter
import Synchronization
import Telemetry
import Testing

/// Log lines in order of arrival.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

struct LineHandler: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.add("\(event.message)") }
}

/// A filter with the tiny model, its log and its metrics.
struct FilterBench {
    let filter: SpamFilter
    let pool: ScoringPool
    let lines = Lines()
    let registry = PrometheusRegistry()
    /// What the filter takes as in force.
    let live: Live

    final class Live: Sendable {
        let snapshot: Mutex<FilterSnapshot>
        init(_ snapshot: FilterSnapshot) { self.snapshot = Mutex(snapshot) }
    }

    init(
        journal: CrashJournal? = nil, _ change: (inout FilterSnapshot) -> Void = { _ in }
    ) throws {
        let metrics = FilterMetrics(factory: registry)
        pool = ScoringPool(metrics: metrics)
        var snapshot = FilterSnapshot(
            model: ScoringModel(try TinyModel.shared.get()), policy: PolicySettings(),
            mailLimits: MailLimits(), exemptions: Exemptions(), lists: AccessLists(),
            timeLimit: .seconds(15), logAddresses: .plain)
        // The tiny model is less sure of itself than its minimum threshold.
        snapshot.policy.tagThreshold = 0.8
        change(&snapshot)
        let lines = self.lines
        let live = Live(snapshot)
        self.live = live
        filter = SpamFilter(
            pool: pool, metrics: metrics,
            logger: Logger(label: "test") { _ in LineHandler(lines: lines) }, version: "test",
            journal: journal
        ) { live.snapshot.withLock { $0 } }
    }

    func run(_ transaction: Transaction) -> MilterResponse {
        filter.filter(transaction) {}
    }
}

/// A message of the tiny model's kind.
func transaction(
    _ label: Label, _ change: (inout Transaction) -> Void = { _ in }
) -> Transaction {
    let text = TinyModel.text(label, 900).split(separator: "\n", maxSplits: 1)
    var transaction = Transaction()
    transaction.queueID = "4XABC"
    transaction.client.address = "192.0.2.7"
    transaction.envelopeSender = "a@example.net"
    transaction.recipients = ["inbox@example.org"]
    transaction.header = [
        .init(name: "From", value: Array("a@example.net".utf8)),
        .init(name: "Subject", value: Array(text[0].dropFirst(9).utf8)),
    ]
    transaction.body = Array(text[1].utf8)
    change(&transaction)
    return transaction
}

/// The value of a field that the filter inserts.
func inserted(_ response: MilterResponse, _ name: String) -> String? {
    for case .insertHeader(name, let value) in response.modifications { return value }
    return nil
}

/// A filter whose policy has these rules.
func bench(_ rules: String..., change: (inout FilterSnapshot) -> Void = { _ in }) throws
    -> FilterBench
{
    try FilterBench { settings in
        settings.policy.rules = rules.compactMap { ActionRule($0) }
        change(&settings)
    }
}
