import CPostgreSQL
import Dispatch
import Glibc

/// Hears what other sessions notify (`NOTIFY`), on a connection of its own.
///
/// The server keeps nothing for a listener that is away, so each connection, the first too, is
/// reported: whoever listens then looks for what he missed.
///
/// `@unchecked Sendable`: what changes is used on `queue` only.
public final class PostgreSQLListener: @unchecked Sendable {
    /// What the listener reports.
    public enum Event: Sendable, Equatable {
        /// It listens now; what came before was missed.
        case connected
        /// Another session, or this host's own, notified.
        case notification(channel: String, payload: String)
        /// It does not hear anything any more, and connects again by itself.
        case disconnected(PostgreSQLError)
    }

    private let address: PostgreSQLAddress
    private let limits: PostgreSQLLimits
    private let channels: [String]
    private let report: @Sendable (Event) -> Void
    private let queue = DispatchQueue(label: "siftd.postgresql.listener", qos: .utility)
    private var connection: PostgreSQLConnection?
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    private var backOff = BackOff()
    private var isStopped = false

    /// Seconds between two questions that find out whether the server is still there.
    private static let checkSeconds = 10

    /// A listener that does nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - address: where the database is.
    ///   - channels: names of channels, in lower case.
    ///   - limits: time limits.
    ///   - report: is called on the listener's queue, which must not wait for long.
    public init(
        _ address: PostgreSQLAddress, channels: [String],
        limits: PostgreSQLLimits = PostgreSQLLimits(),
        report: @escaping @Sendable (Event) -> Void
    ) {
        self.address = address
        self.channels = channels
        self.limits = limits
        self.report = report
    }

    deinit { release() }

    /// Connects in the background, and again whenever the connection is lost.
    public func start() {
        queue.async { [weak self] in self?.connect() }
    }

    /// Stops; nothing is reported after this returns.
    ///
    /// Not to be called from within a report.
    public func stop() {
        queue.sync {
            isStopped = true
            release()
        }
    }

    private func connect() {
        guard !isStopped, connection == nil else { return }
        do throws(PostgreSQLError) {
            let connection = try PostgreSQLConnection(address, limits: limits)
            for channel in channels {
                try connection.script("LISTEN \(connection.quoted(channel))")
            }
            self.connection = connection
            watch(connection)
            backOff = BackOff()
            report(.connected)
            // Notifications may have come along with the answers.
            receive()
        } catch {
            lose(error)
        }
    }

    private func watch(_ connection: PostgreSQLConnection) {
        let descriptor = connection.descriptor
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in self?.receive() }
        // The descriptor must stay open until Dispatch no longer looks at it.
        source.setCancelHandler { connection.close() }
        source.resume()
        self.source = source
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let interval = DispatchTimeInterval.seconds(PostgreSQLListener.checkSeconds)
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .seconds(1))
        timer.setEventHandler { [weak self] in self?.check() }
        timer.resume()
        self.timer = timer
    }

    /// Reads what has arrived.
    private func receive() {
        guard let connection else { return }
        do throws(PostgreSQLError) {
            for (channel, payload) in try connection.notifications() {
                report(.notification(channel: channel, payload: payload))
            }
        } catch {
            lose(error)
        }
    }

    private func check() {
        guard let connection else { return }
        do throws(PostgreSQLError) {
            try connection.run("SELECT 1")
        } catch {
            return lose(error)
        }
        receive()
    }

    private func lose(_ error: PostgreSQLError) {
        release()
        guard !isStopped else { return }
        report(.disconnected(error))
        queue.asyncAfter(deadline: .now() + backOff.wait()) { [weak self] in self?.connect() }
    }

    private func release() {
        timer?.cancel()
        timer = nil
        if let source { source.cancel() } else { connection?.close() }
        source = nil
        connection = nil
    }
}

extension PostgreSQLConnection {
    /// The socket; -1 when the session is closed.
    var descriptor: Int32 { handle.map { PQsocket($0) } ?? -1 }

    /// A name as SQL has it.
    public func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// What other sessions have notified since the last call, without waiting.
    ///
    /// - Throws: ``PostgreSQLError`` when the session is lost.
    func notifications() throws(PostgreSQLError) -> [(channel: String, payload: String)] {
        guard let handle, PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else {
            let reason = handle.map { String(cString: PQerrorMessage($0)) } ?? "it is closed"
            let line = reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? reason
            throw PostgreSQLError(.unavailable, "connection to \(server) lost: \(line)")
        }
        var found: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(handle) {
            defer { PQfreemem(notification) }
            found.append(
                (
                    String(cString: notification.pointee.relname),
                    String(cString: notification.pointee.extra)
                ))
        }
        return found
    }
}
