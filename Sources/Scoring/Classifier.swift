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
}
