import Dispatch
import Foundation
import Synchronization

/// Looks every few seconds whether any of some files has changed. Editors replace files, so their
/// names are watched, not their contents.
///
/// `@unchecked`: Dispatch's timer may be used on any thread but does not say so.
final class FileWatch: @unchecked Sendable {
    /// What some files looked like. Taken before they are read, so that a change in between is seen.
    struct Marks: Equatable {
        private struct Mark: Equatable {
            var inode: UInt64
            var size: Int64
            var seconds: Int
            var nanoseconds: Int

            init?(_ path: String) {
                var status = stat()
                guard stat(path, &status) == 0 else { return nil }
                inode = UInt64(status.st_ino)
                size = Int64(status.st_size)
                seconds = status.st_mtim.tv_sec
                nanoseconds = status.st_mtim.tv_nsec
            }
        }

        let paths: [String]
        private let marks: [Mark?]

        init(_ paths: [String]) {
            self.paths = paths
            marks = paths.map { Mark($0) }
        }
    }

    private struct State {
        var marks = Marks([])
        var changed: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    private let timer: any DispatchSourceTimer

    /// - Parameter queue: where files are looked at.
    init(every seconds: Double, on queue: DispatchQueue) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + seconds, repeating: seconds)
        timer.setEventHandler(handler: DispatchWorkItem { [weak self] in self?.look() })
        timer.resume()
    }

    deinit { timer.cancel() }

    /// Watches the files of `marks` from now on, instead of others.
    ///
    /// - Parameter changed: called on the watch's queue, once for any number of changes.
    func watch(_ marks: Marks, changed: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(marks: marks, changed: changed) }
    }

    private func look() {
        let changed: (@Sendable () -> Void)? = state.withLock { state in
            let marks = Marks(state.marks.paths)
            guard marks != state.marks else { return nil }
            state.marks = marks
            return state.changed
        }
        changed?()
    }
}
