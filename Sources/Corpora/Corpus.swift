import Foundation
import MailText

/// A data set, in any format that holds mail.
///
/// It can be a file with one message, a directory with a sub-directory for each label, a Maildir,
/// an mbox file, a CSV file with a column `text`, or an archive of files. Files and members of
/// archives may be compressed, which their first bytes show.
public struct Corpus: Sendable {
    /// The file or directory; `-` is standard input.
    public let path: String
    /// The label given on the command line for all messages; nil takes the labels in the data.
    public let label: String?

    /// Names a data set as the command line does; nothing is read yet.
    ///
    /// - Parameter argument: `PATH` or `PATH=LABEL`. A path that exists is never split at its `=`.
    public init(argument: String) {
        if let equals = argument.lastIndex(of: "="),
            !FileManager.default.fileExists(atPath: argument)
        {
            path = String(argument[..<equals])
            label = String(argument[argument.index(after: equals)...])
        } else {
            path = argument
            label = nil
        }
    }

    /// The data set's name: the last part of the path, up to its first dot.
    public var name: String { Corpus.setName(path) }

    /// The name of the data set that a file holds or describes.
    static func setName(_ path: String) -> String {
        let last = URL(fileURLWithPath: path).lastPathComponent
        return last.split(separator: ".").first.map(String.init) ?? last
    }

    /// Calls `body` with each message, in an order that depends on nothing but the data.
    ///
    /// Files in directories and archives that are no mail are left out. One file's content is in
    /// memory at a time.
    ///
    /// - Throws: ``CorpusError``, also for a file or folder that this user may not read, or any
    ///   error that `body` throws.
    public func forEach(_ body: (CorpusMessage) throws -> Void) throws {
        try forEach(body) { file in
            guard !file.isInaccessible else {
                throw CorpusError.unreadable("\(path)/\(file.path)", file.reason)
            }
        }
    }

    /// Calls `body` with each message as ``forEach(_:)`` does, and `leftOut` with each file that is
    /// no mail, or that can't be read.
    ///
    /// The file that is named on the command line is read as it is, unless it can't be read.
    ///
    /// - Throws: ``CorpusError``, or any error that `body` or `leftOut` throws.
    public func forEach(
        _ body: (CorpusMessage) throws -> Void, leftOut: (LeftOutFile) throws -> Void
    ) throws {
        try forEachItem { item in
            switch item {
            case .message(let message): try body(message)
            case .leftOut(let file): try leftOut(file)
            }
        }
    }
}
