import FilterTestKit
import Foundation
import Models
import Synchronization
import Testing

@testable import ModelRegistry

/// Every operation is stopped before each of its steps, as a crash would.
@Suite struct RegistryCrashTests {
    private struct Crash: Error {}

    /// Counts steps; from a certain one on, none happens any more.
    private final class Steps: Sendable {
        private let names = Mutex<[String]>([])
        private let limit: Int

        init(limit: Int = .max) { self.limit = limit }

        var taken: [String] { names.withLock { $0 } }

        var disk: Disk {
            Disk { [self] name in
                try names.withLock {
                    guard $0.count < limit else { throw Crash() }
                    $0.append(name)
                }
            }
        }
    }

    /// An operation, the versions that may be active after it has crashed, and those that must
    /// still be there.
    struct Operation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var run: @Sendable (ModelRegistry, RegistrySite) throws -> Void
        var active: Set<String>
        var kept: Set<String>
    }

    private static let operations = [
        Operation(
            testDescription: "add",
            run: { _ = try $0.add(bundle: $1.bundle("m4"), lineage: $1.lineage(4)) },
            active: ["m2"], kept: ["m1", "m2", "m3"]),
        Operation(
            testDescription: "activate",
            run: { registry, _ in try registry.activate("m3", time: 9) },
            active: ["m2", "m3"], kept: ["m1", "m2", "m3"]),
        Operation(
            testDescription: "rollback", run: { registry, _ in _ = try registry.rollback(time: 9) },
            active: ["m1", "m2"], kept: ["m1", "m2", "m3"]),
        Operation(
            testDescription: "prune", run: { registry, _ in _ = try registry.prune(keep: 0) },
            active: ["m2"], kept: ["m1", "m2"]),
        Operation(
            testDescription: "begin a shadow",
            run: { registry, _ in try registry.beginShadow("m3", hours: 1, time: 9) },
            active: ["m2"], kept: ["m1", "m2", "m3"]),
        Operation(
            testDescription: "open", run: { _, _ in }, active: ["m2"], kept: ["m1", "m2", "m3"]),
    ]

    /// A registry with three versions, of which the second is active, and with leftovers.
    private static let template = Result {
        let site = try RegistrySite()
        let registry = try site.registry(with: ["m1", "m2", "m3"])
        _ = try site.bundle("m4")
        try registry.activate("m1", time: 1)
        try registry.activate("m2", time: 2)
        try site.folder.write("registry/versions/.new-1/config.json", "{")
        try site.folder.write("registry/versions/.old-m0/weights.safetensors", "x")
        try site.folder.write("registry/.new-history", "{")
        return site
    }

    private func prepared() throws -> RegistrySite {
        try RegistrySite(copying: RegistryCrashTests.template.get())
    }

    private func run(_ operation: Operation, _ site: RegistrySite, _ disk: Disk) throws {
        let registry = try ModelRegistry(path: site.folder.file("registry"), disk: disk)
        try operation.run(registry, site)
    }

    @Test(
        "A crash before any step leaves a valid active model, whole versions, and no leftovers",
        arguments: RegistryCrashTests.operations)
    func crash(_ operation: Operation) throws {
        let whole = Steps()
        try run(operation, prepared(), whole.disk)
        let count = whole.taken.count
        #expect(count >= 5)
        for limit in 0..<count {
            let site = try prepared()
            #expect(throws: RegistryError.self) {
                try run(operation, site, Steps(limit: limit).disk)
            }
            let comment: Comment = "crash before step \(limit): \(whole.taken[limit])"
            // Before anything is cleaned up, the link is good already.
            let link = site.folder.file("registry/active")
            let bundle = try ModelBundle(directory: link)
            #expect(operation.active.contains(bundle.configuration.id), comment)
            let registry = try site.registry()
            #expect(try registry.active() == bundle.configuration.id, comment)
            #expect(try registry.history().last?.version == bundle.configuration.id, comment)
            #expect(try site.leftovers() == [], comment)
            let versions = try registry.list()
            #expect(operation.kept.isSubset(of: versions.map(\.id)), comment)
            for version in versions {
                let path = "\(registry.path)/versions/\(version.id)"
                #expect(throws: Never.self, comment) { try ModelBundle(directory: path) }
                #expect(version.lineage != nil, comment)
            }
            // What did not happen can be done now, and a rollback leads elsewhere.
            if bundle.configuration.id == "m2" { try operation.run(registry, site) }
            #expect(try registry.rollbackTarget() != registry.active(), comment)
        }
    }

    @Test("A crash between a switch and its record misleads no rollback")
    func rollbackAfterCrash() throws {
        let site = try prepared()
        func crashAfterSwitch(_ operation: Operation) throws {
            let copy = try RegistrySite(copying: site)
            let steps = Steps()
            try run(operation, copy, steps.disk)
            let index = try #require(
                steps.taken.lastIndex { $0.hasPrefix("rename") && $0.hasSuffix("/active") })
            #expect(throws: RegistryError.self) {
                try run(operation, site, Steps(limit: index + 1).disk)
            }
        }
        let activate = RegistryCrashTests.operations[1]
        let rollback = RegistryCrashTests.operations[2]
        try crashAfterSwitch(activate)
        #expect(try site.registry().active() == "m3")
        #expect(try site.registry().rollbackTarget() == "m2")
        try crashAfterSwitch(rollback)
        #expect(try site.registry().active() == "m2")
        #expect(try site.registry().rollback(time: 9) == "m1", "and not forward to m3")
        #expect(try site.registry().history().map(\.way).suffix(3) == [.found, .found, .rollback])
    }

    @Test("A full disk is named, and what was begun is removed")
    func fullDisk() throws {
        let site = try prepared()
        let disk = Disk { step in
            if step.hasPrefix("write"), step.hasSuffix("weights.safetensors") {
                throw Disk.StepError(step: step, number: ENOSPC)
            }
        }
        let registry = try ModelRegistry(path: site.folder.file("registry"), disk: disk)
        #expect {
            try registry.add(bundle: site.bundle("m4"), lineage: site.lineage(4))
        } throws: { ($0 as? RegistryError)?.kind == .full && "\($0)".contains("siftd model prune") }
        #expect(try site.leftovers() == [])
        #expect(try registry.active() == "m2" && registry.list().count == 3)
        let fullHistory = Disk { step in
            if step.hasPrefix("write"), step.hasSuffix("history") {
                throw Disk.StepError(step: step, number: ENOSPC)
            }
        }
        let other = try ModelRegistry(path: registry.path, disk: fullHistory)
        #expect {
            try other.activate("m3", time: 3)
        } throws: { "\($0)".contains("active version is unchanged") }
        #expect(try other.active() == "m2")
    }

    @Test("What a rename shows is on disk before it, and the rename after it")
    func order() throws {
        for operation in RegistryCrashTests.operations.prefix(2) {
            let steps = Steps()
            try run(operation, prepared(), steps.disk)
            let taken = steps.taken
            for (index, name) in taken.enumerated() where name.hasPrefix("rename") {
                let created = Set(
                    taken[..<index].filter { $0.hasPrefix("create /") }.map { $0.dropFirst(7) })
                let synced = Set(
                    taken[..<index].filter { $0.hasPrefix("sync /") }.map { $0.dropFirst(5) })
                #expect(created.isSubset(of: synced))
                #expect(taken[index + 1].hasPrefix("sync directory"), "after \(name)")
            }
        }
    }

    @Test("A change waits for another process and then names it; opening does not wait")
    func busy() throws {
        let site = try prepared()
        let path = site.folder.file("registry")
        let registry = try RegistryLock.hold("\(path)/lock", waiting: 0, owner: nil) {
            let registry = try ModelRegistry(path: path, lockSeconds: 0.05)
            #expect(try site.leftovers().count > 0, "somebody else's work is not cleaned up")
            #expect {
                try registry.activate("m3", time: 3)
            } throws: { ($0 as? RegistryError)?.kind == .busy && "\($0)".contains("fuser") }
            #expect(try registry.active() == "m2" && registry.list().count == 3)
            return registry
        }
        try registry.activate("m3", time: 3)
        #expect(try registry.active() == "m3")
    }

    @Test("Two processes that switch to and fro leave one of their versions active")
    func concurrently() async throws {
        let site = try prepared()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ["m1", "m3"] {
                group.addTask {
                    let registry = try ModelRegistry(path: site.folder.file("registry"))
                    for time in Int64(10)..<20 { try registry.activate(id, time: time) }
                }
            }
            try await group.waitForAll()
        }
        let registry = try site.registry()
        let active = try #require(try registry.active())
        #expect(["m1", "m3"].contains(active))
        #expect(try registry.history().last?.version == active)
        #expect(try site.leftovers() == [])
    }
}
