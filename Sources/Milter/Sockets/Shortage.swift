import Logging
import Synchronization
import Telemetry

/// A lack of descriptors or memory for connections, which is met many times while it lasts.
///
/// Each time is counted; the log has one line, and another one a minute later if it lasts. Any
/// thread may use it.
final class Shortage: Sendable {
    /// From one line in the log to the next.
    private static let logInterval = Duration.seconds(60)
    /// The lack that libmilter meets: its callbacks know nothing but globals.
    static let ofLibmilter = Mutex<Shortage?>(nil)

    private let metrics: FilterMetrics?
    private let logger: Logger
    /// Makes the event from the error number.
    private let event: @Sendable (Int32) -> MailLogEvent
    private let lastLogged = Mutex<ContinuousClock.Instant?>(nil)

    init(
        metrics: FilterMetrics?, logger: Logger, event: @escaping @Sendable (Int32) -> MailLogEvent
    ) {
        self.metrics = metrics
        self.logger = logger
        self.event = event
    }

    /// Counts and logs that a connection could not be accepted.
    func met(_ code: Int32, now: ContinuousClock.Instant = .now) {
        metrics?.countAcceptFailure()
        let isNew = lastLogged.withLock { last in
            if let last, now - last < Shortage.logInterval { return false }
            last = now
            return true
        }
        if isNew { logger.record(event(code)) }
    }
}
