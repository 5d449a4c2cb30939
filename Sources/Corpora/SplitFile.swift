import Foundation

/// Which part of the data a message belongs to.
public enum DataSplit: String, Sendable, CaseIterable, Codable {
    case train
    case dev
    case test
}

/// The fixed parts of data sets: lines `path<TAB>label<TAB>train|dev|test`.
public struct SplitFile: Sendable {
    public struct Entry: Sendable {
        public var label: String
        public var part: DataSplit
    }

    /// By data set, taken from the file's name up to its first dot, and path.
    private var entries: [String: [String: Entry]] = [:]

    public init() {}

    /// - Throws: ``CorpusError``.
    public init(paths: [String]) throws {
        for path in paths { try add(path) }
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// What the files say of a message: that of its own set, or of the only set that knows the path.
    /// An unpacked archive is found, too: its directory's name belongs to the path in the split.
    public func entry(set: String, path: String) -> Entry? {
        if let own = entries[set] { return own[path] ?? own["\(set)/\(path)"] }
        let found = entries.values.compactMap { $0[path] }
        return found.count == 1 ? found[0] : nil
    }

    private mutating func add(_ path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CorpusError(path: path, reason: "the split file can't be read")
        }
        let name =
            URL(fileURLWithPath: path).lastPathComponent.split(separator: ".").first
            .map(String.init) ?? path
        var set = entries[name] ?? [:]
        for (index, line) in text.split(separator: "\n").enumerated() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 3, let part = DataSplit(rawValue: String(fields[2])) else {
                throw CorpusError(
                    path: path,
                    reason: "line \(index + 1) is not path, label and train, dev or test, with "
                        + "tabs between")
            }
            set[String(fields[0])] = Entry(label: String(fields[1]), part: part)
        }
        entries[name] = set
    }
}
