import Foundation
import MailText

/// One message of a data set.
public struct CorpusMessage: Sendable {
    /// Name of the data set: the file or directory name up to its first dot.
    public var set: String
    /// Path inside the data set, or the id of a CSV row.
    public var path: String
    /// As the command line or a column says it; nil when they don't.
    public var label: String?
    /// From the column `split` of a CSV file; nil when there is none.
    public var part: DataSplit?
    public var content: MailInput

    public init(
        set: String, path: String, label: String?, part: DataSplit? = nil, content: MailInput
    ) {
        self.set = set
        self.path = path
        self.label = label
        self.part = part
        self.content = content
    }

    /// The name of the directory that the message lies in; nil at the top.
    public var folder: String? { path.split(separator: "/").dropLast().last.map(String.init) }

    /// The label of a data set of ham and spam: as told, or else the nearest directory of such a name
    /// that the message lies in.
    public var spamLabel: String? {
        label
            ?? path.split(separator: "/").dropLast().reversed().map(String.init)
            .first { Label(rawValue: $0) != nil }
    }
}

/// Reads messages from whatever holds them: a file, a directory with one sub-directory a label, a
/// Maildir, an mbox file, a CSV file, an archive of any of the first two.
public struct Corpus: Sendable {
    public let path: String
    /// The label given on the command line for all messages; nil takes the data's own.
    public let label: String?

    /// - Parameter argument: `PATH` or `PATH=LABEL`.
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

    /// The data set's name.
    public var name: String {
        let last = URL(fileURLWithPath: path).lastPathComponent
        return last.split(separator: ".").first.map(String.init) ?? last
    }

    /// Calls `body` with each message, in a fixed order.
    ///
    /// - Throws: ``CorpusError``, or what `body` throws.
    public func forEach(_ body: (CorpusMessage) throws -> Void) throws {
        var isDirectory: ObjCBool = false
        if path == "-" {
            let data = FileHandle.standardInput.readDataToEndOfFile()
            return try emit("-", Array(data), body)
        }
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CorpusError(path: path, reason: "does not exist")
        }
        if isDirectory.boolValue { return try readDirectory(body) }
        let lower = path.lowercased()
        if lower.hasSuffix(".csv") || lower.hasSuffix(".csv.gz") { return try readCSV(body) }
        let archives = [".tar", ".tgz", ".zip", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2"]
        if archives.contains(where: lower.hasSuffix) {
            return try ArchiveReader.forEachFile(in: path) { try emit($0, $1, body) }
        }
        let bytes = lower.hasSuffix(".gz") ? try ArchiveReader.decompressed(path) : try read(path)
        try emit(URL(fileURLWithPath: path).lastPathComponent, bytes, body)
    }

    // MARK: Kinds

    private func readDirectory(_ body: (CorpusMessage) throws -> Void) throws {
        guard let walker = FileManager.default.enumerator(atPath: path) else {
            throw CorpusError(path: path, reason: "the directory can't be listed")
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

    /// A file of the mail server's own beside the cur/ and new/ of a Maildir.
    private func isIndex(_ file: String, _ known: Set<String>) -> Bool {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let prefix = folder.isEmpty ? "" : folder + "/"
        return known.contains(prefix + "cur") && known.contains(prefix + "new")
    }

    /// Dot files, and the messages a Maildir is still delivering.
    private func isHidden(_ file: String) -> Bool {
        file.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "tmp" }
    }

    private func readCSV(_ body: (CorpusMessage) throws -> Void) throws {
        let bytes =
            path.lowercased().hasSuffix(".gz")
            ? try ArchiveReader.decompressed(path) : try read(path)
        var reader = try CSVReader(bytes, path: path)
        guard let text = reader.columns.firstIndex(of: "text") else {
            throw CorpusError(
                path: path,
                reason: "has no column \"text\"; its columns are "
                    + reader.columns.joined(separator: ", "))
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

    /// What a column `split` says; nil when it is empty.
    private func part(_ name: String, line: Int) throws -> DataSplit? {
        let lower = name.lowercased()
        if lower.isEmpty { return nil }
        if ["valid", "validation"].contains(lower) { return .dev }
        guard let part = DataSplit(rawValue: lower) else {
            throw CorpusError(
                path: path,
                reason: "line \(line): the split \"\(name)\" is not train, dev or test")
        }
        return part
    }

    /// One message, or the messages of an mbox file.
    private func emit(
        _ file: String, _ bytes: [UInt8], _ body: (CorpusMessage) throws -> Void
    ) throws {
        let messages = Mbox.isMbox(bytes) ? Mbox.split(bytes) : [bytes]
        for (index, message) in messages.enumerated() {
            let place = messages.count > 1 ? "\(file)#\(index + 1)" : file
            try body(
                CorpusMessage(set: name, path: place, label: label, content: .message(message)))
        }
    }

    private func read(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CorpusError(path: file, reason: "can't be read")
        }
        return Array(data)
    }
}

/// The labels of the spam head.
public enum Label: String, Sendable, CaseIterable, Codable {
    case ham
    case spam
}

/// The mbox format (RFC 4155): messages behind `From ` lines.
enum Mbox {
    private static let marker = Array("From ".utf8)

    /// True when a second `From ` line follows an empty line somewhere; a lone one in front belongs
    /// to a single message.
    static func isMbox(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: marker) && starts(in: bytes).count > 1
    }

    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        let starts = starts(in: bytes)
        return starts.enumerated().map { index, start in
            Array(bytes[start..<(index + 1 < starts.count ? starts[index + 1] : bytes.count)])
        }
    }

    /// `From ` at the start of a line behind an empty line, with a year in it and a header field on
    /// the next line: plain text has lines with `From ` as well.
    private static func starts(in bytes: [UInt8]) -> [Int] {
        var result: [Int] = []
        var index = 0
        var afterEmpty = true
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let line = bytes[index..<end]
            if afterEmpty, line.starts(with: marker), hasYear(line),
                isHeaderLine(bytes, from: end + 1)
            {
                result.append(index)
            }
            afterEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") }
            index = end + 1
        }
        return result
    }

    private static func isHeaderLine(_ bytes: [UInt8], from start: Int) -> Bool {
        guard start < bytes.count else { return false }
        let name = bytes[start...].prefix(80).prefix { $0 > 0x20 && $0 != UInt8(ascii: ":") }
        return !name.isEmpty && name.endIndex < bytes.count
            && bytes[name.endIndex] == UInt8(ascii: ":")
    }

    private static func hasYear(_ line: ArraySlice<UInt8>) -> Bool {
        line.split(separator: UInt8(ascii: " ")).contains { word in
            let digits = word.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            return digits.count == 4 && word.count <= 5
                && (word.starts(with: "19".utf8) || word.starts(with: "20".utf8))
        }
    }
}
