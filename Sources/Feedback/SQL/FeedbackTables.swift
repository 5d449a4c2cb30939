/// The labels, the history and the retrainings in the tables of an SQL database.
///
/// What the labels do is decided here, the same for each engine.
struct FeedbackTables: FeedbackStore {
    let engine: any SQLEngine
    let options: FeedbackOptions

    /// Rows that are read at once: an engine may hold them all in memory.
    static let pageSize = 500

    /// An error for a value that can't be stored.
    func invalid(_ reason: String) -> FeedbackError {
        FeedbackError(.invalid, store: engine.store, reason: reason)
    }

    func check() throws(FeedbackError) { try engine.check() }

    func time() throws(FeedbackError) -> Int64 { try engine.time() }
}
