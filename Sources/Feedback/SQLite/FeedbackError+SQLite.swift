import GRDB

extension FeedbackError {
    /// What an error of SQLite means for the admin.
    ///
    /// - Parameters:
    ///   - error: of GRDB, or of the store itself, which is kept.
    ///   - store: the path of the store's file.
    init(_ error: any Error, store: String) {
        if let error = error as? FeedbackError {
            self = error
            return
        }
        if let damage = error as? StoreDamage {
            self = .corrupt("\(damage)", store: store)
            return
        }
        guard let failure = error as? DatabaseError else {
            self.init(.failed, store: store, reason: "\(error)")
            return
        }
        let text = failure.message ?? "SQLite error \(failure.resultCode.rawValue)"
        switch failure.resultCode {
        case .SQLITE_FULL:
            self.init(
                .full, store: store,
                reason: "no space left; nothing was changed. Free space or remove labels and "
                    + "history, then try again")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .notWritable, store: store,
                reason: "can't be opened for writing (\(text)); file and directory must belong to "
                    + "siftd's user, on a file system that is mounted for writing")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, store: store,
                reason: "another process holds it for too long; nothing was changed. Try again, "
                    + "or find the process with fuser(1)")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            self = .corrupt(text, store: store)
        default:
            self.init(
                .failed, store: store,
                reason: "\(text); nothing was changed. The kernel's log may say more")
        }
    }

    /// A damaged store is never replaced silently: the labels are people's work.
    static func corrupt(_ text: String, store: String) -> FeedbackError {
        FeedbackError(
            .corrupt, store: store,
            reason: "is damaged (\(text)). Stop siftd and restore the file from a backup, or save "
                + "what can be read with `sqlite3 \(store) .recover | sqlite3 NEW`; only a "
                + "file that is moved away is created anew, without labels")
    }
}
