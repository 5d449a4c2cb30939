import Checksums
import FilterTestKit
import Foundation
import ModelRegistry
import Models
import PostgreSQL
import Synchronization
import Testing

@testable import Fleet

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct FleetMemberTests {
    private func agree(_ hosts: [TestHost], on id: String) -> Bool {
        waitUntil(seconds: 120) {
            hosts.allSatisfy { host in
                host.model == id && (try? host.registry.active()) == id
            }
        }
    }

    @Test("A model that becomes active on one host becomes active on all, with the same files")
    func distribution() throws {
        let site = try FleetSite()
        let hosts = try ["mx1", "mx2", "mx3"].map { try site.host($0) }
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        try hosts[0].activate(try site.bundle("first"))
        #expect(agree(hosts, on: "first"))
        let digests = try hosts.map { try LocalBundle("first", of: $0.registry).manifest.digest }
        #expect(Set(digests).count == 1)
        // Where the model comes from is known on each host.
        let lineage = try hosts[2].registry.show("first").model.lineage
        #expect(lineage?.origin == .retrained && lineage?.labels == 3)

        try hosts[1].activate(try site.bundle("second", threshold: 0.7))
        #expect(agree(hosts, on: "second"))
        let store = site.store()
        #expect(waitUntil(seconds: 120) { (try? store.status().isWell) == true })
        let status = try store.status()
        #expect(status.active?.model == "second")
        #expect(status.active?.host == "mx2")
        #expect(status.proposal == nil)
        #expect(status.hosts.map(\.report.host) == ["mx1", "mx2", "mx3"])
        #expect(Set(status.hosts.map(\.report.revision)).count == 1)
        // The host that proposed it went back to the model of all until they agreed.
        #expect(
            hosts[1].events.contains {
                if case .ready(let proposal) = $0 { proposal.model == "second" } else { false }
            })
        let history = try hosts[1].registry.history().map(\.version)
        #expect(history == ["first", "second", "first", "second"])
    }

    @Test("A roll back reaches all hosts, and a second one leads further back")
    func rollback() throws {
        let site = try FleetSite()
        let hosts = try ["mx1", "mx2"].map { try site.host($0) }
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        for (index, id) in ["one", "two", "three"].enumerated() {
            try hosts[0].activate(try site.bundle(id, threshold: 0.5 + 0.1 * Double(index)))
            #expect(agree(hosts, on: id))
        }
        #expect(try hosts[1].member.proposeRollback(reason: "worse").model == "two")
        #expect(agree(hosts, on: "two"))
        #expect(try hosts[0].member.proposeRollback(reason: "still").model == "one")
        #expect(agree(hosts, on: "one"))
        let error = #expect(throws: FleetError.self) {
            try hosts[0].member.proposeRollback(reason: "again")
        }
        #expect(error?.kind == .unknown)
        // The models are kept, and can be proposed by their ids.
        _ = try hosts[1].member.propose("three", reason: "after all")
        #expect(agree(hosts, on: "three"))
    }

    @Test("A host's own roll back means the history of all, again and again")
    func ownRollback() throws {
        let site = try FleetSite()
        let hosts = try ["mx1", "mx2"].map { try site.host($0) }
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        for (index, id) in ["one", "two", "three"].enumerated() {
            try hosts[0].activate(try site.bundle(id, threshold: 0.5 + 0.1 * Double(index)))
            #expect(agree(hosts, on: id))
        }
        for id in ["two", "one"] {
            _ = try hosts[0].registry.rollback(time: 8, reason: "worse")
            hosts[0].member.poke()
            #expect(agree(hosts, on: id))
        }
    }

    @Test("After the database is replaced by an empty one, a host proposes what all have")
    func emptied() throws {
        let site = try FleetSite()
        let hosts = try ["mx1", "mx2"].map { try site.host($0) }
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        for (index, id) in ["one", "two"].enumerated() {
            try hosts[0].activate(try site.bundle(id, threshold: 0.5 + 0.1 * Double(index)))
            #expect(agree(hosts, on: id))
        }
        let admin = try PostgreSQLConnection(site.address)
        defer { admin.close() }
        try admin.script(
            "TRUNCATE fleet_model, fleet_blob, fleet_activation, fleet_answer, fleet_host "
                + "RESTART IDENTITY")
        hosts.forEach { $0.member.poke() }
        let store = site.store()
        #expect(waitUntil(seconds: 120) { (try? store.status().active?.model) == "two" })
        try hosts[1].activate(try site.bundle("three", threshold: 0.8))
        #expect(agree(hosts, on: "three"))
    }

    @Test("A host that can't load the model keeps its old one, and the others change")
    func refusal() throws {
        let site = try FleetSite()
        let poor = try site.host("poor", fails: { $0 == "big" })
        let hosts = try ["mx1", "mx2"].map { try site.host($0) }
        (hosts + [poor]).forEach { $0.member.start() }
        defer { (hosts + [poor]).forEach { $0.member.stop() } }
        try hosts[0].activate(try site.bundle("small"))
        #expect(agree(hosts + [poor], on: "small"))
        try hosts[0].activate(try site.bundle("big", threshold: 0.6))
        #expect(agree(hosts, on: "big"))
        let store = site.store()
        let isListed = waitUntil(seconds: 120) {
            (try? store.status().hosts.first { $0.report.host == "poor" }?.state) == .refused
        }
        #expect(isListed)
        #expect(poor.model == "small")
        #expect(try poor.registry.active() == "small")
        let report = try #require(
            try store.status().hosts.first { $0.report.host == "poor" }?.report)
        #expect(report.model == "small")
        #expect(report.reason.contains("can't be loaded here"))
        // What all can load reaches it again.
        try hosts[0].activate(try site.bundle("small-too", threshold: 0.8))
        #expect(agree(hosts + [poor], on: "small-too"))
    }

    @Test("A model that most hosts can't load is withdrawn, and all keep the old one")
    func withdrawal() throws {
        let site = try FleetSite()
        let good = try site.host("good")
        let poor = try ["p1", "p2"].map { try site.host($0, fails: { $0 == "big" }) }
        let hosts = [good] + poor
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        try good.activate(try site.bundle("small"))
        #expect(agree(hosts, on: "small"))
        try good.activate(try site.bundle("big", threshold: 0.6))
        let store = site.store()
        let isWithdrawn = waitUntil(seconds: 120) {
            (try? store.activation(2).state) == .withdrawn
        }
        #expect(isWithdrawn)
        #expect(try store.activation(2).outcome.hasPrefix("2 of 3 hosts refused it; p1: "))
        #expect(agree(hosts, on: "small"))
        #expect(try store.status().active?.revision == 1)
    }

    @Test("A host that was away catches up, over models that it has never seen")
    func catchingUp() throws {
        let site = try FleetSite()
        let present = try site.host("present")
        let away = try site.host("away")
        [present, away].forEach { $0.member.start() }
        defer { present.member.stop() }
        try present.activate(try site.bundle("a"))
        #expect(agree([present, away], on: "a"))
        away.member.stop()
        for (index, id) in ["b", "c"].enumerated() {
            try present.activate(try site.bundle(id, threshold: 0.6 + 0.1 * Double(index)))
            #expect(agree([present], on: id))
        }
        #expect(away.model == "a")
        // The same host starts anew, with the files that it had.
        let back = try site.host("away")
        #expect(back.model == "a")
        back.member.start()
        defer { back.member.stop() }
        #expect(agree([back], on: "c"))
        #expect(waitUntil(seconds: 120) { back.model == present.model })
        #expect(!FileManager.default.fileExists(atPath: back.registry.bundlePath(of: "b")))
        // What it remembers spares it to propose anything.
        #expect(!back.events.contains { if case .proposed = $0 { true } else { false } })
    }

    @Test("A model without the signature of a trusted key is refused, one with it is taken")
    func signatures() throws {
        let site = try FleetSite()
        let key = try #require(Ed25519PrivateKey())
        var trust = ModelTrust()
        trust.trustedKeys = [try #require(key.publicKey)]
        var signer = trust
        signer.signingKey = key
        var forger = ModelTrust()
        let stranger: Ed25519PrivateKey = try #require(Ed25519PrivateKey())
        forger.signingKey = stranger
        let trainer = try site.host("trainer", trust: signer)
        let hosts = try ["mx1", "mx2"].map { try site.host($0, trust: trust) }
        let intruder = try site.host("intruder", trust: forger)
        let all = hosts + [trainer]
        (all + [intruder]).forEach { $0.member.start() }
        defer { (all + [intruder]).forEach { $0.member.stop() } }
        try trainer.activate(try site.bundle("signed"))
        #expect(agree(all + [intruder], on: "signed"))

        try intruder.activate(try site.bundle("forged", threshold: 0.9))
        let store = site.store()
        #expect(waitUntil(seconds: 120) { (try? store.activation(2).state) == .withdrawn })
        #expect(try store.activation(2).outcome.contains("no key of fleet.trusted_keys"))
        #expect(agree(all + [intruder], on: "signed"))
        for host in hosts {
            #expect(!FileManager.default.fileExists(atPath: host.registry.bundlePath(of: "forged")))
        }
        // Whoever can write to the database can't make it active without the hosts either.
        let admin = try PostgreSQLConnection(site.address)
        try admin.run(
            """
            INSERT INTO fleet_activation (digest, model, state, way, host, reason, proposed, outcome)
            SELECT digest, model, 'active', 'activate', 'x', '', 0, '' FROM fleet_model
            WHERE model = 'forged'
            """)
        hosts.forEach { $0.member.poke() }
        let areRefusing = waitUntil(seconds: 120) {
            guard let status = try? store.status() else { return false }
            return status.hosts.filter { $0.state == .refused }.map(\.report.host)
                == ["mx1", "mx2", "trainer"]
        }
        #expect(areRefusing)
        #expect(hosts.map(\.model) == ["signed", "signed"])
    }

    @Test("Content that is not what its digest says is refused")
    func damage() throws {
        let site = try FleetSite()
        let first = try site.host("first")
        first.member.start()
        defer { first.member.stop() }
        try first.activate(try site.bundle("sound"))
        #expect(agree([first], on: "sound"))
        let admin = try PostgreSQLConnection(site.address)
        let changed = try admin.run(
            """
            UPDATE fleet_blob SET content = set_byte(content, 10, get_byte(content, 10) # 1)
            WHERE sha256 = (SELECT sha256 FROM fleet_blob ORDER BY length(content) DESC LIMIT 1)
            """)
        #expect(changed.affected == 1)
        let second = try site.host("second")
        second.member.start()
        defer { second.member.stop() }
        let isRefused = waitUntil(seconds: 120) {
            second.events.contains {
                if case .refused(_, let reason) = $0 {
                    reason.contains("not what its digest says")
                } else {
                    false
                }
            }
        }
        #expect(isRefused)
        #expect(second.model == nil)
        #expect(try second.registry.list().isEmpty)
        #expect(
            !FileManager.default.fileExists(atPath: "\(second.registry.path)/fleet-download"))
    }

    @Test("Hosts keep their model while the database is away, and go on when it is back")
    func database() throws {
        let site = try FleetSite(try PostgreSQLServer())
        let hosts = try ["mx1", "mx2"].map { try site.host($0, seconds: 2) }
        hosts.forEach { $0.member.start() }
        defer { hosts.forEach { $0.member.stop() } }
        try hosts[0].activate(try site.bundle("before"))
        #expect(agree(hosts, on: "before"))
        site.server.kill()
        try hosts[0].activate(try site.bundle("meanwhile", threshold: 0.6))
        let isNoticed = waitUntil(seconds: 120) {
            hosts.allSatisfy { $0.member.status?.databaseIsUp == false }
        }
        #expect(isNoticed)
        #expect(hosts[1].model == "before")
        try site.server.start()
        #expect(agree(hosts, on: "meanwhile"))
        #expect(waitUntil(seconds: 120) { hosts[0].events.contains(.recovered) })
        // One line for the whole time.
        let failures = hosts[1].events.count {
            if case .failed(let error) = $0 { error.kind == .unavailable } else { false }
        }
        #expect(failures == 1)
    }

    @Test("Two daemons of one name notice each other; one that starts again does not")
    func sameName() throws {
        let site = try FleetSite()
        func isTaken(_ host: TestHost) -> Bool { host.events.contains(.nameTaken(host: "mx1")) }
        // As it is left by a host that was killed.
        _ = try site.store().report(FleetReport(host: "mx1", version: "1"), instance: "killed")
        let first = try site.host("mx1")
        first.member.start()
        first.member.poke()
        #expect(waitUntil(seconds: 120) { first.member.status?.hosts.count == 1 })
        #expect(!isTaken(first))
        let second = try site.host("mx1", registry: "second")
        second.member.start()
        defer { [first, second].forEach { $0.member.stop() } }
        let isNoticed = waitUntil(seconds: 120) {
            [first, second].forEach { $0.member.poke() }
            return isTaken(first) && isTaken(second)
        }
        #expect(isNoticed)
    }

    @Test("Two models of one id are told apart by their content")
    func sameID() throws {
        let site = try FleetSite()
        let first = try site.host("first")
        first.member.start()
        defer { first.member.stop() }
        try first.activate(try site.bundle("model"))
        #expect(agree([first], on: "model"))
        let second = try site.host("second")
        _ = try second.registry.add(
            bundle: try site.bundle("model", threshold: 0.9),
            lineage: ModelLineage(origin: .imported, added: 0))
        second.member.start()
        defer { second.member.stop() }
        let isRefused = waitUntil(seconds: 120) {
            second.events.contains {
                if case .refused(_, let reason) = $0 {
                    reason.contains("another model of the id")
                } else {
                    false
                }
            }
        }
        #expect(isRefused)
    }

    @Test("A host that stops is no longer waited for or listed")
    func stopping() throws {
        let site = try FleetSite()
        let hosts = try ["mx1", "mx2"].map { try site.host($0) }
        hosts.forEach { $0.member.start() }
        try hosts[0].activate(try site.bundle("model"))
        #expect(agree(hosts, on: "model"))
        hosts[1].member.stop()
        #expect(try site.store().status().hosts.map(\.report.host) == ["mx1"])
        hosts[0].member.stop()
        #expect(try site.store().status().hosts.isEmpty)
    }
}
