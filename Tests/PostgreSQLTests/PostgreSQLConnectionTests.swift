import FilterTestKit
import Foundation
import Testing

@testable import PostgreSQL

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLConnectionTests {
    private let server: PostgreSQLServer
    private let address: PostgreSQLAddress

    init() throws {
        server = try PostgreSQLServer.shared.get()
        address = try PostgreSQLAddress(url: server.url(try server.database()))
    }

    @Test("Statements insert, count and return")
    func statements() throws {
        let connection = try PostgreSQLConnection(address)
        try connection.script("CREATE TABLE t (a bigint, b text); CREATE INDEX ON t (b)")
        for number in 1...3 {
            let done = try connection.run(
                "INSERT INTO t VALUES ($1, $2)", [.int(Int64(number)), .text("b\(number)")])
            #expect(done.affected == 1)
        }
        let rows = try connection.run("SELECT a, b FROM t WHERE a > $1 ORDER BY a", [.int(1)])
        #expect(rows.rows.map(\.values) == [[.int(2), .text("b2")], [.int(3), .text("b3")]])
        #expect(try connection.run("DELETE FROM t WHERE a = 9").affected == 0)
        #expect(try connection.run("SHOW application_name").first?[0] == .text("siftd"))
        #expect(connection.serverVersion >= 130_000)
    }

    @Test("A statement that fails leaves the session usable")
    func refusal() throws {
        let connection = try PostgreSQLConnection(address)
        try connection.script("CREATE TABLE t (a bigint CONSTRAINT only_one UNIQUE)")
        try connection.run("INSERT INTO t VALUES (1)")
        let error = #expect(throws: PostgreSQLError.self) {
            try connection.run("INSERT INTO t VALUES (1)")
        }
        #expect(error?.kind == .constraint)
        #expect(error?.constraint == "only_one")
        #expect(throws: PostgreSQLError.self) { try connection.run("SELEKT 1") }
        #expect(try connection.run("SELECT count(*) FROM t").first?[0] == .int(1))
    }

    @Test("More statements than a session keeps are no obstacle")
    func manyStatements() throws {
        let connection = try PostgreSQLConnection(address)
        for number in 0..<1_100 {
            #expect(try connection.run("SELECT \(number)").first?[0] == .int(Int64(number)))
        }
    }

    private struct Stopped: Error {}

    @Test("A transaction takes effect as a whole or not at all")
    func transactions() throws {
        let connection = try PostgreSQLConnection(address)
        try connection.script("CREATE TABLE t (a bigint)")
        try connection.transaction { try $0.run("INSERT INTO t VALUES (1)") }
        #expect(throws: Stopped.self) {
            try connection.transaction { connection in
                try connection.run("INSERT INTO t VALUES (2)")
                #expect(connection.isInTransaction)
                throw Stopped()
            }
        }
        #expect(!connection.isInTransaction)
        // Whoever swallows the error of a statement gets no success from COMMIT.
        let swallowed = #expect(throws: PostgreSQLError.self) {
            try connection.transaction { connection in
                try connection.run("INSERT INTO t VALUES (3)")
                _ = try? connection.run("SELECT 1 / 0")
            }
        }
        #expect(swallowed?.isOutcomeUnknown == false)
        let again = try PostgreSQLConnection(address)
        #expect(try again.run("SELECT a FROM t").rows.map(\.values) == [[.int(1)]])
        let refused = #expect(throws: PostgreSQLError.self) {
            try again.transaction(readOnly: true) { try $0.run("INSERT INTO t VALUES (4)") }
        }
        #expect(refused?.kind == .readOnly)
    }

    @Test("Of two serializable transactions that read each other's rows one is told to retry")
    func serializable() throws {
        let first = try PostgreSQLConnection(address)
        let second = try PostgreSQLConnection(address)
        try first.script("CREATE TABLE t (a bigint)")
        let error = #expect(throws: PostgreSQLError.self) {
            try first.transaction(.serializable) { first in
                try first.run("SELECT count(*) FROM t")
                try second.transaction(.serializable) { second in
                    try second.run("SELECT count(*) FROM t")
                    try second.run("INSERT INTO t VALUES (2)")
                }
                try first.run("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.kind == .busy)
        #expect(error?.sqlState == "40001")
    }

    @Test("A statement and a lock that take too long are ended by the server")
    func limits() throws {
        var limits = PostgreSQLLimits(seconds: 5)
        limits.statement = 0.2
        let impatient = try PostgreSQLConnection(address, limits: limits)
        let slow = #expect(throws: PostgreSQLError.self) {
            try impatient.run("SELECT pg_sleep(60)")
        }
        #expect(slow?.kind == .busy)
        #expect(slow?.sqlState == "57014")
        #expect(try impatient.run("SELECT 1").first?[0] == .int(1))

        let holder = try PostgreSQLConnection(address)
        try holder.script("CREATE TABLE t (a bigint); INSERT INTO t VALUES (1)")
        limits.statement = 20
        limits.lock = 0.1
        let other = try PostgreSQLConnection(address, limits: limits)
        try holder.transaction { holder in
            try holder.run("SELECT a FROM t FOR UPDATE")
            let locked = #expect(throws: PostgreSQLError.self) {
                try other.run("UPDATE t SET a = 2")
            }
            #expect(locked?.kind == .busy)
            #expect(locked?.sqlState == "55P03")
        }
    }

    @Test("Longer limits hold for as long as they are asked for")
    func longerLimits() throws {
        let connection = try PostgreSQLConnection(address, limits: PostgreSQLLimits(seconds: 0.1))
        func limit() throws -> String? {
            try connection.run("SHOW statement_timeout").first?.text(0)
        }
        #expect(try limit() == "100ms")
        let longer = try connection.withLimit(seconds: 60) { connection in
            try connection.run(
                "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
            ).first?.values
        }
        #expect(longer == [.text("1min"), .text("1min")])
        #expect(try limit() == "100ms")
    }

    @Test("A database that isn't there is a refusal, a server that isn't there is not")
    func connecting() throws {
        let missing = #expect(throws: PostgreSQLError.self) {
            try PostgreSQLConnection(try PostgreSQLAddress(url: server.url("missing")))
        }
        #expect(missing?.kind == .refused)
        #expect(missing?.sqlState == "3D000")
        let nobody = "postgresql://siftd@/siftd?host=\(server.folder.path)"
        let silent = #expect(throws: PostgreSQLError.self) {
            try PostgreSQLConnection(try PostgreSQLAddress(url: nobody))
        }
        #expect(silent?.kind == .unavailable)
        // The second of two servers is found.
        let both =
            "postgresql://\(PostgreSQLServer.superuser)@/postgres?host="
            + "\(server.folder.path),\(server.socketFolder)&port=\(server.port)"
        let found = try PostgreSQLConnection(try PostgreSQLAddress(url: both))
        #expect(found.server == server.socketFolder)
    }

    @Test("A session that the server ends is lost, and its statement has no known outcome")
    func ended() throws {
        let connection = try PostgreSQLConnection(address)
        let admin = try PostgreSQLConnection(address)
        let pid = try #require(try connection.run("SELECT pg_backend_pid()").first?.int(0))
        let error = #expect(throws: PostgreSQLError.self) {
            try connection.transaction { connection in
                try admin.run("SELECT pg_terminate_backend($1::int)", [.int(pid)])
                #expect(waitUntil(seconds: 120) { connection.isAbandoned() })
                try connection.run("SELECT 1")
            }
        }
        #expect(error?.kind == .unavailable)
        #expect(connection.isClosed)
        #expect(throws: PostgreSQLError.self) { try connection.run("SELECT 1") }
    }
}
