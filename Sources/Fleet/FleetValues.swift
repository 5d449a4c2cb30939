import Foundation

/// A change of the model that all hosts make together, or one that is proposed.
public struct FleetActivation: Codable, Sendable, Equatable {
    /// What has become of it.
    public enum State: String, Codable, Sendable {
        /// Hosts load the model beside the old one.
        case proposed
        /// Hosts score with it, or did so until a later one.
        case active
        /// It was not made: most hosts refused it, or another one was proposed.
        case withdrawn
    }

    /// Why the model changes.
    public enum Way: String, Codable, Sendable {
        /// It was asked for, or a retraining made it.
        case activate
        /// The one before was asked for.
        case rollback
    }

    /// Its number; a later change has a higher one.
    public var revision: Int64
    /// The digest of the model's manifest.
    public var digest: String
    /// The model's id.
    public var model: String
    /// What has become of it.
    public var state: State
    /// Why the model changes.
    public var way: Way
    /// The host that proposed it.
    public var host: String
    /// For whom or why, in the words of whoever proposed it.
    public var reason: String
    /// When it was proposed, in seconds since 1970 by the database's clock.
    public var proposed: Double
    /// When it became active or was withdrawn; nil before.
    public var decided: Double?
    /// Why it was withdrawn; empty otherwise.
    public var outcome: String

    /// An activation.
    public init(
        revision: Int64, digest: String, model: String, state: State, way: Way = .activate,
        host: String = "", reason: String = "", proposed: Double = 0, decided: Double? = nil,
        outcome: String = ""
    ) {
        self.revision = revision
        self.digest = digest
        self.model = model
        self.state = state
        self.way = way
        self.host = host
        self.reason = reason
        self.proposed = proposed
        self.decided = decided
        self.outcome = outcome
    }
}

/// What a host says of a proposal.
public struct FleetAnswer: Codable, Sendable, Equatable {
    /// The host.
    public var host: String
    /// Whether it has loaded the model, or refuses it.
    public var isReady: Bool
    /// Why it refuses; empty otherwise.
    public var reason: String

    /// An answer.
    public init(host: String, isReady: Bool, reason: String = "") {
        self.host = host
        self.isReady = isReady
        self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
        case host, reason
        case isReady = "ready"
    }
}

/// What a host reports of itself.
public struct FleetReport: Codable, Sendable, Equatable {
    /// The host's name.
    public var host: String
    /// The version of siftd.
    public var version: String
    /// The id of the model it scores with; empty for none.
    public var model = ""
    /// The digest of that model; empty for one that the hosts do not share.
    public var digest = ""
    /// The activation it has followed last; 0 for none.
    public var revision: Int64 = 0
    /// The revision of the labels it scores with.
    public var labels: Int64 = 0
    /// Labels that wait on the host for the database.
    public var spool: Int64 = 0
    /// How long the oldest of them has waited, in seconds.
    public var spoolAge = 0.0
    /// Messages that wait for a scoring worker.
    public var queue: Int64 = 0
    /// The activation that it could not follow; 0 for none.
    public var refused: Int64 = 0
    /// Why it could not; empty otherwise.
    public var reason = ""

    enum CodingKeys: String, CodingKey {
        case host, version, model, digest
        case revision = "activation"
        case labels = "label_revision"
        case spool = "spool_entries"
        case spoolAge = "spool_oldest_seconds"
        case queue = "queue_depth"
        case refused = "refused_activation"
        case reason = "refusal"
    }

    /// A report of a host that has no model yet.
    public init(host: String, version: String) {
        self.host = host
        self.version = version
    }
}

/// A host as the database knows it.
public struct FleetHost: Codable, Sendable, Equatable {
    /// How it is with the host.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It was heard of lately, and scores with the model of all.
        case ok
        /// It was heard of lately, and does not score with the model of all yet.
        case behind
        /// It was heard of lately, and could not take the model of all.
        case refused
        /// It was not heard of lately.
        case away
    }

    /// What it reported last.
    public var report: FleetReport
    /// Seconds since then.
    public var silence: Double
    /// How it is with the host.
    public var state: State

    private enum CodingKeys: String, CodingKey {
        case state
        case silence = "silent_seconds"
    }

    /// Reads what ``encode(to:)`` has written.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        report = try FleetReport(from: decoder)
        silence = try values.decode(Double.self, forKey: .silence)
        state = try values.decode(State.self, forKey: .state)
    }

    /// Writes the report's values and those of the host side by side.
    public func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(silence, forKey: .silence)
        try values.encode(state, forKey: .state)
    }

    /// Seconds of silence after which nobody waits for a host.
    public static let longestSilence = 30.0

    /// A host; its state follows from the activation in force.
    public init(_ report: FleetReport, silence: Double, active: FleetActivation?) {
        self.report = report
        self.silence = silence
        if silence > FleetHost.longestSilence {
            state = .away
        } else if let active, report.digest != active.digest {
            state = report.refused == active.revision ? .refused : .behind
        } else {
            state = .ok
        }
    }
}

/// How it is with all hosts.
public struct FleetStatus: Codable, Sendable, Equatable {
    /// Whether the database has answered lately; otherwise all else is what was known before.
    public var databaseIsUp = true
    /// When the database was asked, in seconds since 1970 by its clock.
    public var time: Double
    /// The activation in force; nil before the first.
    public var active: FleetActivation?
    /// The one that is proposed; nil for none.
    public var proposal: FleetActivation?
    /// What hosts say of the proposal.
    public var answers: [FleetAnswer]
    /// All hosts, by name.
    public var hosts: [FleetHost]

    enum CodingKeys: String, CodingKey {
        case time, active, proposal, answers, hosts
        case databaseIsUp = "database_up"
    }

    /// A status of a database that answers.
    public init(
        time: Double, active: FleetActivation? = nil, proposal: FleetActivation? = nil,
        answers: [FleetAnswer] = [], hosts: [FleetHost] = []
    ) {
        self.time = time
        self.active = active
        self.proposal = proposal
        self.answers = answers
        self.hosts = hosts
    }

    /// The number of hosts in a state.
    public func count(_ state: FleetHost.State) -> Int { hosts.count { $0.state == state } }

    /// Whether every host was heard of lately and scores with the model of all.
    public var isWell: Bool { databaseIsUp && hosts.allSatisfy { $0.state == .ok } }
}
