import FilterPolicy
import FilterTestKit
import Foundation
import Settings
import Testing

@Suite struct SettingsFileTests {
    @Test("An empty file gives the defaults")
    func empty() throws {
        #expect(try SettingsFile.parse("", file: "f") == SiftdSettings())
    }

    @Test("What --dump shows reads back as the same settings")
    func roundTrip() throws {
        var settings = SiftdSettings()
        settings.policy.tagThreshold = 0.8
        settings.policy.rejection.text = "Say \"no\" \\ ask postmaster@example.org"
        settings.timeLimit = .milliseconds(250)
        settings.scan.bodyBytes = 65_536
        settings.policy.rules = ["reject from 0.999", "quarantine from model"].compactMap {
            ActionRule($0)
        }
        settings.policy.faults.onNoModel = .accept
        settings.stopsWithoutModel = false
        var sales = RecipientPolicy()
        sales.judges = true
        sales.tagThreshold = 0.99
        sales.rules = [ActionRule(.tempfail, .label("phishing"))]
        settings.policy.recipients = ["sales@example.org": sales, "example.net": RecipientPolicy()]
        settings.exempt.networks = ["192.0.2.0/24", "::1"].compactMap { NetworkRange($0) }
        #expect(try SettingsFile.parse(SettingsFile.show(settings), file: "f") == settings)
    }

    @Test("The sample file is the list of keys, and reads as the defaults")
    func sample() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../etc/siftd/siftd.toml").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == SettingsFile.show(SiftdSettings(), commented: true))
        #expect(try SettingsFile.parse(text, file: path) == SiftdSettings())
        let active = text.replacingOccurrences(
            of: "\n#(?=[a-z_]+ = )", with: "\n", options: .regularExpression)
        #expect(try SettingsFile.parse(active, file: path) == SiftdSettings())
    }

    /// Bad files; the comments in front are what the admin reads, without the file's name.
    private static let bad: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: badFolder)) ?? []
        return names.filter { $0.hasSuffix(".toml") }.sorted()
    }()

    private static let badFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/settings/bad").path

    @Test("A bad file is refused with line, key and the nearest right name", arguments: bad)
    func refused(_ name: String) throws {
        let path = "\(SettingsFileTests.badFolder)/\(name)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let expected = text.split(separator: "\n").prefix { $0.hasPrefix("# ") }
            .map { "f:\($0.dropFirst(2))" }
        #expect(!expected.isEmpty)
        #expect {
            try SettingsFile.parse(text, file: "f")
        } throws: { "\($0)".split(separator: "\n").map(String.init) == expected }
    }

    @Test("There are bad files for every kind of value")
    func enoughBad() { #expect(SettingsFileTests.bad.count >= 50) }

    @Test("Every problem is reported, in order")
    func several() {
        #expect {
            try SettingsFile.parse("[log]\nlevel = 3\n[http]\nport = -1\nprt = 2\n", file: "f")
        } throws: { error in
            (error as? SettingsErrors)?.errors.map(\.line) == [2, 4, 5]
        }
    }

    @Test(
        "A file that can't be read is named, with what the system says",
        arguments: [
            ("/nonexistent/siftd.toml", "No such file or directory"), ("/etc", "Is a directory"),
            ("/etc/passwd/siftd.toml", "Not a directory"),
        ])
    func unreadable(_ path: String, _ reason: String) {
        #expect {
            try SettingsFile.read(path: path)
        } throws: { "\($0)".contains("\(path): can't be read: \(reason)") }
    }
}
