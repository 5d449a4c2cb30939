import FilterTestKit
import Models
import Settings
import SiftdDaemon
import SpamFilter
import Testing

@Suite struct LiveConfigurationTests {
    private func settings(_ folder: TemporaryFolder, _ list: String) throws -> SiftdSettings {
        var settings = SiftdSettings()
        settings.lists.deny = [try folder.write("deny", list)]
        settings.timeLimit = .seconds(3)
        return settings
    }

    @Test("The snapshot is what the settings say, with the lists read")
    func snapshot() throws {
        let folder = try TemporaryFolder()
        let live = try LiveConfiguration(settings(folder, "client 192.0.2.1\n"), model: nil)
        #expect(live.snapshot.timeLimit == .seconds(3))
        #expect(!live.snapshot.lists.denied.isEmpty && live.snapshot.lists.allowed.isEmpty)
        #expect(live.snapshot.model == nil)
    }

    @Test("A list with a mistake stops the start, and keeps what runs afterwards")
    func mistakes() throws {
        let folder = try TemporaryFolder()
        #expect(throws: SettingsErrors.self) {
            try LiveConfiguration(settings(folder, "clint 192.0.2.1\n"), model: nil)
        }
        let live = try LiveConfiguration(settings(folder, "client 192.0.2.1\n"), model: nil)
        let before = live.snapshot.lists.denied
        try folder.write("deny", "client 192.0.2.1\nsender\n")
        #expect {
            try live.readLists()
        } throws: { "\($0)".contains("deny:2: ") }
        var other = live.settings
        other.timeLimit = .seconds(9)
        #expect(throws: SettingsErrors.self) { try live.replace(other, model: nil) }
        #expect(live.snapshot.lists.denied == before)
        #expect(live.snapshot.timeLimit == .seconds(3) && live.settings.timeLimit == .seconds(3))
    }

    @Test("Lists, model and settings are replaced without touching the rest")
    func replaces() throws {
        let folder = try TemporaryFolder()
        let live = try LiveConfiguration(settings(folder, "client 192.0.2.1\n"), model: nil)
        let before = live.snapshot.lists.denied
        try folder.write("deny", "client 192.0.2.2\n")
        try live.readLists()
        #expect(live.snapshot.lists.denied != before)
        live.replace(model: ScoringModel(try TinyModel.shared.get()))
        #expect(live.snapshot.model != nil)
        var other = SiftdSettings()
        other.policy.mode = .monitor
        let old = try live.replace(other, model: live.snapshot.model)
        #expect(old.timeLimit == .seconds(3))
        #expect(live.snapshot.policy.mode == .monitor && live.snapshot.lists.denied.isEmpty)
    }
}
