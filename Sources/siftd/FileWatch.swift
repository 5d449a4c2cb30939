import Dispatch
import Foundation
import Synchronization

/// Looks every few seconds whether any of some files has changed. Editors replace files, so their
/// names are watched, not their contents.
///
/// `@unchecked`: Dispatch's timer may be used on any thread but does not say so.
final class FileWatch: @unchecked Sendable {
    private struct Mark: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private struct State {
        var paths: [String] = []
        var marks: [Mark?] = []
    }

    private let state = Mutex(State())
    private let timer: any DispatchSourceTimer

    /// - Parameter changed: called on a queue of the watch, once for any number of changes.
    init(every seconds: Double, changed: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "siftd.files"))
        timer.schedule(deadline: .now() + seconds, repeating: seconds)
        timer.setEventHandler(
            handler: DispatchWorkItem { [weak self] in
                if self?.hasChanged() == true { changed() }
            })
        timer.resume()
    }

    deinit { timer.cancel() }

    /// Watches these files from now on, as they are now.
    func watch(_ paths: [String]) {
        state.withLock { $0 = State(paths: paths, marks: paths.map(FileWatch.mark)) }
    }

    private func hasChanged() -> Bool {
        state.withLock { state in
            let marks = state.paths.map(FileWatch.mark)
            defer { state.marks = marks }
            return marks != state.marks
        }
    }

    private static func mark(_ path: String) -> Mark? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Mark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
