import ArgumentParser
import Corpora
import Learning

/// What becomes of data with files that can't be read as mail.
struct UnreadableOption: ParsableArguments {
    @Flag(
        help: """
            Go on when more than a tenth of a data set can't be read as mail; such files are left \
            out.
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
    func forEachReported(_ body: (CorpusMessage) throws -> Void) throws {
        try forEach(body) { file in
            SystemExit.complain("left out: \(path): \(file.path) \(file.reason)")
        }
    }
}
