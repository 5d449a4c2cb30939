import Models
import Testing

@testable import ModelRegistry

@Suite struct ShadowTests {
    private let site: RegistrySite

    init() throws { site = try RegistrySite() }

    @Test("A shadow is known until it ends, and what it was compared on is kept")
    func lifecycle() throws {
        let registry = try site.registry(with: ["m1", "m2", "m3"])
        try registry.activate("m1", time: 1)
        #expect(registry.shadow() == nil)
        try registry.beginShadow("m2", hours: 24, time: 100)
        #expect(registry.shadow() == ModelShadow(version: "m2", since: 100, hours: 24))
        #expect(try registry.list().filter(\.isShadow).map(\.id) == ["m2"])
        #expect(try registry.active() == "m1")
        #expect(try registry.recordShadow(.number(3), of: "m2"))
        #expect(try site.registry().shadow()?.report == .number(3))
        #expect(try registry.endShadow("m2", .discarded, time: 200, reason: "why"))
        let ended = try #require(try site.registry().shadow())
        #expect(ended.state == .discarded && ended.ended == 200 && ended.reason == "why")
        #expect(ended.report == .number(3))
        #expect(try registry.list().allSatisfy { !$0.isShadow })
        #expect(try site.leftovers() == [])
    }

    @Test("Whoever ends a shadow first decides, and a later record changes nothing")
    func races() throws {
        let registry = try site.registry(with: ["m1", "m2"])
        try registry.beginShadow("m1", hours: 1, time: 1)
        #expect(try !registry.recordShadow(.null, of: "m2"))
        #expect(try registry.endShadow("m1", .discarded, time: 2, reason: "an admin"))
        #expect(try !registry.endShadow("m1", .promoted, time: 3, reason: "too late"))
        #expect(try !registry.recordShadow(.number(1), of: "m1"))
        #expect(registry.shadow()?.reason == "an admin" && registry.shadow()?.report == nil)
        try registry.beginShadow("m2", hours: 1, time: 4)
        #expect(registry.shadow()?.version == "m2")
    }

    @Test("Pruning keeps a version in the shadow, and one that is gone can't be one")
    func pruning() throws {
        let registry = try site.registry(with: ["m1", "m2", "m3"])
        try registry.activate("m3", time: 1)
        try registry.beginShadow("m1", hours: 1, time: 2)
        #expect(try registry.prune(keep: 0) == ["m2"])
        #expect {
            try registry.beginShadow("m2", hours: 1, time: 3)
        } throws: { ($0 as? RegistryError)?.kind == .unknownVersion }
        #expect(registry.shadow()?.version == "m1")
    }

    @Test("A file that is no record of a shadow is none")
    func damaged() throws {
        let registry = try site.registry(with: ["m1"])
        try site.folder.write("registry/shadow", "{")
        #expect(registry.shadow() == nil)
        #expect(try registry.list().count == 1)
    }
}
