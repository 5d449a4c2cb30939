import Feedback
import Foundation
import Logging
import PostgreSQL
import SiteMemory
import Synchronization
import Telemetry

/// What a host knows of the database that it shares with others: when labels have changed, whether
/// the database answers, and what waits for it.
///
/// Any thread may use it.
final class SharedStoreWatch: Sendable {
    private struct State {
        var listener: LabelListener?
        /// Whether the database was away when it was last asked.
        var isAway = false
        /// The newest revision that this host has heard of.
        var newest: Int64 = 0
        /// The revision of the layer on disk; nil before any was written.
        var kept: Int64?
    }

    private let store: SpooledFeedbackStore
    private let memory: SiteMemory
    private let logger: Logger
    private let metrics: FilterMetrics?
    private let state = Mutex(State())

    /// Looks for changes when nothing was heard, in seconds: the database may have a listener's
    /// connection end without a word.
    static let pollSeconds = 5

    /// Nil where labels are in a file of this host alone.
    init?(_ memory: SiteMemory, _ logger: Logger, _ metrics: FilterMetrics?) {
        guard let store = memory.store as? SpooledFeedbackStore else { return nil }
        self.store = store
        self.memory = memory
        self.logger = logger
        self.metrics = metrics
    }

    /// Delivers what waits, and listens.
    ///
    /// - Parameter changed: called on a queue when labels may have changed.
    func start(changed: @escaping @Sendable () -> Void) {
        let listener = LabelListener(store.shared) { [weak self] event in
            if case .changed(let revision?) = event { self?.note(revision) }
            self?.store.delivery.wake()
            changed()
        }
        state.withLock { $0.listener = listener }
        listener.start()
        store.delivery.start()
    }

    func stop() {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        listener?.stop()
        store.delivery.stop()
    }

    private func note(_ revision: Int64) {
        state.withLock { $0.newest = max($0.newest, revision) }
    }

    /// The database has answered, or not; logs the change.
    ///
    /// - Returns: whether the error is that of a database that is away: the log says enough then.
    func noteAnswer(_ error: FeedbackError?) -> Bool {
        let isAway = error?.kind == .unavailable
        guard isAway || error == nil else { return false }
        let hasChanged = state.withLock { state in
            defer { state.isAway = isAway }
            return state.isAway != isAway
        }
        if hasChanged {
            if let error {
                logger.record(.storeLost(error))
            } else {
                logger.record(.storeFound(waiting: (try? store.spool.status())?.entries ?? 0))
            }
        }
        return isAway
    }

    /// Lets the database forget what no host can deliver again; called now and then.
    func forgetOldOperations() { try? store.shared.forgetOldOperations() }

    /// Writes the layer to disk if it is another one than there.
    func keepLayer() {
        guard let revision = memory.revision, state.withLock({ $0.kept }) != revision,
            memory.writeCache()
        else { return }
        state.withLock { $0.kept = revision }
    }

    /// Whether the database was away when it was last asked.
    var isAway: Bool { state.withLock { $0.isAway } }

    /// Brings the metrics up to date.
    func show() {
        guard let metrics else { return }
        let waiting = (try? store.spool.status()) ?? LabelSpool.Status()
        let (isAway, newest) = state.withLock { ($0.isAway, $0.newest) }
        let revision = memory.revision ?? 0
        var measures = FilterMetrics.StoreMeasures()
        measures.isUp = !isAway && store.shared.pool.failure == nil
        measures.secondsSinceContact = store.shared.pool.lastContact.map {
            (ContinuousClock.now - $0) / .seconds(1)
        }
        measures.waiting = waiting.entries
        measures.oldestSeconds = waiting.oldest.map {
            max(0, Date().timeIntervalSince1970 - Double($0))
        }
        measures.refused = waiting.refused
        measures.revision = revision
        measures.lag = max(0, newest - revision)
        metrics.showStore(measures)
    }

    /// What is recorded of a delivery.
    static func report(
        _ logger: Logger, _ metrics: FilterMetrics?
    ) -> @Sendable (SpoolDelivery.Event) -> Void {
        { event in
            switch event {
            case .delivered: metrics?.countDelivery()
            case .refused(_, let error, let isFinal):
                logger.record(.spoolRefused(error, isFinal: isFinal))
            case .blocked(let error): logger.record(.learningFailed(error))
            }
        }
    }
}
