import Feedback
import FilterTestKit
import PostgreSQL
import Synchronization
import Testing

/// A PostgreSQL database that a test has for itself, on a server that it may stop, or on the one of
/// all tests.
struct SharedDatabase {
    let server: PostgreSQLServer
    let url: String

    /// Creates the database; `isStopped` says whether the test stops the server.
    init(isStopped: Bool = false) throws {
        server = try isStopped ? PostgreSQLServer() : PostgreSQLServer.shared.get()
        url = server.url(try server.database())
    }

    /// The store as a host opens it.
    func store(
        host: String = "mx1", seconds: Double = 2,
        _ change: (inout FeedbackOptions) -> Void = { _ in }
    ) throws -> PostgreSQLFeedbackStore {
        var options = FeedbackOptions()
        change(&options)
        let pool = PostgreSQLPool(
            try PostgreSQLAddress(url: url), size: 3, limits: PostgreSQLLimits(seconds: seconds))
        return PostgreSQLFeedbackStore(pool, options: options, host: host)
    }

    /// Runs SQL as an admin would.
    @discardableResult
    func run(_ sql: String) throws -> PostgreSQLRows {
        let connection = try PostgreSQLConnection(try PostgreSQLAddress(url: url))
        defer { connection.close() }
        return try connection.run(sql)
    }
}

/// Collects what closures of other threads report.
final class Collected<Value: Sendable>: Sendable {
    private let values: Mutex<[Value]>

    init() { values = Mutex([]) }

    func add(_ value: Value) { values.withLock { $0.append(value) } }

    var all: [Value] { values.withLock { $0 } }
}
