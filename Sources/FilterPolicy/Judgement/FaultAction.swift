/// What is done with a message that siftd failed to judge; the raw value appears in the
/// configuration.
public enum FaultAction: String, Sendable, CaseIterable {
    /// Deferred: the sender tries again.
    case tempfail
    /// Delivered with a header that says it was not scanned.
    case accept
    /// Held in the MTA's queue with the same header.
    case quarantine

    /// The action of the same name.
    public var action: Action {
        switch self {
        case .tempfail: .tempfail
        case .accept: .accept
        case .quarantine: .quarantine
        }
    }
}
