/// What a store holds, for `siftd learn --status`.
public struct FeedbackStatus: Sendable, Equatable {
    /// Labels of one source.
    public struct SourceCount: Sendable, Equatable {
        /// The source.
        public var source: LabelSource
        /// Labels in force, by class.
        public var active: [LabelClass: Int]
        /// Labels that wait for a second source or an admin.
        public var held: Int
        /// All labels of the source.
        public var total: Int

        /// Counts of a source.
        public init(source: LabelSource, active: [LabelClass: Int], held: Int, total: Int) {
            self.source = source
            self.active = active
            self.held = held
            self.total = total
        }
    }

    /// Labels in force, by class.
    public var classes: [LabelClass: Int] = [:]
    /// Labels by what they do.
    public var states: [LabelState: Int] = [:]
    /// The sources with the most labels, at most ``FeedbackStatus/longestSourceList``.
    public var sources: [SourceCount] = []
    /// How many sources there are.
    public var sourceCount = 0
    /// Labels in force that a retraining has used.
    public var archived = 0
    /// Labels in force since the last archived retraining.
    public var newLabels = 0
    /// The time of the oldest label in force, in seconds since 1970.
    public var oldest: Int64?
    /// The time of the newest label in force, in seconds since 1970.
    public var newest: Int64?
    /// Entries of the history.
    public var history = 0
    /// The store's revision.
    public var revision: Int64 = 0
    /// Bytes on disk, with what is not yet written back into the main file.
    public var bytes: Int64 = 0
    /// The last retraining, ended or not.
    public var lastRetraining: RetrainingJob?

    /// How many sources a status lists.
    public static let longestSourceList = 100

    /// The status of an empty store.
    public init() {}
}
