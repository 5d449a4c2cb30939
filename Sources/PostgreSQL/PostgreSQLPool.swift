import Dispatch
import Synchronization

/// Connections that callers share, at most so many.
///
/// While no server answers, a call fails at once: one task in the background asks again with
/// growing waits, and no caller waits for an attempt that others saw fail. Nothing connects before
/// the first call.
public final class PostgreSQLPool: Sendable {
    /// Where the database is.
    public let address: PostgreSQLAddress
    /// The time limits of each connection.
    public let limits: PostgreSQLLimits
    /// The most connections at a time.
    public let size: Int
    private let waitSeconds: Double
    private let permits: DispatchSemaphore
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "siftd.postgresql.pool", qos: .utility)

    private struct State {
        var idle: [PostgreSQLConnection] = []
        var failure: PostgreSQLError?
        var lastContact: ContinuousClock.Instant?
        var backOff = BackOff()
        /// Counts how often a server was found, so that attempts from before it end.
        var finds = 0
        var isClosed = false
    }

    /// A pool without connections yet.
    ///
    /// - Parameters:
    ///   - address: where the database is.
    ///   - size: the most connections at a time.
    ///   - waitSeconds: how long a call waits for a connection that others use.
    ///   - limits: the time limits of each connection.
    public init(
        _ address: PostgreSQLAddress, size: Int = 4, waitSeconds: Double = 2,
        limits: PostgreSQLLimits = PostgreSQLLimits()
    ) {
        self.address = address
        self.size = max(1, size)
        self.waitSeconds = waitSeconds
        self.limits = limits
        permits = DispatchSemaphore(value: max(1, size))
    }

    /// Why no server answers; nil while one does, or nobody has asked yet.
    public var failure: PostgreSQLError? { state.withLock { $0.failure } }

    /// When a server last did what was asked; nil before the first time.
    public var lastContact: ContinuousClock.Instant? { state.withLock { $0.lastContact } }

    /// Runs something with a connection.
    ///
    /// - Parameter body: it must not keep the connection.
    /// - Returns: what `body` does.
    /// - Throws: ``PostgreSQLError``, at once while no server answers, or what `body` throws.
    @discardableResult
    public func withConnection<Value>(
        _ body: (PostgreSQLConnection) throws -> Value
    ) throws -> Value {
        try checkUp()
        guard permits.wait(timeout: .now() + waitSeconds) == .success else {
            throw PostgreSQLError(
                .busy, "all \(size) connections were in use for \(waitSeconds) s")
        }
        defer { permits.signal() }
        // Those who used the connections may have found out meanwhile.
        try checkUp()
        let connection = try idle() ?? connect()
        defer { giveBack(connection) }
        do {
            return try body(connection)
        } catch let error as PostgreSQLError {
            // A session that ended may be one that the server ended. One that is silent, or a
            // server that starts or stops, is a reason to keep the others from waiting for the
            // same.
            if error.kind == .unavailable, connection.isClosed, error.sqlState != "57P01" {
                markDown(error)
            }
            throw error
        }
    }

    /// Runs statements of which all take effect, or none; see
    /// ``PostgreSQLConnection/transaction(_:readOnly:_:)``.
    @discardableResult
    public func transaction<Value>(
        _ isolation: PostgreSQLConnection.Isolation = .readCommitted, readOnly: Bool = false,
        _ body: (PostgreSQLConnection) throws -> Value
    ) throws -> Value {
        try withConnection { try $0.transaction(isolation, readOnly: readOnly, body) }
    }

    /// Runs one statement; see ``PostgreSQLConnection/run(_:_:)``.
    @discardableResult
    public func run(_ sql: String, _ parameters: [PostgreSQLValue] = []) throws -> PostgreSQLRows {
        try withConnection { try $0.run(sql, parameters) }
    }

    /// Tries to connect at once if no server has answered, such as when a listener has found one.
    public func retry() {
        queue.async { [weak self] in
            guard let self, failure != nil else { return }
            _ = attempt()
        }
    }

    /// Closes all connections that are not in use; those that are close when they are given back.
    public func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        idle.forEach { $0.close() }
    }

    // MARK: Connections

    private func checkUp() throws {
        let (failure, isClosed) = state.withLock { ($0.failure, $0.isClosed) }
        if isClosed { throw PostgreSQLError(.unavailable, "siftd is stopping") }
        if let failure { throw failure }
    }

    /// An idle connection that the server has not closed; nil when there is none.
    private func idle() -> PostgreSQLConnection? {
        while let connection = state.withLock({ $0.idle.popLast() }) {
            if !connection.isAbandoned() { return connection }
            connection.close()
        }
        return nil
    }

    private func connect() throws -> PostgreSQLConnection {
        do throws(PostgreSQLError) {
            let connection = try PostgreSQLConnection(address, limits: limits)
            markUp()
            return connection
        } catch {
            // Other errors, such as too many connections, say that a server is there.
            switch error.kind {
            case .unavailable, .refused, .readOnly: markDown(error)
            default: break
            }
            throw error
        }
    }

    private func giveBack(_ connection: PostgreSQLConnection) {
        guard !connection.isClosed else { return }
        let isKept = state.withLock { state in
            state.lastContact = ContinuousClock.now
            if !state.isClosed { state.idle.append(connection) }
            return !state.isClosed
        }
        if !isKept { connection.close() }
    }

    // MARK: While no server answers

    private func markUp() {
        state.withLock { state in
            state.failure = nil
            state.backOff = BackOff()
            state.finds += 1
            state.lastContact = ContinuousClock.now
        }
    }

    /// Lets calls fail until the server answers again.
    private func markDown(_ error: PostgreSQLError) {
        let (isFirst, idle) = state.withLock { state in
            defer {
                state.failure = error
                state.idle = []
            }
            return (state.failure == nil, state.idle)
        }
        idle.forEach { $0.close() }
        if isFirst { scheduleAttempt() }
    }

    private func scheduleAttempt() {
        let (wait, finds) = state.withLock { ($0.backOff.wait(), $0.finds) }
        // The pool may go away meanwhile: nobody needs the attempt then.
        queue.asyncAfter(deadline: .now() + wait) { [weak self] in
            guard let self, state.withLock({ $0.finds == finds && !$0.isClosed }) else { return }
            if !attempt() { scheduleAttempt() }
        }
    }

    /// Tries to connect.
    ///
    /// - Returns: whether a server answered.
    private func attempt() -> Bool {
        do throws(PostgreSQLError) {
            let connection = try PostgreSQLConnection(address, limits: limits)
            markUp()
            giveBack(connection)
            return true
        } catch {
            // Another call may have found a server meanwhile.
            state.withLock { if $0.failure != nil { $0.failure = error } }
            return false
        }
    }
}
