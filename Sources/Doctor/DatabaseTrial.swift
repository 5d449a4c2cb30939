import Feedback
import Fleet
import Foundation
import PostgreSQL
import Settings

/// Asks the database of several hosts what siftd needs of it; changes nothing there.
public enum DatabaseTrial {
    /// What the database answered.
    public struct Answer: Sendable, Equatable {
        /// The server, such as `db.example.net:5432`, or the folder of its socket.
        public var server = ""
        /// The server's IP address; nil for a unix socket.
        public var address: String?
        /// Such as 150018 for 15.18.
        public var version = 0
        /// Whether the session is encrypted.
        public var isEncrypted = false
        /// Who the session is.
        public var role = ""
        /// Whether the role may do everything.
        public var isSuperuser = false
        /// The database's name.
        public var database = ""
        /// How texts are stored.
        public var encoding = "UTF8"
        /// Where the role's tables are; nil where it has no schema.
        public var schema: String?
        /// Whether the role may make tables there.
        public var mayCreate = true
        /// Other schemas that have a siftd's tables.
        public var otherSchemas: [String] = []
        /// The tables that the role may not read and change.
        public var forbiddenTables: [String] = []
        /// The tables that the role does not own, so that it could not bring them up to date.
        public var foreignTables: [String] = []
        /// Labels, recent verdicts and retrainings.
        public var labels = SchemaState.absent
        /// Hosts and models.
        public var fleet = SchemaState.absent
        /// The database's clock minus this host's, in seconds.
        public var clockOffset = 0.0
        /// By how much ``clockOffset`` may err, in seconds.
        public var clockError = 0.0
        /// Connections that the server takes from roles like this one.
        public var connectionLimit: Int64 = 0
        /// All hosts; nil where the tables can't be read.
        public var hosts: FleetStatus?

        /// An answer of a database without tables.
        public init() {}
    }

    /// Asks with the rights of the daemon's user.
    ///
    /// - Parameters:
    ///   - settings: name the database.
    ///   - account: the daemon's user.
    /// - Returns: the answer, or why there is none.
    public static func run(
        _ settings: SiftdSettings, as account: Account
    ) -> Result<Answer, PostgreSQLError> {
        let store = settings.store
        return account.run {
            do {
                let address = try PostgreSQLAddress(
                    url: store.url,
                    passwordFile: store.passwordFile.isEmpty ? nil : store.passwordFile)
                // An admin waits longer than somebody who gives a label.
                let seconds = max(store.timeout / .seconds(1), patience)
                let connection = try PostgreSQLConnection(
                    address, limits: PostgreSQLLimits(seconds: seconds))
                defer { connection.close() }
                return .success(try connection.transaction(readOnly: true, look))
            } catch let error as PostgreSQLError {
                return .failure(error)
            } catch {
                return .failure(PostgreSQLError(.failed, "\(error)"))
            }
        }
    }

    /// Seconds for a connection and for each question.
    private static let patience = 5.0
    /// The quickest of so many answers says most about the clock.
    private static let clockQuestions = 3

    private static func look(_ connection: PostgreSQLConnection) throws -> Answer {
        var answer = Answer()
        answer.server = connection.server
        answer.address = connection.serverAddress
        answer.version = connection.serverVersion
        answer.isEncrypted = connection.isEncrypted
        try lookAtRole(connection, &answer)
        if answer.schema != nil { try lookAtTables(connection, &answer) }
        try lookAtClock(connection, &answer)
        return answer
    }

    private static func lookAtRole(
        _ connection: PostgreSQLConnection, _ answer: inout Answer
    ) throws {
        let row = try connection.run(
            """
            SELECT current_user::text, current_database()::text,
                current_setting('is_superuser') = 'on', current_setting('server_encoding'),
                coalesce(current_schema()::text, ''),
                coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
                current_setting('max_connections')::bigint
                    - current_setting('superuser_reserved_connections')::bigint
            """
        ).first
        guard let row else { throw PostgreSQLError(.failed, "the server says nothing of the role") }
        answer.role = try row.text(0)
        answer.database = try row.text(1)
        answer.isSuperuser = try row.bool(2)
        answer.encoding = try row.text(3)
        let schema = try row.text(4)
        answer.schema = schema.isEmpty ? nil : schema
        answer.mayCreate = try row.bool(5)
        answer.connectionLimit = try row.int(6)
    }

    private static func lookAtTables(
        _ connection: PostgreSQLConnection, _ answer: inout Answer
    ) throws {
        let names = PostgreSQLFeedbackStore.tableNames + FleetStore.tableNames
        let tables = try connection.run(
            """
            SELECT namespace.nspname::text, class.relname::text,
                namespace.nspname = current_schema(),
                has_table_privilege(class.oid, 'SELECT')
                    AND has_table_privilege(class.oid, 'INSERT')
                    AND has_table_privilege(class.oid, 'UPDATE')
                    AND has_table_privilege(class.oid, 'DELETE'),
                pg_has_role(class.relowner, 'USAGE')
            FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
            WHERE class.relkind IN ('r', 'p') ORDER BY 1, 2
            """)
        for table in tables.rows {
            let name = try table.text(1)
            guard names.contains(name) else { continue }
            guard try table.bool(2) else {
                // The one name that nobody else's table has.
                if name == PostgreSQLFeedbackStore.tableNames.first {
                    answer.otherSchemas.append(try table.text(0))
                }
                continue
            }
            if try !table.bool(3) { answer.forbiddenTables.append(name) }
            if try !table.bool(4) { answer.foreignTables.append(name) }
        }
        guard answer.forbiddenTables.isEmpty else { return }
        answer.labels = try PostgreSQLFeedbackStore.tables(connection)
        answer.fleet = try FleetStore.tables(connection)
        if answer.fleet == .usable { answer.hosts = try FleetStore.status(connection) }
    }

    private static func lookAtClock(
        _ connection: PostgreSQLConnection, _ answer: inout Answer
    ) throws {
        answer.clockError = .infinity
        for _ in 0..<clockQuestions {
            let before = Date().timeIntervalSince1970
            let row = try connection.run(
                "SELECT extract(epoch FROM clock_timestamp())::double precision"
            ).first
            let after = Date().timeIntervalSince1970
            guard let time = try row?.double(0), (after - before) / 2 < answer.clockError else {
                continue
            }
            answer.clockError = (after - before) / 2
            answer.clockOffset = time - (before + after) / 2
        }
    }
}
