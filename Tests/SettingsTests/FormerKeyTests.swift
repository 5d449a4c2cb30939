import FilterPolicy
import Foundation
import Testing

@testable import Settings

/// Keys of earlier versions.
@Suite struct FormerKeyTests {
    private static let renamed = [
        FormerKey("policy.old_name", successors: ["policy.unsure_threshold"], until: "9.9"),
        FormerKey("milter.gone", successors: [], until: "9.9"),
    ]

    private func read(
        _ text: String, environment: [String: String] = [:]
    ) throws -> SiftdSettings {
        var reader = SettingsReader(formerKeys: FormerKeyTests.renamed)
        reader.read(text, file: "siftd.toml")
        reader.read(environment: environment)
        return try reader.finish()
    }

    @Test("A former key is read with a warning that names file, line and the new key")
    func renamed() throws {
        let settings = try read("[policy]\n\nold_name = 0.25\n")
        #expect(settings.policy.unsureThreshold == 0.25)
        #expect(
            settings.warnings.map(\.description) == [
                "siftd.toml:3: policy.old_name is of an earlier version. Write "
                    + "policy.unsure_threshold instead; version 9.9 refuses it."
            ])
    }

    @Test(
        "Beside the new key the former one does not count",
        arguments: [
            "old_name = 0.25\nunsure_threshold = 0.75", "unsure_threshold = 0.75\nold_name = 0.25",
        ])
    func both(_ keys: String) throws {
        let settings = try read("[policy]\n\(keys)\n")
        #expect(settings.policy.unsureThreshold == 0.75 && settings.warnings.count == 1)
    }

    @Test("A key that nothing needs any more has no effect but the warning")
    func gone() throws {
        let settings = try read("milter.gone = true\n")
        #expect(
            settings.warnings.map(\.reason) == [
                "milter.gone is of an earlier version. It has no effect any more; version 9.9 refuses it."
            ])
    }

    @Test("A variable may have a former name, and a bad value is a mistake as ever")
    func environment() throws {
        let settings = try read("", environment: ["SIFTD_POLICY_OLD_NAME": "0.25"])
        #expect(settings.policy.unsureThreshold == 0.25 && settings.warnings.count == 1)
        #expect(throws: SettingsErrors.self) { try read("[policy]\nold_name = 7\n") }
        #expect(throws: SettingsErrors.self) { try read("[policy]\nolder_name = 0.25\n") }
    }

    @Test("policy.on_fault stands for the faults of today")
    func onFault() throws {
        let settings = try SettingsFile.parse("[policy]\non_fault = \"accept\"\n", file: "x")
        #expect(settings.policy.faults.onError == .accept)
        #expect(settings.policy.faults.onTimeout == .accept)
        #expect(settings.policy.faults.onOverload == .accept)
        #expect(settings.warnings.count == 1)
    }

    @Test("The version that refuses a former key is yet to come", arguments: FormerKey.all)
    func until(_ key: FormerKey) throws {
        let changes = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../CHANGELOG.md")
        let text = try String(contentsOf: changes, encoding: .utf8)
        let released = try #require(text.firstMatch(of: /\n## ([0-9.]+)\n/)).1
        #expect(key.until.compare(String(released), options: .numeric) == .orderedDescending)
    }

    @Test("Former keys are no keys, and their successors are", arguments: FormerKey.all.map(\.path))
    func list(_ path: String) throws {
        let paths = SettingKey.all.map(\.path)
        #expect(!paths.contains(path))
        let key = try #require(FormerKey.all.first { $0.path == path })
        #expect(Set(key.successors).isSubset(of: paths))
        #expect(paths.contains { $0.hasPrefix(path.prefix { $0 != "." }) }, "the section is there")
    }
}
