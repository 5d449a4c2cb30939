import Dispatch
import FilterPolicy
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
        /// The id of the model in force.
        public var active: String
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
            case candidate, active, since, messages, verdicts, changes
            case leftOut = "left_out"
        }

        /// Nothing is compared yet; the time is in seconds since 1970.
        public init(candidate: String, active: String, since: Int64) {
            self.candidate = candidate
            self.active = active
            self.since = since
        }

        /// Messages with different verdicts.
        public var changeCount: Int { count { $0 != $1 } }

        /// Messages that the candidate alone calls spam; each may be a false positive.
        public var newSpamCount: Int {
            count { $0 != $1 && $1 == Verdict.spam.rawValue }
        }

        private func count(_ isCounted: (Substring, Substring) -> Bool) -> Int {
            verdicts.reduce(0) { sum, entry in
                let words = entry.key.split(separator: " ")
                guard words.count == 2, isCounted(words[0], words[1]) else { return sum }
                return sum + entry.value
            }
        }
    }

    private struct State {
        var report: Report
        var waiting = 0
        var seen = 0.0
    }

    private let judge: @Sendable () -> Judge
    private let policy: @Sendable () -> PolicySettings
    private let changed: @Sendable (VerdictChange) -> Void
    private let share: Double
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "siftd.shadow", qos: .background)

    /// Messages that wait at most.
    private static let mostWaiting = 64
    /// Disagreements that are kept, the newest, and that are shown at once, the first.
    private static let mostChanges = 200
    private static let reasons = 3

    /// A shadow of the active model.
    ///
    /// - Parameters:
    ///   - report: what was compared before, as before a restart.
    ///   - share: of the mail that it scores, above 0 and up to 1.
    ///   - policy: in force, by which both are judged.
    ///   - judge: the candidate with a pool of its own and, if the site teaches, a layer with the
    ///     candidate's anchors; asked for each message.
    ///   - changed: called on a queue for each of the first disagreements.
    public init(
        resuming report: Report, share: Double,
        policy: @escaping @Sendable () -> PolicySettings,
        judge: @escaping @Sendable () -> Judge,
        changed: @escaping @Sendable (VerdictChange) -> Void = { _ in }
    ) {
        self.judge = judge
        self.policy = policy
        self.changed = changed
        self.share = min(max(share, 0), 1)
        state = Mutex(State(report: report))
    }

    /// Compares the candidate on a message, if it is its turn.
    ///
    /// - Parameters:
    ///   - name: of the message, such as its queue id.
    ///   - input: the message.
    ///   - transfer: what is known of its sender.
    ///   - recipients: whose policies judge it; none for the general one.
    ///   - active: what the active model thinks by the same policies.
    public func consider(
        _ name: String, _ input: MailInput, _ transfer: TransferFacts = TransferFacts(),
        recipients: [String] = [], active: JudgedMessage
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
        queue.async { [self] in compare(name, input, transfer, recipients, active) }
    }

    private func compare(
        _ name: String, _ input: MailInput, _ transfer: TransferFacts, _ recipients: [String],
        _ active: JudgedMessage
    ) {
        let judge = judge()
        let result = judge.judge(
            judge.read(input, transfer), by: policy().applied(to: recipients),
            deadline: .distantFuture)
        let message = try? result.get()
        let change = message.flatMap {
            VerdictChange(name, active, $0, reasons: ShadowScoring.reasons)
        }
        let isShown = state.withLock { state in
            state.waiting -= 1
            guard let message else {
                state.report.leftOut += 1
                return false
            }
            state.report.messages += 1
            let verdicts = [active, message].map(\.judgement.verdict.rawValue)
            state.report.verdicts[verdicts.joined(separator: " "), default: 0] += 1
            guard let change else { return false }
            let isShown = state.report.changeCount <= ShadowScoring.mostChanges
            if state.report.changes.count == ShadowScoring.mostChanges {
                state.report.changes.removeFirst()
            }
            state.report.changes.append(change)
            return isShown
        }
        if isShown, let change { changed(change) }
    }

    /// What was compared so far.
    public var report: Report { state.withLock { $0.report } }

    /// Waits until nothing is being compared, and returns the report.
    public func finish() -> Report {
        queue.sync {}
        return report
    }
}
