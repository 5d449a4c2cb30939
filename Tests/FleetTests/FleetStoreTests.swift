import Dispatch
import FilterTestKit
import Foundation
import ModelRegistry
import PostgreSQL
import Synchronization
import Testing

@testable import Fleet

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct FleetStoreTests {
    private let site: FleetSite

    init() throws { site = try FleetSite() }

    private func publish(_ id: String, threshold: Double = 0.5) throws -> String {
        let host = try site.host("publisher-\(UUID())")
        _ = try host.registry.add(
            bundle: try site.bundle(id, threshold: threshold),
            lineage: ModelLineage(origin: .trained, added: 1))
        return try site.store().publish(
            try LocalBundle(id, of: host.registry), trust: ModelTrust(), host: host.name)
    }

    @Test("Hosts that start at once make the tables once")
    func migration() throws {
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            do {
                _ = try site.store().report(FleetReport(host: "mx\(number)", version: "1"))
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try site.store().status().hosts.count == 8)
    }

    @Test("Tables of a newer siftd are left alone")
    func newer() throws {
        _ = try site.store().status()
        let admin = try PostgreSQLConnection(site.address)
        try admin.run("UPDATE fleet SET version = 9")
        #expect(try site.store().status().hosts.isEmpty)
        try admin.run("UPDATE fleet SET oldest = 9")
        let error = #expect(throws: FleetError.self) { try site.store().status() }
        #expect(error?.kind == .newerVersion)
    }

    @Test("A model is stored once, and models share what they have in common")
    func sharing() throws {
        let digest = try publish("a")
        let admin = try PostgreSQLConnection(site.address)
        func parts() throws -> Int64? {
            try admin.run("SELECT count(*) FROM fleet_blob").first?.int(0)
        }
        let first = try parts()
        #expect(try publish("a") == digest)
        #expect(try parts() == first)
        #expect(try publish("b", threshold: 0.9) != digest)
        // config.json and SHA256SUMS differ; weights and vocabulary don't.
        let second = try #require(try parts())
        #expect(second - (first ?? 0) < 4)
        #expect(second > (first ?? 0))
    }

    @Test("A new proposal takes the stead of one that is open, whichever host makes it")
    func superseding() throws {
        let store = site.store()
        let first = try store.propose(try publish("a"), host: "x", reason: "")
        let second = try store.propose(
            try publish("b", threshold: 0.9), host: "y", reason: "better")
        #expect(second > first)
        #expect(try store.activation(first).state == .withdrawn)
        let status = try store.status()
        #expect(status.proposal?.revision == second)
        #expect(status.active == nil)
        // An answer to the first changes nothing.
        try store.answer(FleetAnswer(host: "x", isReady: true), revision: first)
        #expect(try store.decide(first).proposal?.revision == second)
        try store.answer(FleetAnswer(host: "x", isReady: true), revision: second)
        #expect(try store.decide(second).active?.revision == second)
        let error = #expect(throws: FleetError.self) {
            try store.propose("no such digest", host: "x", reason: "")
        }
        #expect(error?.kind == .unknown)
    }

    @Test("Many hosts that decide at once record one decision")
    func deciding() throws {
        let store = site.store()
        let revision = try store.propose(try publish("a"), host: "x", reason: "")
        for name in ["x", "y"] {
            _ = try store.report(FleetReport(host: name, version: "1"))
            try store.answer(FleetAnswer(host: name, isReady: true), revision: revision)
        }
        let outcomes = Mutex<[FleetActivation?]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let active = try? site.store().decide(revision).active
            outcomes.withLock { $0.append(active) }
        }
        let found = outcomes.withLock { $0 }
        #expect(found.count == 8)
        #expect(Set(found.map(\.?.decided)).count == 1)
        #expect(found.allSatisfy { $0?.revision == revision })
    }

    @Test("A database that is not there is reported as such")
    func unavailable() throws {
        let address = try PostgreSQLAddress(url: "postgresql:///siftd?host=\(site.folder.path)")
        let error = #expect(throws: FleetError.self) {
            try FleetStore(PostgreSQLPool(address)).status()
        }
        #expect(error?.kind == .unavailable)
    }
}
