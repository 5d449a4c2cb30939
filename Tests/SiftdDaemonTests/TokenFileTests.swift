import FilterTestKit
import Foundation
import HTTPServer
import Settings
import Testing

@testable import SiftdDaemon

@Suite struct TokenFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func token(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = try folder.write(name, text)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test("Sound token files are read")
    func sound() throws {
        var settings = SiftdSettings()
        settings.http.readTokenFile = try token("read", "read-0123456789abcdef\n")
        settings.http.writeTokenFile = try token("write", "write-0123456789abcdef\n")
        settings.http.hosts = ["Filter.example"]
        try settings.checkFiles()
        let access = try HTTPAccess(settings.http)
        #expect(access.readToken != nil && access.writeToken != nil)
        #expect(access.hosts == ["filter.example"])
    }

    @Test("Every token file at fault is named with its key")
    func faults() throws {
        var settings = SiftdSettings()
        let missing = folder.file("missing")
        let open = try token("open", "write-0123456789abcdef\n", mode: 0o644)
        settings.http.readTokenFile = missing
        settings.http.writeTokenFile = open
        #expect {
            try settings.checkFiles()
        } throws: { error in
            let errors = (error as? SettingsErrors)?.errors ?? []
            return errors.map(\.file) == [missing, open]
                && errors[0].reason == "No such file or directory (http.read_token_file)"
                && errors[1].reason.hasSuffix("chmod o= it (http.write_token_file)")
        }
    }
}
