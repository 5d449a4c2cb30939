import Dispatch
import Foundation
import Glibc
import Synchronization

/// Brings what a spool holds to the shared database, in its order and each operation once.
///
/// An operation is removed from the spool after the database has it. If the process dies in
/// between, the operation is delivered again, and the database knows it.
public final class SpoolDelivery: Sendable {
    /// What is reported, on the delivery's queue.
    public enum Event: Sendable {
        /// The database has the operation; the spool still has it too.
        case delivered(StoreOperation, StoreOperation.Answer)
        /// The database refuses the operation; it is put aside if that is for good.
        case refused(StoreOperation, FeedbackError, isFinal: Bool)
        /// Nothing can be delivered, and not because the database is away: the spool can't be read,
        /// a newer siftd has changed the database, or somebody holds its locks.
        case blocked(FeedbackError)
    }

    private struct State {
        var isStopped = false
        var isScheduled = false
        /// No attempt before: the database refuses what is asked.
        var notBefore = ContinuousClock.now
        /// Looks in a row for which the database answered and had no time.
        var busyLooks = 0
    }

    private let spool: LabelSpool
    private let store: PostgreSQLFeedbackStore
    private let report: @Sendable (Event) -> Void
    private let queue = DispatchQueue(label: "siftd.spool", qos: .utility)
    private let state = Mutex(State())

    /// Between two looks while something waits; while the database is away a look costs nothing.
    private static let interval = DispatchTimeInterval.seconds(1)
    /// Between two attempts of an operation that the database refuses.
    private static let refusalWait = Duration.seconds(30)
    /// Looks after which a database that has no time is reported.
    private static let patience = 10
    /// Operations that go to the database in one transaction, at most, and bytes of their changes
    /// after which no further one does: other hosts wait meanwhile.
    private static let groupSize = 100
    private static let groupBytes = 4 << 20
    /// Attempts after which such an operation is put aside, so that others are delivered: an hour,
    /// in which an admin can repair the database.
    private static let attempts = 120

    /// A delivery; nothing happens before ``start()`` or ``deliver()``.
    ///
    /// - Parameters:
    ///   - spool: what waits.
    ///   - store: where it goes.
    ///   - report: called on the delivery's queue.
    public init(
        from spool: LabelSpool, to store: PostgreSQLFeedbackStore,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.spool = spool
        self.store = store
        self.report = report
    }

    /// Delivers in the background from now on.
    public func start() { schedule(after: .seconds(0)) }

    /// Something waits, or the database has come back.
    public func wake() {
        queue.async { [weak self] in self?.look() }
    }

    /// Ends the deliveries; waits for one in progress.
    public func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func schedule(after time: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + time) { [weak self] in
            guard let self, !state.withLock({ $0.isStopped }) else { return }
            look()
            schedule(after: SpoolDelivery.interval)
        }
    }

    private func look() {
        let mayTry = state.withLock { !$0.isStopped && $0.notBefore <= .now }
        guard mayTry else { return }
        do throws(FeedbackError) {
            if try spool.isEmpty() { return }
            _ = try deliverAll()
            state.withLock { $0.busyLooks = 0 }
        } catch {
            let mustReport = state.withLock { state in
                // What was refused is reported already.
                guard state.notBefore <= .now else { return false }
                state.busyLooks = error.kind == .busy ? state.busyLooks + 1 : 0
                if !error.mayPass { state.notBefore = .now + SpoolDelivery.refusalWait }
                guard !error.mayPass || state.busyLooks == SpoolDelivery.patience else {
                    return false
                }
                state.busyLooks = 0
                return true
            }
            if mustReport { report(.blocked(error)) }
        }
    }

    /// Delivers what waits now, as far as the database takes it.
    ///
    /// - Returns: whether nothing waits any more, or another process delivers it.
    /// - Throws: ``FeedbackError`` of the spool, or of the database when it does not take it.
    @discardableResult
    public func deliver() throws(FeedbackError) -> Bool {
        let result: Result<Bool, FeedbackError> = queue.sync {
            do throws(FeedbackError) { return .success(try deliverAll()) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func deliverAll() throws(FeedbackError) -> Bool {
        // Two processes that deliver at once would change the order.
        let lock = open("\(spool.path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw FeedbackError(
                .notWritable, store: spool.path,
                reason: "its lock can't be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(lock) }
        FolderOwner.adopt(lock, at: spool.path)
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { return try spool.isEmpty() }
        while true {
            let entries = try spool.first(
                SpoolDelivery.groupSize, bytes: SpoolDelivery.groupBytes)
            if entries.isEmpty { return true }
            do {
                try deliver(entries)
            } catch {
                guard !error.mayPass, entries.count > 1 else {
                    try refuse(entries[0], error)
                    continue
                }
                try deliverEach(entries)
            }
            if state.withLock({ $0.isStopped }) { return false }
        }
    }

    /// Delivers operations in one transaction.
    private func deliver(_ entries: [LabelSpool.Entry]) throws(FeedbackError) {
        let answers = try store.perform(entries.map(\.operation), isLate: true)
        for (entry, answer) in zip(entries, answers) {
            if answer.isWithoutMessage {
                let error = FeedbackError(
                    .invalid, store: store.address,
                    reason: "the recent verdicts no longer have the message that was labelled; "
                        + "label the message itself")
                report(.refused(entry.operation, error, isFinal: true))
                try spool.putAside(entry, reason: error.description)
            } else {
                report(.delivered(entry.operation, answer))
            }
        }
        try spool.remove(entries)
    }

    /// Delivers operations of which the database refuses one, up to that one.
    private func deliverEach(_ entries: [LabelSpool.Entry]) throws(FeedbackError) {
        for entry in entries {
            do { try deliver([entry]) } catch { return try refuse(entry, error) }
        }
    }

    private func refuse(_ entry: LabelSpool.Entry, _ error: FeedbackError) throws(FeedbackError) {
        let isFinal: Bool
        switch error.kind {
        case .invalid: isFinal = true
        case .failed:
            try spool.countAttempt(entry)
            isFinal = entry.attempts + 1 >= SpoolDelivery.attempts
        // Of the database or the spool, not of the operation.
        default: throw error
        }
        report(.refused(entry.operation, error, isFinal: isFinal))
        guard isFinal else {
            state.withLock { $0.notBefore = .now + SpoolDelivery.refusalWait }
            throw error
        }
        try spool.putAside(entry, reason: error.description)
    }
}
