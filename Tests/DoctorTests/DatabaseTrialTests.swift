import Feedback
import FilterTestKit
import Fleet
import Foundation
import Glibc
import PostgreSQL
import Settings
import Testing

@testable import Doctor

/// Questions to a real PostgreSQL.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct DatabaseTrialTests {
    private let server: PostgreSQLServer

    init() throws { server = try PostgreSQLServer.shared.get() }

    /// A role with a password and a schema in a database of its own.
    private func site(_ role: String) throws -> (database: String, admin: PostgreSQLConnection) {
        let database = try server.database()
        let admin = try connection(server.url(database))
        try admin.script(
            """
            CREATE ROLE \(role) LOGIN PASSWORD 'right';
            CREATE SCHEMA \(role) AUTHORIZATION \(role)
            """)
        return (database, admin)
    }

    private func connection(_ url: String) throws -> PostgreSQLConnection {
        try PostgreSQLConnection(
            try PostgreSQLAddress(url: url), limits: PostgreSQLLimits(seconds: 20))
    }

    private func settings(_ url: String, password: String? = nil) throws -> SiftdSettings {
        var settings = SiftdSettings()
        settings.store.url = url
        settings.fleet.host = "mx1"
        if let password {
            let path = try server.folder.write("pw-\(UUID())", password + "\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: path)
            settings.store.passwordFile = path
        }
        return settings
    }

    private func ask(_ settings: SiftdSettings) -> Result<DatabaseTrial.Answer, PostgreSQLError> {
        DatabaseTrial.run(settings, as: .current)
    }

    private func findings(_ settings: SiftdSettings) throws -> [Finding] {
        let sample = try DoctorSample()
        sample.surroundings.askDatabase = { DatabaseTrial.run($0, as: .current) }
        return Check.database(settings, sample.surroundings)
    }

    @Test("A new database has no tables, and is none the richer for the question")
    func new() throws {
        let (database, admin) = try site("new_site")
        let settings = try settings(
            server.tcpURL(database, user: "new_site"), password: "right")
        let answer = try ask(settings).get()
        #expect(answer.role == "new_site" && answer.schema == "new_site")
        #expect(answer.isEncrypted && answer.address == "127.0.0.1" && !answer.isSuperuser)
        #expect(answer.version >= 150_000 && answer.encoding == "UTF8" && answer.mayCreate)
        #expect(answer.labels == .absent && answer.fleet == .absent && answer.hosts == nil)
        #expect(answer.connectionLimit > 0)
        #expect(abs(answer.clockOffset) <= answer.clockError + 0.1)
        #expect(try findings(settings).allSatisfy { $0.state <= .ok })
        let tables = try admin.run(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', $1)",
            [.text("information_schema")])
        #expect(try tables.first?.int(0) == 0)
    }

    @Test("A database in use has this version's tables, and hosts")
    func used() throws {
        let (database, admin) = try site("used_site")
        let settings = try settings(server.url(database, user: "used_site"))
        let pool = try settings.store.connections()
        _ = try PostgreSQLFeedbackStore(pool).status()
        let fleet = FleetStore(pool)
        _ = try fleet.report(FleetReport(host: "mx1", version: "0.1.0"))
        _ = try fleet.report(FleetReport(host: "mx2", version: "0.1.0"))
        let answer = try ask(settings).get()
        #expect(answer.labels == .usable && answer.fleet == .usable)
        #expect(answer.foreignTables.isEmpty && answer.forbiddenTables.isEmpty)
        #expect(answer.hosts?.hosts.map(\.report.host) == ["mx1", "mx2"])
        #expect(try findings(settings).has(.ok, "2 of 2 hosts"))
        try admin.script("UPDATE used_site.fleet_host SET seen = seen - 600 WHERE host = 'mx2'")
        #expect(try findings(settings).has(.warning, "host mx2 was last heard of 10 min ago"))
        // As a newer siftd would leave them, and then as an older one did.
        try admin.script("UPDATE used_site.siftd_schema SET readable_from = 99")
        #expect(try findings(settings).has(.failure, "a newer siftd"))
        try admin.script("UPDATE used_site.siftd_schema SET readable_from = 0, version = 0")
        try admin.script("UPDATE used_site.fleet SET oldest = 99")
        #expect(try ask(settings).get().labels == .older)
        #expect(try ask(settings).get().fleet == .newer)
    }

    @Test("Tables of another role, and those in another schema, are found")
    func rights() throws {
        let (database, admin) = try site("poor_site")
        let settings = try settings(server.url(database, user: "poor_site"))
        _ = try PostgreSQLFeedbackStore(try settings.store.connections()).status()
        try admin.script("ALTER TABLE poor_site.label OWNER TO \(PostgreSQLServer.superuser)")
        #expect(try findings(settings).has(.failure, "may not read and change label"))
        try admin.script("GRANT ALL ON poor_site.label TO poor_site")
        #expect(try findings(settings).has(.warning, "does not own label"))
        try admin.script("CREATE SCHEMA other AUTHORIZATION poor_site")
        try admin.script("ALTER ROLE poor_site SET search_path = other")
        #expect(try findings(settings).has(.warning, "but schema poor_site has a siftd's"))
        try admin.script("ALTER ROLE poor_site SET search_path = nowhere")
        #expect(try findings(settings).has(.failure, "has no schema for its tables"))
        #expect(try findings(self.settings(server.url(database))).has(.warning, "is a superuser"))
    }

    @Test("A wrong password, database, role or file is named")
    func refused() throws {
        let (database, _) = try site("shut_site")
        func refusal(_ url: String, _ password: String? = nil) throws -> String {
            try findings(settings(url, password: password)).map(\.text).joined()
        }
        let url = server.tcpURL(database, user: "shut_site")
        #expect(try refusal(url, "wrong").contains("refuses the password of role shut_site"))
        #expect(try refusal(url, "").contains("its first line is empty"))
        let missing = server.tcpURL("no_such", user: "shut_site")
        #expect(try refusal(missing, "right").contains("has no database no_such"))
        #expect(try refusal(server.url(database, user: "nobody_here")).contains("not in: "))
        let untrusted = url.replacing(
            "sslrootcert=\(server.authority)", with: "sslmode=verify-full")
        #expect(try refusal(untrusted, "right").contains("can't be encrypted"))
        let other = server.tcpURL(database, host: "127.0.0.2", user: "shut_site")
        #expect(try refusal(other, "right").contains("no answer of the database"))
    }

    @Test("A server that is down, or takes no changes, is one that mail does not need")
    func away() throws {
        let own = try PostgreSQLServer(settings: ["default_transaction_read_only": "on"])
        let settings = try settings(own.url("postgres"))
        #expect(try findings(settings).has(.failure, "is a standby or read-only"))
        own.stop()
        #expect(try findings(settings).has(.failure, "mail is filtered by what was learnt before"))
    }

    @Test(
        "The server sees the daemon's user, not the one who asks",
        .enabled(if: geteuid() == 0, "needs root"))
    func peer() throws {
        let own = try PostgreSQLServer()
        let nobody = try #require(Account(system: "nobody"))
        let admin = try connection(own.url("postgres"))
        try admin.script("CREATE ROLE nobody LOGIN; CREATE SCHEMA nobody AUTHORIZATION nobody")
        try "local all \(PostgreSQLServer.superuser) trust\nlocal all all peer\n".write(
            toFile: own.folder.file("data/pg_hba.conf"), atomically: false, encoding: .utf8)
        try admin.run("SELECT pg_reload_conf()")
        let settings = try settings(own.url("postgres", user: "nobody"))
        // The server reads its file in its own time.
        let isRead = waitUntil(seconds: 120) {
            if case .failure = DatabaseTrial.run(settings, as: .current) { true } else { false }
        }
        #expect(isRead)
        #expect(try DatabaseTrial.run(settings, as: nobody).get().role == "nobody")
        #expect(geteuid() == 0 && Account.current.user == 0)
    }
}
