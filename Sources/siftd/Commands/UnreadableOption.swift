import ArgumentParser
import Corpora
import Learning

/// What becomes of data with files that can't be read as mail.
struct UnreadableOption: ParsableArguments {
    @Flag(
        help: """
            Go on when more than a tenth of a data set can't be read as mail, or when this user may \
            not read a file or folder; such files are left out.
            """)
    var allowUnreadable = false

    /// Files that are left out are named on standard error.
    var files: UnreadableFiles {
        UnreadableFiles(areAllowed: allowUnreadable) { leftOut in
            for line in leftOut.lines { SystemExit.complain(line) }
        }
    }
}

extension Corpus {
    /// Calls `body` with each message, and names files that are left out on standard error.
    ///
    /// - Throws: at the end, `CorpusError` when this user may not read some of the files or
    ///   folders; before, what reading or `body` throws.
    func forEachReported(_ body: (CorpusMessage) throws -> Void) throws {
        var inaccessible = 0
        try forEach(body) { file in
            SystemExit.complain("left out: \(path): \(file.path) \(file.reason)")
            if file.isInaccessible { inaccessible += 1 }
        }
        guard inaccessible == 0 else {
            throw CorpusError(
                .unreadable, path: path,
                reason: inaccessible == 1
                    ? "a file or folder in it can't be read by this user"
                    : "\(inaccessible) files or folders in it can't be read by this user")
        }
    }
}
