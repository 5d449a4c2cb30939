import Feedback
import Fleet
import PostgreSQL

extension SharedStoreOptions {
    /// Connections for a command, which does not go on without a database.
    ///
    /// - Throws: `FleetError` when no database is named, `FeedbackError` for a URL that is not
    ///   acceptable.
    public func pool() throws -> PostgreSQLPool {
        guard isShared else {
            throw FleetError(
                .failed, "store.url names no database: this host shares nothing with others")
        }
        return try connections()
    }
}
