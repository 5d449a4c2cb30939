import Glibc

/// What some files look like from outside: taken before they are read, so that a change in between
/// is seen.
///
/// Editors replace files, so inode, size and time are compared, not contents.
struct FileStamps: Equatable {
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int

        /// Nil when there is no such file.
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
    private let stamps: [Stamp?]

    init(_ paths: [String]) {
        self.paths = paths
        stamps = paths.map { Stamp($0) }
    }
}
