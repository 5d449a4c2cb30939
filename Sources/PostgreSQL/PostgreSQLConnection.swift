import CPostgreSQL
import Foundation
import Glibc

/// One session with the server.
///
/// Each wait has a time limit of this side too, so that a server that is stopped, or a network
/// that swallows packets, can't hold a caller. A connection whose answer did not arrive in time is
/// closed, because what it would read next belongs to the statement before.
///
/// `@unchecked Sendable`: one thread at a time uses it; ``PostgreSQLPool`` and
/// ``PostgreSQLListener`` see to that.
public final class PostgreSQLConnection: @unchecked Sendable {
    /// The server, for messages: `db.example.net:5432`.
    public let server: String
    /// The limits of the session.
    public private(set) var limits: PostgreSQLLimits
    /// Whether a transaction is open.
    public private(set) var isInTransaction = false
    /// libpq's connection; nil once it is closed.
    private(set) var handle: OpaquePointer?
    /// The names of prepared statements by text and types of their parameters.
    private var prepared: [Statement: String] = [:]

    private struct Statement: Hashable {
        var sql: String
        var types: [UInt32]
    }

    /// More different statements than siftd has; a session that reaches it begins anew.
    private static let mostPrepared = 500

    /// Connects.
    ///
    /// - Parameters:
    ///   - address: its servers are tried in order until one takes changes.
    ///   - limits: time limits; each server has its own limit for connecting.
    /// - Throws: ``PostgreSQLError``, the one of the last server, or of one that refused.
    public init(
        _ address: PostgreSQLAddress, limits: PostgreSQLLimits = PostgreSQLLimits()
    ) throws(PostgreSQLError) {
        let (handle, server) = try PostgreSQLConnection.connect(address, seconds: limits.connect)
        self.handle = handle
        self.server = server
        self.limits = limits
        try script(limits.script)
    }

    /// Connects to the first server that takes changes.
    private static func connect(
        _ address: PostgreSQLAddress, seconds: Double
    ) throws(PostgreSQLError) -> (handle: OpaquePointer, server: String) {
        let password = try address.password()
        var failure: PostgreSQLError?
        for endpoint in address.endpoints {
            let attempt = ConnectionAttempt(
                address: address, endpoint: endpoint, password: password, seconds: seconds)
            do throws(PostgreSQLError) {
                return (try attempt.run(), endpoint.name)
            } catch {
                // A refusal says more than the silence of a server that is tried after it.
                if failure?.kind != .refused { failure = error }
            }
        }
        throw failure ?? PostgreSQLError(.invalid, "the address names no server")
    }

    deinit { close() }

    /// Ends the session; it can't be used any more.
    public func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        prepared = [:]
        isInTransaction = false
    }

    /// Whether the session can't be used any more.
    public var isClosed: Bool { handle == nil }

    /// The server's version, such as 150018 for 15.18.
    public var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

    /// Whether the session is encrypted.
    public var isEncrypted: Bool { handle.map { PQsslInUse($0) != 0 } ?? false }

    /// The server's IP address; nil for a unix socket and for a session that is closed.
    public var serverAddress: String? {
        guard let handle, let address = PQhostaddr(handle) else { return nil }
        let text = String(cString: address)
        return text.isEmpty || text.hasPrefix("/") || text.hasPrefix("@") ? nil : text
    }

    /// Whether the other side has closed an idle session, found out without a question to it.
    func isAbandoned() -> Bool {
        guard let handle else { return true }
        // An idle session has nothing to read: what there is, is its end, or the reason for it,
        // which comes first. A mere notice costs a connection that is made anew.
        return SocketWait.events(PQsocket(handle), POLLIN, until: Deadline(seconds: 0)) != 0
    }

    // MARK: Statements

    /// Runs one statement and returns its rows.
    ///
    /// The server keeps the statement's plan for the session.
    ///
    /// - Parameters:
    ///   - sql: one statement with the parameters `$1`, `$2` and so on.
    ///   - parameters: their values.
    /// - Returns: the rows, as values.
    /// - Throws: ``PostgreSQLError``.
    @discardableResult
    public func run(
        _ sql: String, _ parameters: [PostgreSQLValue] = []
    ) throws(PostgreSQLError) -> PostgreSQLRows {
        let handle = try open()
        let deadline = Deadline(seconds: limits.statement + PostgreSQLLimits.grace)
        let name = try prepare(Statement(sql: sql, types: parameters.map(\.typeID)), deadline)
        try send(handle) { StatementCall(name: name, parameters: parameters).send(handle) }
        guard let result = try results(handle, deadline).last else { return PostgreSQLRows() }
        return try result.rows()
    }

    /// Runs statements without parameters, all in one transaction unless they say otherwise.
    ///
    /// - Throws: ``PostgreSQLError``.
    public func script(_ sql: String) throws(PostgreSQLError) {
        let handle = try open()
        let deadline = Deadline(seconds: limits.statement + PostgreSQLLimits.grace)
        try send(handle) { PQsendQuery(handle, sql) }
        _ = try results(handle, deadline)
    }

    /// The name of a prepared statement, which it prepares if the session doesn't know it.
    private func prepare(
        _ statement: Statement, _ deadline: Deadline
    ) throws(PostgreSQLError) -> String {
        if let name = prepared[statement] { return name }
        let handle = try open()
        guard prepared.count < PostgreSQLConnection.mostPrepared else {
            try script("DEALLOCATE ALL")
            prepared = [:]
            return try prepare(statement, deadline)
        }
        let name = "siftd_\(prepared.count + 1)"
        try send(handle) {
            PQsendPrepare(
                handle, name, statement.sql, Int32(statement.types.count), statement.types)
        }
        _ = try results(handle, deadline)
        prepared[statement] = name
        return name
    }

    /// libpq's connection, if there still is one.
    private func open() throws(PostgreSQLError) -> OpaquePointer {
        guard let handle else {
            throw PostgreSQLError(.unavailable, "the connection to \(server) is closed")
        }
        return handle
    }

    /// Hands a question to libpq, which sends it while the answer is waited for.
    private func send(
        _ handle: OpaquePointer, _ question: () -> Int32
    ) throws(PostgreSQLError) {
        guard question() == 1 else { throw lost() }
    }

    /// Waits for all answers to what was sent.
    private func results(
        _ handle: OpaquePointer, _ deadline: Deadline
    ) throws(PostgreSQLError) -> [ServerResult] {
        var results: [ServerResult] = []
        var failure: PostgreSQLError?
        while true {
            try awaitAnswer(handle, deadline)
            guard let pointer = PQgetResult(handle) else { break }
            let result = ServerResult(pointer)
            if let error = result.error {
                failure = failure ?? error
            } else {
                results.append(result)
            }
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            // The server says why it ends a session, if it can.
            let reason = failure?.reason
            throw lost(reason, sqlState: failure?.sqlState)
        }
        if let failure { throw failure }
        return results
    }

    /// Waits until the next answer is complete.
    private func awaitAnswer(_ handle: OpaquePointer, _ deadline: Deadline) throws(PostgreSQLError)
    {
        var unsent = PQflush(handle)
        while unsent == 1 || PQisBusy(handle) == 1 {
            if unsent < 0 { throw lost() }
            let wanted = unsent == 1 ? POLLIN | POLLOUT : POLLIN
            let events = SocketWait.events(PQsocket(handle), wanted, until: deadline)
            guard events != 0 else {
                throw lost("\(server) did not answer in time")
            }
            if events & POLLIN != 0 || events & (POLLERR | POLLHUP) != 0 {
                // At an error, PQgetResult has what the server said last.
                if PQconsumeInput(handle) == 0 { return }
            }
            if unsent == 1 { unsent = PQflush(handle) }
        }
        if unsent < 0 { throw lost() }
    }

    /// Closes the session, which is of no use any more.
    private func lost(_ reason: String? = nil, sqlState: String? = nil) -> PostgreSQLError {
        let text =
            reason
            ?? handle.map { String(cString: PQerrorMessage($0)) }?
            .split(whereSeparator: \.isNewline).first.map(String.init)
        close()
        return PostgreSQLError(
            .unavailable, "connection to \(server) lost: \(text ?? "no reason given")",
            sqlState: sqlState)
    }

    // MARK: Transactions

    /// How much of other transactions one sees.
    public enum Isolation: String, Sendable {
        /// Each statement sees what was committed before it.
        case readCommitted = "READ COMMITTED"
        /// All statements see what was committed before the first.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other; some fail as ``PostgreSQLError/Kind/busy``.
        case serializable = "SERIALIZABLE"
    }

    /// Runs statements of which all take effect, or none.
    ///
    /// - Parameters:
    ///   - isolation: how much of other transactions it sees.
    ///   - readOnly: whether the server refuses changes.
    ///   - body: the statements; its error undoes them and is thrown on.
    /// - Returns: what `body` does.
    /// - Throws: ``PostgreSQLError`` or what `body` throws. An error with `isOutcomeUnknown` says
    ///   that the connection was lost while the server committed.
    @discardableResult
    public func transaction<Value>(
        _ isolation: Isolation = .readCommitted, readOnly: Bool = false,
        _ body: (PostgreSQLConnection) throws -> Value
    ) throws -> Value {
        try script("BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")")
        isInTransaction = true
        defer { isInTransaction = false }
        let value: Value
        do {
            value = try body(self)
        } catch {
            // A session that can't even undo is closed, and the server undoes.
            if !isClosed { do { try script("ROLLBACK") } catch { close() } }
            throw error
        }
        do throws(PostgreSQLError) {
            try commit()
        } catch {
            var failure = error
            failure.isOutcomeUnknown = error.kind == .unavailable && !readOnly
            if !isClosed { close() }
            throw failure
        }
        return value
    }

    /// Commits; a transaction in which a statement failed answers ROLLBACK, which is no success.
    private func commit() throws(PostgreSQLError) {
        let handle = try open()
        try send(handle) { PQsendQuery(handle, "COMMIT") }
        let deadline = Deadline(seconds: limits.statement + PostgreSQLLimits.grace)
        guard try results(handle, deadline).last?.command == "COMMIT" else {
            throw PostgreSQLError(.failed, "the transaction was undone, because a statement failed")
        }
    }

    /// Runs something with other time limits for statements and locks, such as a migration.
    ///
    /// - Throws: ``PostgreSQLError`` or what `body` throws.
    @discardableResult
    public func withLimit<Value>(
        seconds: Double, _ body: (PostgreSQLConnection) throws -> Value
    ) throws -> Value {
        let former = limits
        var longer = limits
        longer.statement = seconds
        longer.lock = seconds
        limits = longer
        defer { limits = former }
        try script(longer.script)
        let value: Value
        do {
            value = try body(self)
        } catch {
            if !isClosed { do { try script(former.script) } catch { close() } }
            throw error
        }
        if !isClosed { try script(former.script) }
        return value
    }
}
