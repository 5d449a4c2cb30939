import FilterPolicy

extension ScoringError {
    /// Which of siftd's faults it is.
    public var fault: Fault {
        switch self {
        case .timeout: .timeout
        case .overloaded: .overload
        case .noModel: .noModel
        case .stopped, .notANumber: .error
        }
    }
}
