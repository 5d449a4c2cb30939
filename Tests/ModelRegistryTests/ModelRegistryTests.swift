import FilterTestKit
import Foundation
import Glibc
import ModelRegistry
import Models
import Testing

@Suite struct ModelRegistryTests {
    private let site: RegistrySite

    init() throws { site = try RegistrySite() }

    @Test("A bundle that is added can be shown and activated, and `active` is a bundle")
    func lifeOfAVersion() throws {
        let registry = try site.registry()
        #expect(try registry.active() == nil && registry.list().isEmpty)
        let lineage = ModelLineage(
            origin: .retrained, parent: "m0", added: 7, labels: 412,
            guardFigures: .object(["accuracy": .number(0.99)]))
        #expect(try registry.add(bundle: site.bundle("m1"), lineage: lineage) == "m1")
        #expect(try registry.active() == nil, "adding does not activate")
        try registry.activate("m1", time: 8, reason: "first")
        #expect(try ModelBundle(directory: registry.activePath).configuration.id == "m1")
        let details = try registry.show("m1")
        #expect(details.model.lineage == lineage)
        #expect(details.model.isActive && !details.model.isRollbackTarget)
        #expect(details.model.bytes > 10_000)
        #expect(details.configuration.labels == ["spam"])
        #expect(
            details.activations
                == [ModelActivation(version: "m1", way: .activate, time: 8, reason: "first")])
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: registry.activePath)
                == "versions/m1", "relative, so that the registry can be moved")
    }

    @Test("The same bundle again changes nothing; another of its id is refused")
    func again() throws {
        let registry = try site.registry(with: ["m1"])
        #expect(try registry.add(bundle: site.bundle("m1"), lineage: site.lineage(9)) == "m1")
        #expect(try registry.list().map(\.lineage?.added) == [0])
        let other = try site.bundle("m1", card: "other", threshold: 0.95)
        #expect {
            try registry.add(bundle: other, lineage: site.lineage(9))
        } throws: { ($0 as? RegistryError)?.kind == .exists && "\($0)".contains("version m1") }
        #expect(try site.leftovers() == [])
    }

    @Test("Rollbacks lead back version by version, and an activation starts anew")
    func rollback() throws {
        let registry = try site.registry(with: ["m1", "m2", "m3"])
        #expect {
            try registry.rollback(time: 1)
        } throws: { ($0 as? RegistryError)?.kind == .unknownVersion }
        for id in ["m1", "m2", "m3", "m3"] { try registry.activate(id, time: 1) }
        #expect(try registry.list().filter(\.isRollbackTarget).map(\.id) == ["m2"])
        #expect(try registry.rollback(time: 2) == "m2")
        #expect(try registry.rollback(time: 3) == "m1")
        #expect(throws: RegistryError.self) { try registry.rollback(time: 4) }
        try registry.activate("m3", time: 5)
        #expect(try registry.rollback(time: 6) == "m1")
        #expect(try registry.active() == "m1")
        #expect(
            try registry.history().map { "\($0.way) \($0.version)" } == [
                "activate m1", "activate m2", "activate m3", "rollback m2", "rollback m1",
                "activate m3", "rollback m1",
            ])
    }

    @Test("Pruning keeps the newest, the active one and its rollback target")
    func prune() throws {
        let registry = try site.registry(with: ["m1", "m2", "m3", "m4", "m5"])
        for id in ["m1", "m2", "m3"] { try registry.activate(id, time: 1) }
        #expect(try registry.rollback(time: 2) == "m2")
        #expect(try registry.prune(keep: 1) == ["m3", "m4"])
        #expect(try registry.list().map(\.id) == ["m1", "m2", "m5"])
        #expect(try registry.rollback(time: 3) == "m1")
        #expect(try registry.prune(keep: -1) == ["m2", "m5"])
        #expect(try registry.active() == "m1" && registry.rollbackTarget() == nil)
        #expect(try site.leftovers() == [])
    }

    @Test("A damaged bundle is refused when it is activated, and the active one stays")
    func damagedVersion() throws {
        let registry = try site.registry(with: ["m1", "m2"])
        try registry.activate("m1", time: 1)
        try site.damage("registry/versions/m2/weights.safetensors")
        #expect {
            try registry.activate("m2", time: 2)
        } throws: {
            let text = "\($0)"
            return ($0 as? RegistryError)?.kind == .damaged
                && ["version m2", "weights.safetensors is damaged", "add it again"].allSatisfy {
                    text.contains($0)
                }
        }
        #expect(try registry.active() == "m1")
    }

    @Test("A bundle that is not sound is refused when it is added, and leaves nothing")
    func damagedBundle() throws {
        let registry = try site.registry()
        let bundle = try site.bundle("m1")
        try site.damage("m1/vocabulary.txt")
        #expect {
            try registry.add(bundle: bundle, lineage: site.lineage(1))
        } throws: { ($0 as? RegistryError)?.kind == .damaged && "\($0)".contains(bundle) }
        try FileManager.default.removeItem(atPath: "\(bundle)/report.json")
        #expect {
            try registry.add(bundle: bundle, lineage: site.lineage(1))
        } throws: { "\($0)".contains("report.json is missing") }
        #expect(throws: RegistryError.self) {
            try registry.add(bundle: site.bundle("../escape"), lineage: site.lineage(1))
        }
        #expect {
            try registry.add(bundle: site.bundle("m2", label: "bills"), lineage: site.lineage(1))
        } throws: { ($0 as? RegistryError)?.kind == .unfit }
        #expect(try registry.list().isEmpty)
        #expect(try site.leftovers() == [])
    }

    @Test(
        "An id that names no version is refused",
        arguments: ["m9", "", ".", "..", "../m1", "m1/../m1", ".new-1", "a b"])
    func unknown(_ id: String) throws {
        let registry = try site.registry(with: ["m1"])
        for call in [{ try registry.activate(id, time: 1) }, { _ = try registry.show(id) }] {
            #expect {
                try call()
            } throws: { ($0 as? RegistryError)?.kind == .unknownVersion }
        }
    }

    @Test("A link to a version that is gone is reported, blocks pruning, and can be replaced")
    func danglingLink() throws {
        let registry = try site.registry(with: ["m1", "m2"])
        try registry.activate("m1", time: 1)
        try FileManager.default.removeItem(atPath: "\(registry.path)/versions/m1")
        for call in [{ _ = try registry.active() }, { _ = try registry.prune(keep: 0) }] {
            #expect {
                try call()
            } throws: { "\($0)".contains("version m1") && "\($0)".contains("siftd model activate") }
        }
        try registry.activate("m2", time: 2)
        #expect(try registry.active() == "m2" && registry.rollbackTarget() == nil)
    }

    @Test("A directory in the link's stead is left alone")
    func noLink() throws {
        let registry = try site.registry(with: ["m1"])
        try site.folder.write("registry/active/config.json", "{}")
        #expect {
            try registry.activate("m1", time: 1)
        } throws: { "\($0)".contains("is no link") && "\($0)".contains("move it away") }
        #expect(FileManager.default.fileExists(atPath: "\(registry.path)/active/config.json"))
    }

    @Test("A link that an admin has changed is recorded when the registry is opened")
    func foundVersion() throws {
        let registry = try site.registry(with: ["m1", "m2"])
        try registry.activate("m1", time: 1)
        try FileManager.default.removeItem(atPath: registry.activePath)
        try FileManager.default.createSymbolicLink(
            atPath: registry.activePath,
            withDestinationPath: "\(registry.path)/versions/m2")
        #expect(try registry.rollbackTarget() == "m1")
        let reopened = try site.registry()
        #expect(try reopened.active() == "m2")
        #expect(try reopened.history().map(\.way) == [.activate, .found])
        #expect(try reopened.rollback(time: 2) == "m1")
    }

    @Test("The registry's directory must exist, and versions without lineage are listed")
    func foreign() throws {
        #expect {
            try ModelRegistry(path: site.folder.file("none"))
        } throws: { ($0 as? RegistryError)?.kind == .missingDirectory }
        let registry = try site.registry(with: ["m2"])
        try site.tiny("by-hand").write(to: "\(registry.path)/versions/by-hand")
        #expect(try registry.list().map(\.id) == ["by-hand", "m2"])
        #expect(try registry.list().first?.lineage == nil)
        try registry.activate("by-hand", time: 1)
        #expect(try registry.active() == "by-hand")
    }

    @Test(
        "What root creates belongs to the owner of the registry, whose daemon goes on with it",
        .enabled(if: geteuid() == 0, "needs root"))
    func owner() throws {
        let site = try RegistrySite()
        let path = site.folder.file("registry")
        try #require(chown(path, 60_001, 60_002) == 0)
        let registry = try site.registry(with: ["a", "b"])
        try registry.activate("a", time: 1)
        try registry.activate("b", time: 2)
        let names = try #require(FileManager.default.enumerator(atPath: path))
        var count = 0
        for case let name as String in names {
            var status = stat()
            try #require(lstat("\(path)/\(name)", &status) == 0)
            #expect(status.st_uid == 60_001 && status.st_gid == 60_002, "\(name)")
            count += 1
        }
        #expect(count > 8)
    }
}
