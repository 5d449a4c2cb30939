import CConfinement
import Foundation
import Glibc

/// Starts a child that inherits nothing but standard output and error.
enum ChildProcess {
    /// Starts an executable; all descriptors from 3 up are closed, all signals have their defaults.
    ///
    /// - Parameters:
    ///   - path: of the executable.
    ///   - arguments: without its name.
    ///   - input: what the child reads on standard input; less than a pipe holds (64 KiB).
    /// - Returns: the child's process id.
    /// - Throws: ``RetrainingError`` of the kind `notStarted`.
    static func start(_ path: String, _ arguments: [String], input: Data) throws -> pid_t {
        var words: [UnsafeMutablePointer<CChar>?] = (["siftd"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let code = input.withUnsafeBytes {
            siftd_spawn(path, &words, $0.baseAddress, UInt($0.count), &child)
        }
        guard code == 0 else { throw failure(path, code) }
        return child
    }

    private static func failure(_ what: String, _ code: Int32) -> RetrainingError {
        RetrainingError(
            .notStarted, "the process can't be started: \(what): \(String(cString: strerror(code)))"
        )
    }
}
