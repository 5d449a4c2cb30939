import Foundation
import Glibc

/// Files that a command writes.
enum OutputFile {
    /// Writes a file; what was begun is removed when it can't be completed, as on a full disk.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - path: of a file, which is replaced, or of a device or pipe.
    ///   - isNew: whether a file that is there already is an error.
    ///   - mode: the file's permissions when it is new.
    /// - Throws: ``FileError`` of the kind `notWritable`.
    static func write(
        _ bytes: [UInt8], to path: String, isNew: Bool = false, mode: mode_t = 0o666
    ) throws(FileError) {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL | O_NOFOLLOW : O_TRUNC)
        let descriptor = open(path, flags, mode)
        guard descriptor >= 0 else { throw failure(path, errno) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        var number = append(bytes, to: descriptor)
        if number == 0, isFile, fsync(descriptor) != 0 { number = errno }
        if close(descriptor) != 0, number == 0 { number = errno }
        guard number != 0 else { return }
        if isFile { unlink(path) }
        throw failure(path, number)
    }

    /// - Returns: the system's number of what went wrong; 0 when all is written.
    private static func append(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            start += count
        }
        return 0
    }

    private static func failure(_ path: String, _ number: Int32) -> FileError {
        let reason =
            number == EEXIST
            ? "exists already; choose another name"
            : "can't be written: \(String(cString: strerror(number)))"
        return FileError(.notWritable, path: path, reason: reason)
    }
}
