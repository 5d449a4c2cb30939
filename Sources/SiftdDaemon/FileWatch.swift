import Dispatch
import Synchronization

/// Looks now and then whether any of some files has changed.
///
/// Polling sees changes on network file systems too, which inotify(7) does not.
final class FileWatch: Sendable {
    private struct State {
        var stamps = FileStamps([])
        var changed: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    // Dispatch's timer may be used on any thread but does not say so.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// Looks at the files on a queue, again and again.
    init(every interval: DispatchTimeInterval, on queue: DispatchQueue) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler(handler: DispatchWorkItem { [weak self] in self?.look() })
        timer.resume()
    }

    deinit { timer.cancel() }

    /// Watches the files of `stamps` from now on, instead of others; `changed` is called on the
    /// watch's queue, once for any number of changes.
    func watch(_ stamps: FileStamps, changed: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(stamps: stamps, changed: changed) }
    }

    private func look() {
        let changed: (@Sendable () -> Void)? = state.withLock { state in
            let stamps = FileStamps(state.stamps.paths)
            guard stamps != state.stamps else { return nil }
            state.stamps = stamps
            return state.changed
        }
        changed?()
    }
}
