import Corpora

/// The files of one data set that are no mail.
public struct LeftOutFiles: Sendable, Equatable {
    /// Files that are kept by name; the others are only counted.
    static let namedFiles = 20
    /// Files that an error names.
    private static let filesInError = 3

    /// The name of the data set.
    public let set: String
    /// The number of files.
    public private(set) var count = 0
    /// The first of them.
    public private(set) var files: [LeftOutFile] = []

    init(set: String) { self.set = set }

    mutating func add(_ file: LeftOutFile) {
        count += 1
        if files.count < LeftOutFiles.namedFiles { files.append(file) }
    }

    /// A human-readable line for each file that is kept by name, and one with the count.
    public var lines: [String] {
        var lines = files.map { "left out: \(set): \($0.path) \($0.reason)" }
        if count > files.count { lines.append("left out: \(count - files.count) more of \(set)") }
        return lines + ["\(set): \(count) \(count == 1 ? "file" : "files") left out"]
    }

    /// Some of the files with their reasons, for an error.
    var examples: String {
        files.prefix(LeftOutFiles.filesInError).map { "\($0.path) \($0.reason)" }
            .joined(separator: "; ")
    }
}

/// What becomes of a data set with files that are no mail.
public struct UnreadableFiles: Sendable {
    /// The share of a data set that may be left out; a larger one shows that the data are not what
    /// they were taken for, such as a Maildir that the server encrypts.
    static let allowedShare = 0.1

    /// Whether any share may be left out, and files and folders that this user may not read.
    public var areAllowed: Bool
    /// Called for each data set of which files were left out, on the thread that reads.
    public var report: @Sendable (LeftOutFiles) -> Void

    /// - Parameters:
    ///   - areAllowed: whether any share of a data set may be left out, instead of a tenth, and
    ///     what this user may not read.
    ///   - report: called for each data set of which files were left out.
    public init(
        areAllowed: Bool = false, report: @escaping @Sendable (LeftOutFiles) -> Void = { _ in }
    ) {
        self.areAllowed = areAllowed
        self.report = report
    }

    /// Refuses a file or folder that this user may not read, unless such are allowed.
    ///
    /// - Throws: `CorpusError` of the kind `unreadable`.
    func check(_ file: LeftOutFile, in mail: any LabelledMail) throws(CorpusError) {
        guard !areAllowed else { return }
        throw CorpusError(
            .unreadable, path: "\(mail.path)/\(file.path)",
            reason: "\(file.reason); let this user read it, or write --allow-unreadable to go on "
                + "with the others")
    }

    /// Reports what was left out of a data set.
    ///
    /// - Throws: ``TrainingError`` of the kind `tooFewReadable` when it was too much.
    func check(_ leftOut: LeftOutFiles, messages: Int) throws(TrainingError) {
        guard leftOut.count > 0 else { return }
        report(leftOut)
        let all = messages + leftOut.count
        guard !areAllowed, Double(leftOut.count) > UnreadableFiles.allowedShare * Double(all) else {
            return
        }
        throw TrainingError(
            .tooFewReadable, leftOut.set,
            reason: "\(leftOut.count) of \(all) files can't be read as mail (\(leftOut.examples)); "
                + "remove them, or write --allow-unreadable to go on with the others")
    }
}
