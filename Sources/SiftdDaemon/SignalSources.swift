import Dispatch
import Foundation

/// Signals delivered on a queue instead of to a handler.
final class SignalSources: Sendable {
    // Dispatch's sources may be used on any thread but do not say so.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// Calls `action` on `queue` for each signal.
    ///
    /// With `isIgnoredBefore`, signals that come before
    /// Dispatch has its handler in place are dropped; else they do what they do by default.
    init(
        _ numbers: [Int32], isIgnoredBefore: Bool, on queue: DispatchQueue,
        _ action: @escaping @Sendable () -> Void
    ) {
        sources = numbers.map { number in
            if isIgnoredBefore { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: DispatchWorkItem(block: action))
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
