import Foundation
import ServiceLifecycle
import Synchronization

/// TERM and INT: the first ends this service, and with it, in order, the group it is part of.
///
/// A second one does not wait.
///
/// Installed before the socket is opened: `ServiceGroup` installs its own handlers only once it
/// runs and would miss a signal that arrives earlier.
final class StopSignals: Service {
    private let requests: AsyncStream<Void>
    private let sources: SignalSources

    /// - Parameter atOnce: what a second signal does, on a queue of its own.
    init(atOnce: @escaping @Sendable () -> Void) {
        let (requests, request) = AsyncStream.makeStream(of: Void.self)
        self.requests = requests
        let count = Mutex(0)
        let queue = DispatchQueue(label: "siftd.stop")
        sources = SignalSources([SIGTERM, SIGINT], isIgnoredBefore: false, on: queue) {
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst { request.yield() } else { atOnce() }
        }
    }

    func run() async throws { for await _ in requests { return } }
}
