import Dispatch
import Foundation

/// Signals delivered on a queue instead of to a handler.
///
/// `@unchecked`: Dispatch's sources may be used on any thread but do not say so.
public final class SignalSources: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter isIgnoredBefore: whether signals that come before Dispatch has its handler in place
    ///   are dropped; else they do what they do by default.
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

    public func cancel() { for source in sources { source.cancel() } }
}
