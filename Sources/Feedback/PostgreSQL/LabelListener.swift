import PostgreSQL

/// Hears of changes that other hosts make to the labels.
public final class LabelListener: Sendable {
    /// What is heard.
    public enum Event: Sendable, Equatable {
        /// Labels have changed; the revision is the last one, or nil where changes may have been
        /// missed.
        case changed(revision: Int64?)
        /// Nothing is heard until the next change; the reason.
        case deaf(String)
    }

    private let listener: PostgreSQLListener

    /// A listener; nothing is heard before ``start()``.
    ///
    /// - Parameters:
    ///   - store: has the labels.
    ///   - report: called on a queue of the listener's own; it must not wait for long.
    public init(
        _ store: PostgreSQLFeedbackStore, report: @escaping @Sendable (Event) -> Void
    ) {
        let pool = store.pool
        listener = PostgreSQLListener(
            pool.address, channels: [PostgreSQLFeedbackStore.labelsChannel],
            limits: pool.limits
        ) { event in
            switch event {
            case .connected:
                pool.retry()
                report(.changed(revision: nil))
            case .notification(_, let payload): report(.changed(revision: Int64(payload)))
            case .disconnected(let error): report(.deaf(error.description))
            }
        }
    }

    /// Hears from now on, and again whenever the connection was lost.
    public func start() { listener.start() }

    /// Ends it; nothing is reported afterwards.
    ///
    /// Not to be called from within a report.
    public func stop() { listener.stop() }
}
