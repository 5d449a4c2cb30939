/// How long things may take, in seconds.
public struct PostgreSQLLimits: Sendable, Equatable {
    /// For a connection to one server, TLS and password included.
    public var connect = 2.0
    /// For one statement at the server; the client waits a second more for its answer.
    public var statement = 2.0
    /// For a lock within a statement.
    public var lock = 2.0

    /// The defaults.
    public init() {}

    /// The same limit for everything.
    public init(seconds: Double) {
        connect = seconds
        statement = seconds
        lock = seconds
    }

    /// Between two statements of a transaction, whatever their own limit.
    private static let idle = 5.0

    /// The time in which the answer of a statement that the server stopped still arrives.
    static let grace = 1.0

    /// The statements that set the server's limits for the session.
    ///
    /// A transaction whose client was cut off holds its locks: no other host could write.
    var script: String {
        """
        SET statement_timeout = \(milliseconds(statement));
        SET lock_timeout = \(milliseconds(lock));
        SET idle_in_transaction_session_timeout = \(milliseconds(PostgreSQLLimits.idle));
        SET client_min_messages = warning;
        SET TimeZone = 'UTC'
        """
    }

    private func milliseconds(_ seconds: Double) -> Int { max(1, Int(seconds * 1_000)) }
}
