extension FleetMember {
    /// What the daemon does for the member.
    public struct Host: Sendable {
        /// The host's name.
        public var name: String
        /// The version of siftd.
        public var version: String
        /// Loads the model of a directory beside the one in force, and checks that it can be used.
        public var load: @Sendable (String) throws -> any Sendable
        /// Puts a model that `load` made in force.
        public var use: @Sendable (any Sendable) -> Void
        /// The id of the model in force; nil for none.
        public var serving: @Sendable () -> String?
        /// Adds what else the host reports, such as its labels.
        public var figures: @Sendable (inout FleetReport) -> Void = { _ in }
        /// Is called after each look with what is known of all hosts, on the member's queue.
        public var looked: @Sendable (FleetStatus?) -> Void = { _ in }
        /// Is called with what happens, on the member's queue.
        public var report: @Sendable (Event) -> Void = { _ in }

        /// A host without figures, whose events nobody hears.
        public init(
            name: String, version: String,
            load: @escaping @Sendable (String) throws -> any Sendable,
            use: @escaping @Sendable (any Sendable) -> Void,
            serving: @escaping @Sendable () -> String?
        ) {
            self.name = name
            self.version = version
            self.load = load
            self.use = use
            self.serving = serving
        }
    }

    /// What happens on a host.
    public enum Event: Sendable, Equatable {
        /// What was activated here was proposed to all hosts.
        case proposed(FleetActivation)
        /// A proposed model is loaded beside the one in force.
        case ready(FleetActivation)
        /// A model is not taken here, for this reason; the old one stays.
        case refused(FleetActivation, reason: String)
        /// The host changed to the model that all agreed on.
        case followed(FleetActivation)
        /// The database does not answer any more, or nothing else can be done for this reason.
        case failed(FleetError)
        /// The database answers again.
        case recovered
        /// Another daemon reports itself under the name of this host.
        case nameTaken(host: String)
    }
}
