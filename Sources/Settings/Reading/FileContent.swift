import Glibc

/// The content of a file that is configured.
enum FileContent {
    private static let step = 65_536

    /// Reads a file.
    ///
    /// - Throws: ``ValueError`` with what the system said.
    static func bytes(of path: String) throws(ValueError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var part = [UInt8](repeating: 0, count: step)
        while true {
            let count = read(descriptor, &part, step)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(errno) }
            guard count > 0 else { return content }
            content += part.prefix(count)
        }
    }

    /// Why a file or directory is no use, by the number of the error (errno(3)).
    static func unreadable(_ code: Int32) -> ValueError {
        ValueError("can't be read: \(String(cString: strerror(code)))")
    }
}
