import Foundation
import MailText

/// A data set, in any format that holds mail.
///
/// It can be a file with one message, a directory with a sub-directory for each label, a Maildir,
/// an mbox file, a CSV file with a column `text`, or an archive of files; files may be compressed.
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
    /// One file's content is in memory at a time.
    ///
    /// - Throws: ``CorpusError``, or any error that `body` throws.
    public func forEach(_ body: (CorpusMessage) throws -> Void) throws {
        var isDirectory: ObjCBool = false
        if path == "-" {
            let data = FileHandle.standardInput.readDataToEndOfFile()
            return try emit("-", Array(data), body)
        }
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CorpusError.missing(path)
        }
        if isDirectory.boolValue { return try readDirectory(body) }
        let lower = path.lowercased()
        if lower.hasSuffix(".csv") || lower.hasSuffix(".csv.gz") { return try readCSV(body) }
        if Corpus.archiveSuffixes.contains(where: lower.hasSuffix) {
            return try ArchiveReader.forEachFile(in: path) { try emit($0, $1, body) }
        }
        let bytes = lower.hasSuffix(".gz") ? try ArchiveReader.decompressed(path) : try read(path)
        try emit(URL(fileURLWithPath: path).lastPathComponent, bytes, body)
    }

    private static let archiveSuffixes = [
        ".tar", ".tgz", ".zip", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2",
    ]

    // MARK: Formats

    private func readDirectory(_ body: (CorpusMessage) throws -> Void) throws {
        guard let walker = FileManager.default.enumerator(atPath: path) else {
            throw CorpusError.unlistable(path)
        }
        var files: [String] = []
        for case let file as String in walker where !isHidden(file) { files.append(file) }
        let known = Set(files)
        for file in files.sorted() where !isIndex(file, known) {
            var isDirectory: ObjCBool = false
            let full = "\(path)/\(file)"
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { continue }
            try emit(file, try read(full), body)
        }
    }

    /// True for an index of the mail server, such as Dovecot's, beside cur/ and new/ of a Maildir.
    private func isIndex(_ file: String, _ known: Set<String>) -> Bool {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let prefix = folder.isEmpty ? "" : folder + "/"
        return known.contains(prefix + "cur") && known.contains(prefix + "new")
    }

    /// True for dot files and for messages that are still being delivered to a Maildir.
    private func isHidden(_ file: String) -> Bool {
        file.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "tmp" }
    }

    private func readCSV(_ body: (CorpusMessage) throws -> Void) throws {
        let bytes =
            path.lowercased().hasSuffix(".gz")
            ? try ArchiveReader.decompressed(path) : try read(path)
        var reader = try CSVReader(bytes, path: path)
        guard let text = reader.columns.firstIndex(of: "text") else {
            throw CorpusError.noTextColumn(path, columns: reader.columns)
        }
        let labelColumn = reader.columns.firstIndex(of: "label")
        let identifier = reader.columns.firstIndex(of: "id")
        let partColumn = reader.columns.firstIndex(of: "split")
        while let (fields, line) = try reader.next() {
            try body(
                CorpusMessage(
                    set: name, path: identifier.map { fields[$0] } ?? "line-\(line)",
                    label: label ?? labelColumn.map { fields[$0] },
                    part: partColumn.flatMap { try part(fields[$0], line: line) },
                    content: .text(fields[text])))
        }
    }

    /// The part that a value of the column `split` names; nil when it is empty.
    private func part(_ name: String, line: Int) throws -> DataSplit? {
        let lower = name.lowercased()
        if lower.isEmpty { return nil }
        if ["valid", "validation"].contains(lower) { return .dev }
        guard let part = DataSplit(rawValue: lower) else {
            throw CorpusError.unknownSplit(path, line: line, name: name)
        }
        return part
    }

    /// Passes on one message, or each message of an mbox file.
    private func emit(
        _ file: String, _ bytes: [UInt8], _ body: (CorpusMessage) throws -> Void
    ) throws {
        let messages = Mbox.isMbox(bytes) ? Mbox.split(bytes) : [bytes]
        for (index, message) in messages.enumerated() {
            let path = messages.count > 1 ? "\(file)#\(index + 1)" : file
            try body(
                CorpusMessage(set: name, path: path, label: label, content: .message(message)))
        }
    }

    private func read(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CorpusError.unreadable(file)
        }
        return Array(data)
    }
}
