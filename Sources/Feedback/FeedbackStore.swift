/// The labels that people give to messages, the recent verdicts that they refer to, and the
/// retrainings that learn from them.
///
/// All calls block and may come from any thread. A call that changes something returns when the
/// change is on disk: what it acknowledges survives `kill -9` and a power failure. Several
/// processes may use one store at once. See `docs/learning.md` for what the labels mean.
public protocol FeedbackStore: Sendable {
    /// Stores labels, all or none, in their order.
    ///
    /// - Parameter labels: any number; a thousand at once are much faster than one by one.
    /// - Returns: a receipt for each label; ``LabelReceipt/newLabels`` is the number after all.
    /// - Throws: ``FeedbackError``; of the kind `invalid` for a value that is out of bounds.
    func add(_ labels: [NewLabel]) throws(FeedbackError) -> [LabelReceipt]

    /// Labels a message by its entry in the history.
    func add(_ label: HistoryLabel) throws(FeedbackError) -> LabelReceipt

    /// Removes labels as if they had never been given.
    ///
    /// What they had replaced, held back or confirmed is as it would be without them.
    func remove(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval

    /// Lets labels that were over their source's quota count; only an admin may do so.
    func confirm(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval

    /// Lists labels in any state, by id, with their payload.
    ///
    /// - Parameters:
    ///   - selection: which labels.
    ///   - state: only those in this state; nil for all.
    ///   - after: only those with a larger id: the last one of the page before; 0 for the first.
    ///   - limit: the largest number of labels.
    /// - Returns: one page.
    /// - Throws: ``FeedbackError``.
    func labels(
        _ selection: LabelSelection, state: LabelState?, after: Int64, limit: Int
    ) throws(FeedbackError) -> [StoredLabel]

    /// Replaces the features of labels, as for a new version of them.
    ///
    /// - Parameter features: by the labels' ids; those of labels that are gone are left out.
    /// - Returns: how many labels were changed. Readers must replay then.
    /// - Throws: ``FeedbackError``.
    func replaceFeatures(_ features: [Int64: LabelFeatures]) throws(FeedbackError) -> Int

    /// The number of the last change, of any process; cheap enough to ask every second.
    func revision() throws(FeedbackError) -> Int64

    /// What has happened to the active labels since a revision.
    ///
    /// - Parameters:
    ///   - revision: the one that the reader is at.
    ///   - limit: the largest number of labels to return.
    /// - Returns: labels without payload, or that all labels must be replayed.
    /// - Throws: ``FeedbackError``.
    func changes(since revision: Int64, limit: Int) throws(FeedbackError) -> LabelChanges

    /// Reads all active labels in their order, as they are at one moment.
    ///
    /// - Parameters:
    ///   - withPayload: whether the labels have their payload.
    ///   - body: called for each label on the calling thread; it must not call the store.
    /// - Returns: the revision of that moment.
    /// - Throws: ``FeedbackError``.
    func replay(
        withPayload: Bool, _ body: (StoredLabel) -> Void
    ) throws(FeedbackError) -> Int64

    /// Active labels that no archived retraining has used.
    func newLabels() throws(FeedbackError) -> Int

    /// Marks the active labels that a retraining has used.
    ///
    /// They stay active and can be undone, but no longer count towards the next retraining.
    ///
    /// - Parameters:
    ///   - revision: the one that ``replay(withPayload:_:)`` returned to the retraining.
    ///   - job: the retraining's id.
    /// - Returns: how many labels were marked.
    /// - Throws: ``FeedbackError``.
    func archive(upTo revision: Int64, job: Int64) throws(FeedbackError) -> Int

    /// The time by which all processes that use the store judge leases, in seconds since 1970.
    func time() throws(FeedbackError) -> Int64

    /// Starts a retraining unless one runs.
    ///
    /// A running one whose process is dead, or whose lease has ended, is recorded as abandoned.
    ///
    /// - Parameters:
    ///   - reason: why, for people.
    ///   - owner: the process that will run it.
    ///   - time: now, in seconds since 1970.
    ///   - lease: seconds for which the owner need not renew the lease.
    /// - Returns: the record of the new retraining, or of the one that runs.
    /// - Throws: ``FeedbackError``.
    func startRetraining(
        reason: String, owner: LeaseOwner, time: Int64, lease: Int64
    ) throws(FeedbackError) -> RetrainingStart

    /// Renews the lease of a retraining and records its progress.
    ///
    /// - Parameters:
    ///   - job: its id.
    ///   - owner: the process that runs it; another one than before takes it over.
    ///   - progress: as JSON.
    ///   - until: the lease's end, in seconds since 1970.
    /// - Throws: ``FeedbackError`` of the kind `leaseLost` when it doesn't run any more.
    func renewRetraining(
        _ job: Int64, owner: LeaseOwner, progress: String, until: Int64
    ) throws(FeedbackError)

    /// Records the end of a retraining, once.
    ///
    /// - Throws: ``FeedbackError`` of the kind `leaseLost` when it doesn't run any more.
    func finishRetraining(_ job: Int64, _ end: RetrainingEnd) throws(FeedbackError)

    /// The last retrainings, newest first.
    func retrainings(limit: Int) throws(FeedbackError) -> [RetrainingJob]

    /// Adds entries to the history and removes those that are too many.
    ///
    /// - Returns: the ids of the entries.
    func appendHistory(_ entries: [HistoryEntry]) throws(FeedbackError) -> [Int64]

    /// One page of the history, newest first.
    func history(_ query: HistoryQuery) throws(FeedbackError) -> [HistoryEntry]

    /// Removes entries of the history from before a time, in seconds since 1970.
    ///
    /// - Returns: how many were removed.
    func purgeHistory(before time: Int64) throws(FeedbackError) -> Int

    /// What the store holds.
    func status() throws(FeedbackError) -> FeedbackStatus

    /// Looks through the whole store for damage; slow for a large one.
    ///
    /// - Throws: ``FeedbackError`` of the kind `corrupt`.
    func check() throws(FeedbackError)
}

extension FeedbackStore {
    /// Stores one label.
    public func add(_ label: NewLabel) throws(FeedbackError) -> LabelReceipt {
        try add([label])[0]
    }

    /// Takes back what a source has said about a message; an admin takes back what all have said.
    public func forget(
        _ digest: MessageDigest, by source: LabelSource
    ) throws(FeedbackError) -> LabelRemoval {
        try remove(source.kind == .admin ? .message(digest) : .messageBy(digest, source))
    }
}

/// How a store limits what it holds and whom it believes.
public struct FeedbackOptions: Sendable, Equatable {
    /// Labels of one source and class that count at once within a day.
    public var dailyQuota = 10
    /// Labels over the quota, or near-duplicates of one message, that are kept for a source.
    public var waitingLimit = 1_000
    /// Entries of the history; one takes about 4 KiB with its features.
    public var historyLimit = 20_000
    /// How long a call waits for another process that holds the store, in seconds.
    public var busySeconds = 5.0

    /// The defaults.
    public init() {}
}
