import Dispatch
import FilterPolicy
import MailText

/// Judges messages that did not come from the MTA, by the general policy: for the command line and
/// HTTP.
///
/// Any thread may use it.
public struct Classifier: Sendable {
    /// Reads, scores and judges.
    public let judge: Judge
    /// What thresholds and actions hold.
    public let policy: PolicySettings
    /// From the call to the latest answer; nil waits as long as it takes.
    public let timeLimit: Duration?

    /// A classifier that waits for ``timeLimit`` at most; nil waits as long as it takes.
    public init(
        judge: Judge, policy: PolicySettings = PolicySettings(), timeLimit: Duration? = nil
    ) {
        self.judge = judge
        self.policy = policy
        self.timeLimit = timeLimit
    }

    /// Judges one message; blocks the calling thread for some milliseconds.
    ///
    /// - Parameters:
    ///   - input: the message.
    ///   - path: the file that the message came from, for the answer.
    ///   - member: what of the file it is, for the answer.
    ///   - explains: whether to say what moved the score, which takes as long again.
    /// - Returns: the answer, or why there is none.
    public func classify(
        _ input: MailInput, path: String? = nil, member: String? = nil, explains: Bool = false
    ) -> Result<Classification, ScoringError> {
        let start = ContinuousClock.now
        let deadline = timeLimit.map { DispatchTime.after($0) } ?? .distantFuture
        return judge.judge(judge.read(input), by: policy.applied(to: []), deadline: deadline)
            .map { message in
                Classification(
                    message, path: path, member: member, time: .now - start, explains: explains)
            }
    }

    /// Messages whose scores wait together: those of the milter wait behind them.
    private static let stride = 32

    /// Judges several messages; blocks the calling thread.
    ///
    /// - Parameter inputs: the messages.
    /// - Returns: for each one its judgement, or why there is none.
    public func judge(_ inputs: [MailInput]) -> [Result<JudgedMessage, ScoringError>] {
        let deadline = timeLimit.map { DispatchTime.after($0) } ?? .distantFuture
        var results: [Result<JudgedMessage, ScoringError>] = []
        for start in Swift.stride(from: 0, to: inputs.count, by: Classifier.stride) {
            let part = inputs[start..<min(start + Classifier.stride, inputs.count)]
            guard let first = part.first else { break }
            // One message is scored on this thread, which spares waking another.
            results +=
                part.count == 1
                ? [judge.judge(judge.read(first), by: policy.applied(to: []), deadline: deadline)]
                : judge.judge(
                    part.map { judge.read($0) }, by: policy.applied(to: []), deadline: deadline)
        }
        return results
    }
}
