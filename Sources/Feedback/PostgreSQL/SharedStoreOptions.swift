import PostgreSQL

/// Where the database of several hosts is; the section `[store]` of the configuration.
public struct SharedStoreOptions: Sendable, Equatable, Codable {
    /// The URL of the database; empty for a file of this host alone.
    public var url = ""
    /// The file whose first line is the password; empty for none.
    public var passwordFile = ""
    /// The most connections of this process.
    public var pool = 4
    /// How long an attempt to connect, a statement, or a wait for a lock may take.
    public var timeout = Duration.seconds(2)

    /// The defaults: no database.
    public init() {}

    /// Whether the labels are in a database.
    public var isShared: Bool { !url.isEmpty }

    /// Whether the database is reached by unix sockets alone.
    ///
    /// - Throws: ``FeedbackError`` of the kind `invalid` for a URL that is not acceptable.
    public func isLocal() throws(FeedbackError) -> Bool {
        do { return try PostgreSQLAddress(url: url).isLocal } catch {
            throw FeedbackError(.invalid, store: "the database", reason: "\(error)")
        }
    }

    /// Connections to the database; nothing is opened yet.
    ///
    /// - Throws: ``FeedbackError`` of the kind `invalid` for a URL that is not acceptable.
    public func connections() throws(FeedbackError) -> PostgreSQLPool {
        do {
            let address = try PostgreSQLAddress(
                url: url, passwordFile: passwordFile.isEmpty ? nil : passwordFile)
            let seconds = timeout / .seconds(1)
            return PostgreSQLPool(
                address, size: pool, waitSeconds: seconds,
                limits: PostgreSQLLimits(seconds: seconds))
        } catch { throw FeedbackError(.invalid, store: "the database", reason: "\(error)") }
    }
}
