import Archives
import Foundation

/// Files, directories and archives.
extension Corpus {
    /// What a data set holds.
    enum Item {
        case message(CorpusMessage)
        case leftOut(LeftOutFile)
    }

    /// A file, or a member of an archive, whose content is at hand.
    struct File {
        /// The path inside the data set.
        var path: String
        /// Where it is stored.
        var location: CorpusMessage.Location
        /// Whether it was named on the command line, and so holds what is wanted.
        var isNamed = false
        /// Archives and compressed files around it.
        var depth = 0
    }

    /// Archives in archives that are opened: people pack a packed mailbox again, and nobody packs
    /// mail deeper than this.
    private static let largestDepth = 4
    /// Endings of archives that may lack a mark in their first bytes.
    private static let archiveSuffixes = [".tar", ".zip"]

    func forEachItem(_ emit: (Item) throws -> Void) throws {
        let last = URL(fileURLWithPath: path).lastPathComponent
        var file = File(path: last, location: .init(path: path), isNamed: true)
        if path == "-" {
            file.path = "-"
            let bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
            return try read(file, .bytes(bytes), FileFormat(bytes), emit)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == EACCES
                ? CorpusError.unreadable(path, Corpus.reasonAgainst(file: path))
                : CorpusError.missing(path)
        }
        if status.st_mode & S_IFMT == S_IFDIR { return try readDirectory(emit) }
        // A large archive is not read into memory as a whole.
        try read(file, .file(path), try format(of: path), emit)
    }

    /// What a file on disk is, by its first bytes and its name.
    private func format(of path: String) throws -> FileFormat {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CorpusError.unreadable(path, Corpus.reasonAgainst(file: path))
        }
        defer { try? handle.close() }
        let start = (try? handle.read(upToCount: FileFormat.prefixLength)) ?? Data()
        let format = FileFormat(start)
        let lower = path.lowercased()
        return format == .plain && Corpus.archiveSuffixes.contains(where: lower.hasSuffix)
            ? .packed : format
    }

    // MARK: Directories

    private func readDirectory(_ emit: (Item) throws -> Void) throws {
        if let reason = Corpus.reasonAgainst(folder: path) {
            throw CorpusError.unlistable(path, reason)
        }
        guard let walker = FileManager.default.enumerator(atPath: path) else {
            throw CorpusError.unlistable(path)
        }
        var files: [String] = []
        for case let file as String in walker where !isHidden(file) { files.append(file) }
        let known = Set(files)
        // The walker passes over folders that it may not list; what it finds in them is not read.
        var closed: [String] = []
        for file in files.sorted() where !closed.contains(where: file.hasPrefix) {
            let full = "\(path)/\(file)"
            if isFolder(full) {
                guard let reason = Corpus.reasonAgainst(folder: full) else { continue }
                closed.append(file + "/")
                try leaveOut(file, reason, emit)
                continue
            }
            var status = stat()
            guard !isIndex(file, known) else { continue }
            guard stat(full, &status) == 0 else {
                // A link into a closed folder; others lead nowhere.
                if errno == EACCES { try leaveOut(file, Corpus.reasonAgainst(file: full), emit) }
                continue
            }
            guard status.st_mode & S_IFMT == S_IFREG else { continue }
            guard let content = FileManager.default.contents(atPath: full) else {
                try leaveOut(file, Corpus.reasonAgainst(file: full), emit)
                continue
            }
            let bytes = Array(content)
            try read(
                File(path: file, location: .init(path: full)), .bytes(bytes), FileFormat(bytes),
                emit)
        }
    }

    /// True for a directory, and not for a link to one, which the walker does not follow.
    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Leaves out a file or folder that this user may not read, unless no mail is expected there.
    private func leaveOut(
        _ file: String, _ reason: String, _ emit: (Item) throws -> Void
    ) throws {
        guard !MailFile.isLitter(file) else { return }
        try emit(.leftOut(LeftOutFile(path: file, reason: reason, isInaccessible: true)))
    }

    /// Why a file can't be read, with the system's words where it has any.
    private static func reasonAgainst(file: String) -> String {
        guard access(file, R_OK) != 0 else { return "can't be read" }
        return "can't be read: \(String(cString: strerror(errno)))"
    }

    /// Why a directory can't be listed; nil when it can.
    private static func reasonAgainst(folder: String) -> String? {
        guard access(folder, R_OK | X_OK) != 0 else { return nil }
        return "can't be listed: \(String(cString: strerror(errno)))"
    }

    /// True for an index of the mail server, such as Dovecot's, beside cur/ and new/ of a Maildir.
    private func isIndex(_ file: String, _ known: Set<String>) -> Bool {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let prefix = folder.isEmpty ? "" : folder + "/"
        return known.contains(prefix + "cur") && known.contains(prefix + "new")
    }

    /// True for dot files and for messages that are still being delivered to a Maildir.
    private func isHidden(_ file: String) -> Bool {
        MailFile.isHidden(file) || file.split(separator: "/").contains { $0 == "tmp" }
    }

    // MARK: Files and members

    /// Passes on what a file holds; compressed files and archives are opened.
    private func read(
        _ file: File, _ source: ArchiveReader.Source, _ format: FileFormat,
        _ emit: (Item) throws -> Void
    ) throws {
        switch format {
        case .locked(let reason): try refuse(file, reason, emit)
        case .packed where file.depth == Corpus.largestDepth:
            try refuse(file, "lies in too many archives", emit)
        case .packed:
            do {
                try ArchiveReader.forEachEntry(in: source) { try read($0, of: file, emit) }
            } catch let failure as ArchiveReader.Failure {
                try refuse(file, failure.reason, emit)
            }
        case .plain: try readContent(file, bytes(source), emit)
        }
    }

    /// Passes on what a member of an archive holds, or what a compressed file has inside.
    private func read(
        _ entry: ArchiveReader.Entry, of file: File, _ emit: (Item) throws -> Void
    ) throws {
        var inner = file
        inner.depth += 1
        if let name = entry.name {
            guard !MailFile.isHidden(name), !isBeingDelivered(name) else { return }
            inner.path = file.depth == 0 && file.isNamed ? name : "\(file.path)/\(name)"
            inner.location.member = file.location.member.map { "\($0)/\(name)" } ?? name
            inner.isNamed = false
        }
        try read(inner, .bytes(entry.content), FileFormat(entry.content), emit)
    }

    /// True for messages in the folder tmp/ of a packed Maildir; the first folder of an archive may
    /// have that name for other reasons.
    private func isBeingDelivered(_ name: String) -> Bool {
        let folders = name.split(separator: "/").filter { $0 != "." }.dropLast()
        return folders.count > 1 && folders.last == "tmp"
    }

    private func bytes(_ source: ArchiveReader.Source) throws -> [UInt8] {
        switch source {
        case .bytes(let bytes): return bytes
        case .file(let path):
            guard let content = FileManager.default.contents(atPath: path) else {
                throw CorpusError.unreadable(path, Corpus.reasonAgainst(file: path))
            }
            return Array(content)
        }
    }

    /// Leaves a file out; what was named on the command line is an error instead.
    func refuse(_ file: File, _ reason: String, _ emit: (Item) throws -> Void) throws {
        guard !file.isNamed else { throw CorpusError.unreadable(file.location.path, reason) }
        try emit(.leftOut(LeftOutFile(path: file.path, reason: reason)))
    }
}
