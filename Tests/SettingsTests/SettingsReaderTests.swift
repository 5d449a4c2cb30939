import FilterPolicy
import FilterTestKit
import Foundation
import Testing

@testable import Settings

@Suite struct SettingsReaderTests {
    @Test("conf.d is read after the file in the order of names, and the environment last")
    func order() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "siftd.toml", "[http]\nport = 1\n[policy]\nunsure_threshold = 0.1\nmode = \"monitor\"\n"
        )
        try folder.write("conf.d/20.toml", "[http]\nport = 3\n")
        try folder.write("conf.d/10.toml", "[http]\nport = 2\n[policy]\nunsure_threshold = 0.2\n")
        try folder.write("conf.d/.30.toml", "[http]\nport = 4\n")
        try folder.write("conf.d/30.toml.bak", "[http]\nport = 4\n")
        let settings = try SettingsFile.read(
            path: path, environment: ["SIFTD_POLICY_UNSURE_THRESHOLD": "0.3", "HOME": "/"])
        #expect(settings.http.port == 3)
        #expect(settings.policy.unsureThreshold == 0.3 && settings.policy.mode == .monitor)
    }

    @Test("A conf.d that can't be read is named; its settings would be missing")
    func unreadableParts() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("siftd.toml", "")
        try folder.write("conf.d", "[http]\nport = 3\n")
        #expect {
            try SettingsFile.read(path: path)
        } throws: { "\($0)" == "\(folder.file("conf.d")): can't be read: Not a directory" }
    }

    @Test(
        "A variable that is no setting is refused when it begins with a section",
        arguments: [
            ("SIFTD_POLICY_MOD", "monitor", "did you mean SIFTD_POLICY_MODE?"),
            ("SIFTD_HTTP_PORT", "x", "http.port must be a whole number"),
            ("SIFTD_LOG_LEVEL", "loud", "log.level must be one of"),
        ])
    func environment(_ name: String, _ value: String, _ reason: String) {
        #expect {
            try SettingsFile.defaults(environment: [name: value])
        } throws: { "\($0)".contains(name) && "\($0)".contains(reason) }
    }

    @Test("Variables of other programs are left alone")
    func others() throws {
        #expect(
            try SettingsFile.defaults(environment: ["SIFTD_HOME": "/", "PATH": ""])
                == SiftdSettings())
    }

    @Test("Mistakes between keys are named where the key was set last")
    func between() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("siftd.toml", "[policy]\nactions = [\"redirect from 0.9\"]\n")
        try folder.write("conf.d/a.toml", "\n[exempt]\nsize = \"2MiB\"\n")
        #expect {
            try SettingsFile.read(path: path)
        } throws: { error in
            "\(error)".contains("siftd.toml:2: policy.actions redirects")
                && "\(error)".contains("conf.d/a.toml:3: exempt.size is above")
        }
    }
}

@Suite struct SettingKeyTests {
    @Test("Names are unique, and every key has a comment of short lines")
    func names() {
        let all = SettingKey.all
        #expect(Set(all.map(\.path)).count == all.count)
        for key in all {
            #expect(!key.comment.isEmpty)
            #expect(key.comment.split(separator: "\n").allSatisfy { $0.utf8.count <= 100 })
        }
    }

    @Test("Only changed keys that need a restart are named")
    func restart() {
        var new = SiftdSettings()
        new.timeLimit = .seconds(3)
        new.policy.mode = .monitor
        #expect(SettingKey.needingRestart(from: SiftdSettings(), to: new).isEmpty)
        new.http.port = 1
        new.milter.access.mode = 0o600
        new.log.format = .json
        #expect(
            SettingKey.needingRestart(from: SiftdSettings(), to: new).map(\.path)
                == ["milter.mode", "http.port", "log.format"])
    }
}

@Suite struct AccessFilesReadTests {
    private func files(
        _ folder: TemporaryFolder, allow: String = "", deny: String = "", authservID: String = ""
    ) throws -> AccessFiles {
        var files = AccessFiles()
        files.allow = [try folder.write("allow", allow)]
        files.deny = [try folder.write("deny", deny)]
        files.authservID = authservID
        return files
    }

    @Test("Files are read into the two lists")
    func reads() throws {
        let folder = try TemporaryFolder()
        let files = try files(
            folder, allow: "client 192.0.2.1\r\nfrom example.org\r\n", deny: "sender a@b.example\n",
            authservID: "mx.example.org")
        let lists = try files.read()
        #expect(!lists.allowed.isEmpty && !lists.denied.isEmpty)
        #expect(lists.authservID == "mx.example.org")
        #expect(files.paths == [folder.file("allow"), folder.file("deny")])
    }

    @Test("Every file with a mistake is named, with the line")
    func mistakes() throws {
        let folder = try TemporaryFolder()
        var files = try files(folder, allow: "client x\n", deny: "\nsnder a@b.example\n")
        files.deny.append("/nonexistent")
        #expect {
            try files.read()
        } throws: { error in
            let text = "\(error)"
            return text.contains("allow:1: ") && text.contains("deny:2: ")
                && text.contains("/nonexistent: can't be read: No such file or directory")
        }
    }

    @Test("Allow entries that only a checker could vouch for need its name")
    func authentication() throws {
        let folder = try TemporaryFolder()
        #expect {
            try files(folder, allow: "from example.org\n").read()
        } throws: { "\($0)".contains("lists.authserv_id") }
        #expect(throws: Never.self) { try files(folder, deny: "from example.org\n").read() }
    }
}
