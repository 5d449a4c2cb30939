import Glibc

/// The changes that the registry makes to files, one step at a time.
///
/// Everything that changes the disk goes through here, so that a test can stop the registry before
/// any step, as a crash would, and see what it left.
struct Disk: Sendable {
    /// A step that failed.
    struct StepError: Error {
        /// What was tried.
        var step: String
        /// The system's number of the reason.
        var number: Int32
        /// The reason in words.
        var words: String { "\(step) failed: \(String(cString: strerror(number)))" }
    }

    /// Called with the name of each step before it; what it throws prevents the step.
    var willStep: @Sendable (String) throws -> Void = { _ in }
    /// Who gets what this process creates; nil for whoever runs it.
    var owner: Owner?

    /// A user and a group by their numbers.
    struct Owner: Sendable, Equatable {
        var user: uid_t
        var group: gid_t

        /// The owner of a directory to whom root leaves what it creates there; nil for others.
        ///
        /// Commands are run as root; the daemon, which is not root, goes on with what they wrote.
        init?(ofDirectory path: String) {
            var status = stat()
            guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return nil }
            user = status.st_uid
            group = status.st_gid
        }

        /// Gives an open file or directory away.
        func adopt(_ descriptor: Int32) -> Int32 { fchown(descriptor, user, group) }
    }

    private static let chunk = 1 << 20

    private func step(_ name: String, _ body: () -> Int32) throws {
        try willStep(name)
        guard body() == 0 else { throw StepError(step: name, number: errno) }
    }

    func makeDirectory(_ path: String) throws {
        try step("create directory \(path)") { mkdir(path, 0o755) }
        guard let owner else { return }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw StepError(step: "open \(path)", number: errno) }
        defer { close(descriptor) }
        try step("give directory \(path) to its owner") { owner.adopt(descriptor) }
    }

    /// Writes a new file, so that it is on disk; a crash may leave a part of it.
    func write(_ bytes: [UInt8], to path: String) throws {
        var rest = bytes[...]
        try create(path) {
            // Two parts at least: a crash may come in between.
            let part = rest.prefix(min(Disk.chunk, max(rest.count / 2, 1)))
            rest = rest.dropFirst(part.count)
            return Array(part)
        }
    }

    /// Copies a file, so that the copy is on disk.
    func copy(_ source: String, to path: String) throws {
        let descriptor = open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StepError(step: "open \(source)", number: errno) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: Disk.chunk)
        try create(path) {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw StepError(step: "read \(source)", number: errno) }
            return Array(buffer[..<count])
        }
    }

    private func create(_ path: String, _ next: () throws -> [UInt8]) throws {
        try willStep("create \(path)")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw StepError(step: "create \(path)", number: errno) }
        defer { close(descriptor) }
        if let owner { try step("give \(path) to its owner") { owner.adopt(descriptor) } }
        while case let bytes = try next(), !bytes.isEmpty {
            try willStep("write \(path)")
            var start = 0
            while start < bytes.count {
                let count = bytes[start...].withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StepError(step: "write \(path)", number: errno) }
                start += count
            }
        }
        try step("sync \(path)") { fsync(descriptor) }
    }

    /// Puts a file's content on disk.
    func syncFile(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StepError(step: "open \(path)", number: errno) }
        defer { close(descriptor) }
        try step("sync \(path)") { fsync(descriptor) }
    }

    /// Puts a directory's entries on disk.
    func syncDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StepError(step: "open \(path)", number: errno) }
        defer { close(descriptor) }
        try step("sync directory \(path)") { fsync(descriptor) }
    }

    /// Renames a file or directory; a file or link of the new name is replaced at once.
    func rename(_ old: String, to new: String) throws {
        try step("rename \(old) to \(new)") { Glibc.rename(old, new) }
    }

    func link(_ path: String, to target: String) throws {
        try step("link \(path)") { symlink(target, path) }
        guard let owner else { return }
        try step("give \(path) to its owner") { lchown(path, owner.user, owner.group) }
    }

    func remove(_ path: String) throws {
        try step("remove \(path)") { unlink(path) }
    }

    func removeDirectory(_ path: String) throws {
        try step("remove directory \(path)") { rmdir(path) }
    }

    /// Removes a file, a link, or a directory with all that is in it.
    func removeTree(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try names(in: path) { try removeTree("\(path)/\(name)") }
        try removeDirectory(path)
    }

    /// The names in a directory, in alphabetical order.
    func names(in path: String) throws -> [String] {
        guard let stream = opendir(path) else {
            throw StepError(step: "read directory \(path)", number: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The name is a C array inside the entry, which lives until the next readdir(3).
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
