import Dispatch
import Glibc

/// A file that an upload is written to, off the event loop.
final class SpoolFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "siftd.upload", qos: .utility)

    /// Creates a file that only siftd's user may read; nil when that fails.
    init?(_ path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Appends bytes; false when there is no space.
    func append(_ bytes: [UInt8]) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                var written = 0
                while written < bytes.count {
                    let count = bytes[written...].withUnsafeBytes {
                        write(descriptor, $0.baseAddress, $0.count)
                    }
                    guard count > 0 else { break }
                    written += count
                }
                continuation.resume(returning: written == bytes.count)
            }
        }
    }

    /// Removes the file.
    func remove() { unlink(path) }
}
