/// A file of the command line that can't be read or written.
struct FileError: Error, CustomStringConvertible, Equatable {
    /// Kinds of errors that exit codes tell apart.
    enum Kind {
        /// There is no such file.
        case missing
        /// It is there and can't be read.
        case unreadable
        /// It can't be written, or is there already.
        case notWritable
    }

    var kind: Kind
    var path: String
    /// What is wrong, and what to do about it.
    var reason: String

    init(_ kind: Kind, path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// One line for the terminal.
    var description: String { "\(path): \(reason)" }
}
