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
        settings.deadline = 0.25
        settings.bodyLimit = 65_536
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
        settings.exemptNetworks = ["192.0.2.0/24", "::1"].compactMap { NetworkRange($0) }
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

    /// A bad file and what the admin is told.
    @Test(
        "A bad file is refused with line, key and the nearest right name",
        arguments: [
            (
                "[scoring]\nwokers = 2\n",
                "f:2: unknown key \"wokers\" in [scoring]; did you mean \"workers\"?"
            ),
            (
                "[policy]\nworkers = 2\n",
                "f:2: unknown key \"workers\" in [policy]; it belongs in [scoring]"
            ),
            ("[polcy]\nreject = true\n", "f:1: unknown section [polcy]; did you mean [policy]?"),
            (
                "\n[scoring]\nworkers = \"two\"\n",
                "f:3: scoring.workers must be a whole number from 0 to 1024"
            ),
            (
                "[scoring]\nworkers = 5000\n",
                "f:2: scoring.workers must be a whole number from 0 to 1024"
            ),
            ("[policy]\nreject = \"yes\"\n", "f:2: policy.reject must be true or false"),
            (
                "[policy]\nmode = \"monitr\"\n",
                "f:2: policy.mode must be one of \"filter\", \"monitor\"; did you mean \"monitor\"?"
            ),
            (
                "[policy]\ntag_threshold = 1.5\n",
                "f:2: policy.tag_threshold must be a number from 0 to 1"
            ),
            (
                "[scoring]\ndeadline = 15\n",
                "f:2: scoring.deadline must be a time with its unit, such as \"15s\", from 0.01 to 600.0 seconds"
            ),
            (
                "[scan]\nbody_limit = \"1MB\"\n",
                "f:2: scan.body_limit must be a size with its unit, such as \"1MiB\" or \"64KiB\""
            ),
            (
                "[milter]\nsocket = \"inet:8891@127.0.0.1\"\nmode = \"0999\"\n",
                "f:3: milter.mode must be an octal mode in quotes, such as \"0660\""
            ),
            (
                "[scan]\nbody_limit = \"-9223372036854775807GiB\"\n",
                "f:2: scan.body_limit must be a size with its unit, such as \"1MiB\" or \"64KiB\""
            ),
            (
                "[exempt]\nnetworks = [\"10.0.0.0/99\"]\n",
                "f:2: exempt.networks holds \"10.0.0.0/99\", which is no address or range such as \"192.0.2.0/24\""
            ),
            (
                "[http]\naddress = \"a b\"\n",
                "f:2: http.address must be an address or host name, such as \"127.0.0.1\""
            ),
            (
                "[milter]\nsocket = \"/run/x\"\n",
                "f:2: milter.socket must be \"unix:/path\", \"inet:port@host\" or \"inet6:port@host\" (libmilter's form, not Postfix's inet:host:port)"
            ),
        ])
    func refused(_ text: String, _ expected: String) {
        #expect {
            try SettingsFile.parse(text, file: "f")
        } throws: { "\($0)" == expected }
    }

    @Test("Broken TOML is refused with its line")
    func syntax() {
        #expect {
            try SettingsFile.parse("[a]\nb = = 1\n", file: "f")
        } throws: { "\($0)".hasPrefix("f:2: ") }
    }

    @Test("Every problem is told, in order")
    func several() {
        #expect {
            try SettingsFile.parse("[log]\nlevel = 3\n[http]\nport = -1\nprt = 2\n", file: "f")
        } throws: { error in
            (error as? SettingsErrors)?.errors.map(\.line) == [2, 4, 5]
        }
    }

    @Test("A missing file is named")
    func missing() {
        #expect {
            try SettingsFile.read(path: "/nonexistent/siftd.toml")
        } throws: { "\($0)".contains("/nonexistent/siftd.toml: can't be read") }
    }
}
