import Fleet
import Foundation
import PostgreSQL
import Settings
import Testing

@testable import Doctor

/// What is said of a database's answers, or of why there are none.
@Suite struct DatabaseCheckTests {
    private static let url = "store.url = \"postgresql://siftd@db.example.net/labels\""
    private static let local = "store.url = \"postgresql:///siftd?host=/run/postgresql\""

    /// A database as it should be.
    private static var good: DatabaseTrial.Answer {
        var answer = DatabaseTrial.Answer()
        answer.server = "db.example.net:5432"
        answer.address = "192.0.2.5"
        answer.version = 150_018
        answer.isEncrypted = true
        answer.role = "siftd"
        answer.database = "labels"
        answer.schema = "siftd"
        answer.labels = .usable
        answer.fleet = .usable
        answer.connectionLimit = 97
        answer.hosts = status([("mx1", 2)])
        return answer
    }

    private static func status(_ hosts: [(name: String, silence: Double)]) -> FleetStatus {
        FleetStatus(
            time: 0,
            hosts: hosts.map {
                FleetHost(
                    FleetReport(host: $0.name, version: "0.1.0"), silence: $0.silence, active: nil)
            })
    }

    private func findings(
        _ answer: Result<DatabaseTrial.Answer, PostgreSQLError>, url: String = url,
        more: String = "fleet.host = \"mx1\"", prepare: (DoctorSample) throws -> Void = { _ in }
    ) throws -> [Finding] {
        let sample = try DoctorSample(url + "\n" + more)
        sample.surroundings.askDatabase = { _ in answer }
        try prepare(sample)
        return try sample.findings(Check.database)
    }

    private func findings(_ change: (inout DatabaseTrial.Answer) -> Void) throws -> [Finding] {
        var answer = DatabaseCheckTests.good
        change(&answer)
        return try findings(.success(answer))
    }

    @Test("Without store.url, or without a question, nothing is looked at")
    func skipped() throws {
        #expect(try DoctorSample().findings(Check.database).has(.skipped, "store.url is not set"))
        let silent = try DoctorSample(DatabaseCheckTests.url).findings(Check.database)
        #expect(silent.map(\.state) == [.skipped])
    }

    @Test("A database as it should be")
    func good() throws {
        let findings = try findings { _ in }
        #expect(findings.worst == .ok)
        #expect(findings.has(.ok, "PostgreSQL 15.18 at db.example.net:5432 answers role siftd"))
        #expect(findings.has(.ok, "the server proves its name"))
        #expect(findings.has(.ok, "tables in schema siftd are this version's"))
        #expect(findings.has(.ok, "1 of 1 hosts"))
    }

    /// One thing that is wrong.
    struct Fault: Sendable, CustomTestStringConvertible {
        var state: Finding.State
        var words: String
        var remedy = ""
        var change: @Sendable (inout DatabaseTrial.Answer) -> Void
        var testDescription: String { words }
    }

    @Test(
        "Each thing that is wrong is named, with what to do",
        arguments: [
            Fault(state: .failure, words: "PostgreSQL 14.1 is too old") { $0.version = 140_001 },
            Fault(state: .failure, words: "encoding is SQL_ASCII", remedy: "--encoding=UTF8") {
                $0.encoding = "SQL_ASCII"
            },
            Fault(state: .warning, words: "is not encrypted") { $0.isEncrypted = false },
            Fault(state: .warning, words: "is a superuser") { $0.isSuperuser = true },
            Fault(state: .failure, words: "no schema", remedy: "CREATE SCHEMA siftd") {
                $0.schema = nil
            },
            Fault(state: .warning, words: "may not make tables in schema siftd") {
                $0.mayCreate = false
            },
            Fault(state: .failure, words: "may not make tables in schema siftd") {
                $0.mayCreate = false
                $0.labels = .absent
            },
            Fault(
                state: .failure, words: "may not read and change label",
                remedy: "ALTER TABLE siftd.label OWNER TO siftd;"
            ) {
                $0.forbiddenTables = ["label"]
                $0.foreignTables = ["label"]
            },
            Fault(state: .warning, words: "does not own label, site") {
                $0.foreignTables = ["label", "site"]
            },
            Fault(state: .failure, words: "a newer siftd has changed the tables") {
                $0.fleet = .newer
            },
            Fault(state: .ok, words: "are of an older siftd") { $0.labels = .older },
            Fault(state: .ok, words: "has no tables yet") {
                $0.labels = .absent
                $0.fleet = .absent
            },
            Fault(
                state: .warning, words: "but schema public has a siftd's",
                remedy: "SET search_path = public"
            ) {
                $0.labels = .absent
                $0.otherSchemas = ["public"]
            },
            Fault(state: .warning, words: "clock is 2 min behind the database's") {
                $0.clockOffset = 120
            },
            Fault(state: .warning, words: "clock is 3 s ahead of the database's") {
                $0.clockOffset = -3
            },
            Fault(state: .ok, words: "clock and the database's agree") {
                $0.clockOffset = 3
                $0.clockError = 1.5
            },
            Fault(state: .warning, words: "1 hosts may open 6 connections, and the server takes 5")
            {
                $0.connectionLimit = 5
            },
            Fault(state: .warning, words: "not heard of this host, mx1") {
                $0.hosts = status([("mx2", 1)])
            },
            Fault(state: .warning, words: "host mx2 was last heard of 3 h ago") {
                $0.hosts = status([("mx1", 1), ("mx2", 10_000)])
            },
            Fault(state: .warning, words: "7 labels wait on host mx2", remedy: "store status") {
                var hosts = status([("mx1", 1), ("mx2", 1)])
                hosts.hosts[1].report.spool = 7
                $0.hosts = hosts
            },
            Fault(state: .warning, words: "this host, mx1, can't take the model of all: no room") {
                var report = FleetReport(host: "mx1", version: "0.1.0")
                report.refused = 3
                report.reason = "no room"
                let active = FleetActivation(
                    revision: 3, digest: "d", model: "m", state: .active)
                $0.hosts = FleetStatus(
                    time: 0, active: active,
                    hosts: [FleetHost(report, silence: 1, active: active)])
            },
            Fault(state: .warning, words: "this host, mx1, does not score with the model of all") {
                let active = FleetActivation(
                    revision: 3, digest: "d", model: "m", state: .active)
                $0.hosts = FleetStatus(
                    time: 0, active: active,
                    hosts: [
                        FleetHost(
                            FleetReport(host: "mx1", version: "0.1.0"), silence: 1, active: active)
                    ])
            },
        ])
    func fault(_ fault: Fault) throws {
        let findings = try findings(fault.change)
        #expect(findings.has(fault.state, fault.words), "\(findings)")
        #expect(findings.worst == fault.state)
        #expect(
            findings.contains { fault.remedy.isEmpty || $0.remedy.contains(fault.remedy) })
    }

    @Test(
        "How far the connection may be trusted follows from sslmode",
        arguments: [
            ("", true, Finding.State.ok), ("?sslmode=require", true, .warning),
            ("?sslmode=verify-ca", true, .warning), ("?sslmode=disable", false, .warning),
        ])
    func tls(_ mode: String, _ isEncrypted: Bool, _ state: Finding.State) throws {
        var answer = DatabaseCheckTests.good
        answer.isEncrypted = isEncrypted
        let url = "store.url = \"postgresql://siftd@db.example.net/siftd\(mode)\""
        #expect(try findings(.success(answer), url: url).worst == state)
        answer.address = "127.0.0.1"
        answer.isEncrypted = false
        #expect(try findings(.success(answer), url: url).worst == .ok)
    }

    @Test(
        "The unit's sandbox must let the daemon reach the database",
        arguments: [
            (nil, true), ("IPAddressAllow=192.0.2.0/24 10.0.0.1", false),
            ("IPAddressAllow=any", false), ("IPAddressAllow=10.0.0.0/8", true),
            ("IPAddressAllow=192.0.2.5\nIPAddressAllow=", true), ("IPAddressDeny=", false),
        ])
    func sandbox(_ dropIn: String?, _ isCutOff: Bool) throws {
        let findings = try findings(.success(DatabaseCheckTests.good)) { sample in
            try sample.folder.write(
                "lib/systemd/system/siftd.service",
                "[Service]\nIPAddressDeny=any\nIPAddressAllow=localhost\n")
            if let dropIn {
                try sample.folder.write(
                    "etc/systemd/system/siftd.service.d/db.conf", "[Service]\n\(dropIn)\n")
            }
        }
        #expect(findings.has(.failure, "does not let the daemon reach 192.0.2.5") == isCutOff)
    }

    @Test("A host that shares no model does not report to the others")
    func alone() throws {
        let findings = try findings(
            .success(DatabaseCheckTests.good), more: "fleet.share_models = false")
        #expect(findings.has(.skipped, "fleet.share_models is false"))
    }

    @Test(
        "Why there is no connection is said in plain words",
        arguments: [
            (
                PostgreSQLError.Kind.refused, "28P01" as String?, "",
                "refuses the password of role siftd"
            ),
            (.refused, "28000", "no pg_hba.conf entry", "lets role siftd not in"),
            (.refused, "3D000", "", "the server has no database labels"),
            (.refused, "42501", "", "role siftd has too few rights"),
            (.busy, "53300", "", "no connection left"),
            (.unavailable, "57P03", "", "starts or stops just now"),
            (.readOnly, nil, "", "no server of store.url takes changes"),
            (.refused, nil, "password file /x: its first line is empty", "password file /x"),
            (.refused, nil, "does not support SSL", "can't be encrypted"),
            (
                .unavailable, nil, "Connection refused",
                "no answer of the database at db.example.net"
            ),
            (.invalid, nil, "?", "the database can't be used: ?"),
        ])
    func refusal(
        _ kind: PostgreSQLError.Kind, _ state: String?, _ reason: String, _ words: String
    ) throws {
        let findings = try findings(.failure(PostgreSQLError(kind, reason, sqlState: state)))
        #expect(findings.map(\.state) == [.failure])
        #expect(findings.has(.failure, words), "\(findings)")
        #expect(findings.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test("For a unix socket the advice is of this host")
    func localRefusal() throws {
        let error = PostgreSQLError(.unavailable, "No such file or directory")
        let findings = try findings(.failure(error), url: DatabaseCheckTests.local)
        #expect(findings.first?.remedy.hasPrefix("start PostgreSQL on this host") == true)
    }
}
