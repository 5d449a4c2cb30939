import Foundation
import GRDB
import Glibc

/// Opens the file of a SQLite store, or creates it.
struct StoreFile {
    let path: String
    let busySeconds: Double

    /// The largest file that is looked through whenever it is opened, in bytes.
    private static let largestChecked = 64 << 20

    private var directory: String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "feedback"
        // GRDB's default asks for a nice value below 0; where that is not permitted, Dispatch
        // writes to standard error for each thread that it starts.
        configuration.qos = .default
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { db in
            // Erased labels are personal data: their bytes are overwritten.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// Opens the file and brings its tables up to date.
    func open() throws(FeedbackError) -> DatabasePool {
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FeedbackError(
                .missingDirectory, store: path,
                reason: "the directory \(directory) does not exist; create it for siftd's user")
        }
        if stat(path, &status) == 0 {
            try checkNotEmpty(status)
        } else if errno == ENOENT {
            try create()
        } else {
            throw systemError("can't be looked up")
        }
        do {
            try checkVersion()
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL for write-ahead logs, which can lose the last commits when the power
            // fails. All writing is done on this one connection.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.migrator.migrate(pool)
            return pool
        } catch { throw FeedbackError(error, store: path) }
    }

    /// SQLite would take an empty file for a new store: no creation of ours leaves one.
    ///
    /// The file is not opened: closing a descriptor drops all of the process's locks on its file
    /// (fcntl(2)), those of another connection too.
    private func checkNotEmpty(_ status: stat) throws(FeedbackError) {
        if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 {
            throw FeedbackError.corrupt("it is empty", store: path)
        }
    }

    /// Looks at the file without a change to it.
    private func checkVersion() throws {
        var configuration = configuration
        configuration.readonly = true
        try DatabaseQueue(path: path, configuration: configuration).read { db in
            guard try Int64.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID
            else {
                throw FeedbackError(
                    .invalid, store: path,
                    reason: "belongs to another program; name another file")
            }
            guard try !Schema.migrator.hasBeenSuperseded(db) else {
                throw FeedbackError(
                    .newerVersion, store: path,
                    reason: "was written by a newer siftd, which this one can't read; install the "
                        + "newer version again, or restore a backup from before it")
            }
            var status = stat()
            guard stat(path, &status) == 0, status.st_size <= StoreFile.largestChecked else {
                return
            }
            // Writing to a damaged file would damage it further.
            let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
            if finding != "ok" { throw FeedbackError.corrupt(finding ?? "no answer", store: path) }
        }
    }

    /// Creates the file under another name and renames it when it is complete, so that a crash
    /// leaves no half of a store, and of two processes that create it one wins.
    private func create() throws(FeedbackError) {
        let scratch = "\(path).new-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = Glibc.open(scratch, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemError("can't be created") }
        // SQLite gives the files beside it to the same owner.
        FolderOwner.adopt(descriptor, at: scratch)
        close(descriptor)
        // The files beside it are SQLite's; they stay when it can't close the store properly.
        defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(scratch + ending) } }
        do {
            let pool = try DatabasePool(path: scratch, configuration: configuration)
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.migrator.migrate(pool)
            try pool.close()
        } catch { throw FeedbackError(error, store: path) }
        guard link(scratch, path) == 0 || errno == EEXIST else {
            throw systemError("can't be created")
        }
        let folder = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw systemError("its directory can't be opened") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw systemError("its directory can't be written") }
    }

    private func systemError(_ what: String) -> FeedbackError {
        let number = errno
        let reason = "\(what): \(String(cString: strerror(number)))"
        if number == ENOSPC || number == EDQUOT {
            return FeedbackError(.full, store: path, reason: "\(reason); free space, try again")
        }
        return FeedbackError(
            .notWritable, store: path,
            reason: "\(reason); file and directory must belong to siftd's user, on a file system "
                + "that is mounted for writing")
    }
}
