import Foundation

/// Fixed splits of data sets, read from files with lines `path<TAB>label<TAB>train|dev|test`.
public struct SplitFile: Sendable {
    /// One line of a split file.
    public struct Entry: Sendable {
        /// The message's label.
        public var label: String
        /// The part that the message belongs to.
        public var part: DataSplit
    }

    /// Entries by data set, which is the file's name up to its first dot, and by path.
    private var entries: [String: [String: Entry]] = [:]

    /// No files: every message is free to be in any part.
    public init() {}

    /// Reads split files; later lines for the same path replace earlier ones.
    ///
    /// - Throws: ``CorpusError`` when a file is missing, is not UTF-8 or has a malformed line.
    public init(paths: [String]) throws {
        for path in paths { try add(path) }
    }

    /// True when there are no files, so that nothing is left out for want of an entry.
    public var isEmpty: Bool { entries.isEmpty }

    /// The entry of a message: of its own set, or of the only set that lists the path.
    ///
    /// Paths in a split are those in the archive. The messages of an unpacked archive are found as
    /// well, although the path of each lacks the name of the directory, which is the set's.
    public func entry(set: String, path: String) -> Entry? {
        if let listed = entries[set] { return listed[path] ?? listed["\(set)/\(path)"] }
        let candidates = entries.values.compactMap { $0[path] }
        return candidates.count == 1 ? candidates[0] : nil
    }

    private mutating func add(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { throw CorpusError.missing(path) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CorpusError.unreadable(path, "the split file can't be read")
        }
        let name = Corpus.setName(path)
        var set = entries[name] ?? [:]
        // To Swift, CR LF is one character.
        let lines = text.trimmingPrefix("\u{FEFF}")
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 3, let part = DataSplit(rawValue: String(fields[2])) else {
                throw CorpusError.brokenSplitLine(path, line: index + 1)
            }
            set[String(fields[0])] = Entry(label: String(fields[1]), part: part)
        }
        entries[name] = set
    }
}
