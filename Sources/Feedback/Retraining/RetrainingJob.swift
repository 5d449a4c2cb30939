/// A retraining, as the store records it.
public struct RetrainingJob: Sendable, Equatable {
    /// How far a retraining is.
    public enum State: String, Sendable, CaseIterable {
        /// It runs, or its process died and nobody has noticed yet.
        case running
        /// Its candidate passed the guard and became the model.
        case promoted
        /// The guard refused its candidate.
        case refused
        /// It ended with an error.
        case failed
        /// Its process died.
        case abandoned
    }

    /// Names the job; later jobs have larger numbers.
    public var id: Int64
    /// How far it is.
    public var state: State
    /// Why it was started.
    public var reason: String
    /// When it was started, in seconds since 1970.
    public var started: Int64
    /// When it ended, in seconds since 1970; nil while it runs.
    public var ended: Int64?
    /// The id of the model that it made; empty before.
    public var candidate: String
    /// The guard's figures or, while it runs, its progress, as JSON.
    public var figures: String
    /// The process that runs it.
    public var owner: LeaseOwner

    /// A job.
    public init(
        id: Int64, state: State, reason: String, started: Int64, ended: Int64?, candidate: String,
        figures: String, owner: LeaseOwner
    ) {
        self.id = id
        self.state = state
        self.reason = reason
        self.started = started
        self.ended = ended
        self.candidate = candidate
        self.figures = figures
        self.owner = owner
    }
}

/// Whether a retraining may start.
public enum RetrainingStart: Sendable, Equatable {
    /// It may: this is its record.
    case started(RetrainingJob)
    /// Another one runs.
    case busy(RetrainingJob)
}

/// How a retraining ended.
public struct RetrainingEnd: Sendable, Equatable {
    /// Any state but `running`.
    public var state: RetrainingJob.State
    /// The id of the model that it made; may be empty.
    public var candidate: String
    /// The guard's figures, as JSON.
    public var figures: String
    /// When it ended, in seconds since 1970.
    public var time: Int64

    /// An end; the time is in seconds since 1970.
    public init(state: RetrainingJob.State, candidate: String, figures: String, time: Int64) {
        self.state = state
        self.candidate = candidate
        self.figures = figures
        self.time = time
    }
}
