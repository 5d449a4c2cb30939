import CPostgreSQL
import Glibc

/// One attempt to connect to one server, within a time limit.
struct ConnectionAttempt {
    let address: PostgreSQLAddress
    let endpoint: PostgreSQLAddress.Endpoint
    let password: String?
    let seconds: Double

    /// Seconds until the system asks whether a silent server is still there, between two such
    /// questions, and the number of them that may stay without an answer.
    private static let keepalives = [
        "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5",
        "keepalives_count": "3",
    ]
    /// Milliseconds after which data that nobody acknowledged ends the connection.
    private static let unacknowledged = "15000"

    /// Connects.
    ///
    /// - Returns: libpq's connection in non-blocking mode, which the caller ends with PQfinish.
    func run() throws(PostgreSQLError) -> OpaquePointer {
        guard let handle = start() else { throw PostgreSQLError(.failed, "out of memory") }
        do throws(PostgreSQLError) {
            try finish(handle)
        } catch {
            PQfinish(handle)
            throw error
        }
        PQsetnonblocking(handle, 1)
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        return handle
    }

    private func start() -> OpaquePointer? {
        var options = ConnectionAttempt.keepalives
        options["tcp_user_timeout"] = ConnectionAttempt.unacknowledged
        options.merge(address.options) { $1 }
        options["host"] = endpoint.host.isEmpty ? nil : endpoint.host
        options["hostaddr"] = endpoint.address
        options["port"] = endpoint.port
        options["password"] = password
        let names = options.keys.sorted()
        let keywords = names.map { strdup($0) }
        let values = names.map { strdup(options[$0] ?? "") }
        defer { (keywords + values).forEach { free($0) } }
        // libpq copies the strings.
        let handle = PQconnectStartParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
        guard let handle else { return nil }
        siftd_pg_silence(handle)
        // With these messages the server's code can be read, see PostgreSQLError.connecting.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        return handle
    }

    private func finish(_ handle: OpaquePointer) throws(PostgreSQLError) {
        let deadline = Deadline(seconds: seconds)
        var wanted = PGRES_POLLING_WRITING
        while PQstatus(handle) != CONNECTION_BAD {
            let event = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
            guard SocketWait.events(PQsocket(handle), event, until: deadline) != 0 else {
                throw PostgreSQLError(
                    .unavailable, "connection to \(endpoint.name): no answer in time")
            }
            wanted = PQconnectPoll(handle)
            if wanted == PGRES_POLLING_OK { return }
            if wanted == PGRES_POLLING_FAILED { break }
        }
        throw PostgreSQLError.connecting(String(cString: PQerrorMessage(handle)))
    }
}
