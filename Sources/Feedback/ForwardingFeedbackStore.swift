/// A store that another one does the work for; a conforming type replaces what it does itself.
public protocol ForwardingFeedbackStore: FeedbackStore {
    /// The store that does the work.
    var base: any FeedbackStore { get }
}

extension ForwardingFeedbackStore {
    /// Stores labels, all or none, in their order.
    public func add(_ labels: [NewLabel]) throws(FeedbackError) -> [LabelReceipt] {
        try base.add(labels)
    }

    /// Labels a message by its entry in the history.
    public func add(_ label: HistoryLabel) throws(FeedbackError) -> LabelReceipt {
        try base.add(label)
    }

    /// Removes labels as if they had never been given.
    public func remove(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try base.remove(selection)
    }

    /// Lets labels that were over their source's quota count.
    public func confirm(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try base.confirm(selection)
    }

    /// Lists labels in any state, by id, with their payload.
    public func labels(
        _ selection: LabelSelection, state: LabelState?, after: Int64, limit: Int
    ) throws(FeedbackError) -> [StoredLabel] {
        try base.labels(selection, state: state, after: after, limit: limit)
    }

    /// Replaces the features of labels.
    public func replaceFeatures(
        _ features: [Int64: LabelFeatures]
    ) throws(FeedbackError) -> Int {
        try base.replaceFeatures(features)
    }

    /// The number of the last change.
    public func revision() throws(FeedbackError) -> Int64 { try base.revision() }

    /// What has happened to the active labels since a revision.
    public func changes(
        since revision: Int64, limit: Int
    ) throws(FeedbackError) -> LabelChanges {
        try base.changes(since: revision, limit: limit)
    }

    /// Reads all active labels in their order.
    public func replay(
        withPayload: Bool, _ body: (StoredLabel) -> Void
    ) throws(FeedbackError) -> Int64 {
        try base.replay(withPayload: withPayload, body)
    }

    /// Active labels that no archived retraining has used.
    public func newLabels() throws(FeedbackError) -> Int { try base.newLabels() }

    /// Marks the active labels that a retraining has used.
    public func archive(upTo revision: Int64, job: Int64) throws(FeedbackError) -> Int {
        try base.archive(upTo: revision, job: job)
    }

    /// The time by which all processes judge leases.
    public func time() throws(FeedbackError) -> Int64 { try base.time() }

    /// Starts a retraining unless one runs.
    public func startRetraining(
        reason: String, owner: LeaseOwner, time: Int64, lease: Int64
    ) throws(FeedbackError) -> RetrainingStart {
        try base.startRetraining(reason: reason, owner: owner, time: time, lease: lease)
    }

    /// Renews the lease of a retraining and records its progress.
    public func renewRetraining(
        _ job: Int64, owner: LeaseOwner, progress: String, until: Int64
    ) throws(FeedbackError) {
        try base.renewRetraining(job, owner: owner, progress: progress, until: until)
    }

    /// Records the end of a retraining, once.
    public func finishRetraining(_ job: Int64, _ end: RetrainingEnd) throws(FeedbackError) {
        try base.finishRetraining(job, end)
    }

    /// The last retrainings, newest first.
    public func retrainings(limit: Int) throws(FeedbackError) -> [RetrainingJob] {
        try base.retrainings(limit: limit)
    }

    /// Adds entries to the history and removes those that are too many.
    public func appendHistory(_ entries: [HistoryEntry]) throws(FeedbackError) -> [Int64] {
        try base.appendHistory(entries)
    }

    /// One page of the history, newest first.
    public func history(_ query: HistoryQuery) throws(FeedbackError) -> [HistoryEntry] {
        try base.history(query)
    }

    /// Removes entries of the history from before a time.
    public func purgeHistory(before time: Int64) throws(FeedbackError) -> Int {
        try base.purgeHistory(before: time)
    }

    /// What the store holds.
    public func status() throws(FeedbackError) -> FeedbackStatus { try base.status() }

    /// Looks through the whole store for damage.
    public func check() throws(FeedbackError) { try base.check() }
}
