import Dispatch
import FilterPolicy
import Foundation
import MailText
import Models
import Scoring
import Synchronization

/// Lets a candidate score a share of the live mail beside the active model, so that its
/// disagreements can be looked at before it is put in force.
///
/// Any thread may use it. No message waits for it: the candidate scores on a queue of its own, and
/// what comes too fast is left out.
public final class ShadowScoring: Sendable {
    /// What the candidate has been compared on so far.
    public struct Report: Codable, Sendable, Equatable {
        /// The candidate's id.
        public var candidate: String
        /// Since when, in seconds since 1970.
        public var since: Int64
        /// Messages that both have judged.
        public var messages = 0
        /// Messages that were left out because too many waited, or that could not be scored.
        public var leftOut = 0
        /// Messages by both verdicts, such as `ham spam`: the active model's first.
        public var verdicts: [String: Int] = [:]
        /// The newest messages with different verdicts, the oldest first.
        public var changes: [VerdictChange] = []

        enum CodingKeys: String, CodingKey {
            case candidate, since, messages, verdicts, changes
            case leftOut = "left_out"
        }

        /// Messages with different verdicts.
        public var changeCount: Int {
            verdicts.reduce(0) { sum, entry in
                let words = entry.key.split(separator: " ")
                return words.first == words.last ? sum : sum + entry.value
            }
        }
    }

    private struct State {
        var report: Report
        var waiting = 0
        var seen = 0.0
    }

    private let judge: @Sendable () -> Judge
    private let policy: PolicySettings
    private let share: Double
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "siftd.shadow", qos: .background)

    /// Messages that wait at most.
    private static let mostWaiting = 64
    /// Disagreements that are kept.
    private static let mostChanges = 200
    private static let reasons = 3

    /// A shadow of the active model.
    ///
    /// - Parameters:
    ///   - candidate: its id.
    ///   - share: of the mail that it scores, above 0 and up to 1.
    ///   - policy: by which both are judged; the general one.
    ///   - judge: the candidate with a pool of its own and, if the site teaches, a layer with the
    ///     candidate's anchors; asked for each message.
    public init(
        candidate: String, share: Double, policy: PolicySettings,
        judge: @escaping @Sendable () -> Judge
    ) {
        self.judge = judge
        self.policy = policy
        self.share = min(max(share, 0), 1)
        state = Mutex(
            State(
                report: Report(candidate: candidate, since: Int64(Date().timeIntervalSince1970))))
    }

    /// Compares the candidate on a message, if it is its turn.
    ///
    /// - Parameters:
    ///   - name: of the message, such as its queue id.
    ///   - input: the message.
    ///   - transfer: what is known of its sender.
    ///   - active: what the active model thinks, by the general policy.
    public func consider(
        _ name: String, _ input: MailInput, _ transfer: TransferFacts = TransferFacts(),
        active: JudgedMessage
    ) {
        let isTaken = state.withLock { state in
            state.seen += share
            guard state.seen >= 1 else { return false }
            state.seen -= 1
            guard state.waiting < ShadowScoring.mostWaiting else {
                state.report.leftOut += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard isTaken else { return }
        queue.async { [self] in compare(name, input, transfer, active) }
    }

    private func compare(
        _ name: String, _ input: MailInput, _ transfer: TransferFacts, _ active: JudgedMessage
    ) {
        let judge = judge()
        let result = judge.judge(
            judge.read(input, transfer), by: policy.applied(to: []), deadline: .distantFuture)
        let message = try? result.get()
        let change = message.flatMap {
            VerdictChange(name, active, $0, reasons: ShadowScoring.reasons)
        }
        state.withLock { state in
            state.waiting -= 1
            guard let message else {
                state.report.leftOut += 1
                return
            }
            state.report.messages += 1
            let verdicts = [active, message].map(\.judgement.verdict.rawValue)
            state.report.verdicts[verdicts.joined(separator: " "), default: 0] += 1
            guard let change else { return }
            if state.report.changes.count == ShadowScoring.mostChanges {
                state.report.changes.removeFirst()
            }
            state.report.changes.append(change)
        }
    }

    /// What was compared so far.
    public var report: Report { state.withLock { $0.report } }

    /// Waits until nothing is being compared, and returns the report.
    public func finish() -> Report {
        queue.sync {}
        return report
    }
}
