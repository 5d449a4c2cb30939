/// The reasons for which siftd itself fails to judge a message; the raw value appears in log and
/// metrics.
public enum Fault: String, Sendable, CaseIterable {
    /// An unexpected error.
    case error
    /// The message was not judged within its time limit.
    case timeout
    /// There were more messages at once than allowed.
    case overload
    /// No model is loaded.
    case noModel = "no_model"

    /// The reply where a fault defers the message.
    ///
    /// Its codes are 4.3.x (RFC 3463 section 3.4, mail system status), so that the MTA's log
    /// distinguishes faults from a policy's 4.7.1.
    public var refusal: RefusalText {
        switch self {
        case .error: RefusalText("451", "4.3.0", "Filter error, try again later")
        case .timeout: RefusalText("451", "4.3.2", "Filter timed out, try again later")
        case .overload: RefusalText("451", "4.3.2", "Filter busy, try again later")
        case .noModel: RefusalText("451", "4.3.5", "Filter not ready, try again later")
        }
    }
}
