/// The ways in which siftd itself can fail a message.
public enum Fault: String, Sendable, CaseIterable {
    /// Something went wrong that should not.
    case error
    /// The deadline passed.
    case timeout
    /// More messages at once than allowed.
    case overload
    /// There is no model to judge with.
    case noModel = "no_model"

    /// The 4.3.x answer: an MTA's log tells a fault from a policy's 4.7.1.
    public var refusal: RefusalText {
        switch self {
        case .error: RefusalText("451", "4.3.0", "Filter error, try again later")
        case .timeout: RefusalText("451", "4.3.2", "Filter timed out, try again later")
        case .overload: RefusalText("451", "4.3.2", "Filter busy, try again later")
        case .noModel: RefusalText("451", "4.3.5", "Filter not ready, try again later")
        }
    }
}

/// What is done with a message that siftd failed.
public enum FaultAction: String, Sendable, CaseIterable {
    /// The sender tries again.
    case tempfail
    /// Delivered, with a header that says it was not scanned.
    case accept
    /// Held back in the MTA's queue, with the same header.
    case quarantine

    public var action: Action {
        switch self {
        case .tempfail: .tempfail
        case .accept: .accept
        case .quarantine: .quarantine
        }
    }
}

/// The action for each fault.
public struct FaultPolicy: Sendable, Equatable {
    public var onError = FaultAction.tempfail
    public var onTimeout = FaultAction.tempfail
    public var onOverload = FaultAction.tempfail
    public var onNoModel = FaultAction.tempfail

    public init() {}

    /// One action for all.
    public init(all action: FaultAction) {
        onError = action
        onTimeout = action
        onOverload = action
        onNoModel = action
    }

    public subscript(_ fault: Fault) -> FaultAction {
        switch fault {
        case .error: onError
        case .timeout: onTimeout
        case .overload: onOverload
        case .noModel: onNoModel
        }
    }
}
