/// The action for each fault; defers the message by default.
public struct FaultPolicy: Sendable, Equatable {
    /// For ``Fault/error``.
    public var onError = FaultAction.tempfail
    /// For ``Fault/timeout``.
    public var onTimeout = FaultAction.tempfail
    /// For ``Fault/overload``.
    public var onOverload = FaultAction.tempfail
    /// For ``Fault/noModel``.
    public var onNoModel = FaultAction.tempfail

    /// The defaults.
    public init() {}

    /// The same action for all faults.
    public init(all action: FaultAction) {
        onError = action
        onTimeout = action
        onOverload = action
        onNoModel = action
    }

    /// The action for a fault.
    public subscript(_ fault: Fault) -> FaultAction {
        switch fault {
        case .error: onError
        case .timeout: onTimeout
        case .overload: onOverload
        case .noModel: onNoModel
        }
    }
}
