import FilterTestKit
import Foundation
import Models
import Testing

/// HTTP over a socket of the file system, with versions of the model from a registry.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first"))
struct HTTPSocketTests {
    private static let token = "write-0123456789abcdef"

    /// A registry of two versions, the first of which is active.
    private static func registry(_ folder: TemporaryFolder) throws -> String {
        for id in ["one", "two"] {
            var bundle = try TinyModel.shared.get()
            bundle.configuration.id = id
            let version = folder.file("models/versions/\(id)")
            try FileManager.default.createDirectory(
                atPath: folder.file("models/versions"), withIntermediateDirectories: true)
            try bundle.write(to: version)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("models/active"), withDestinationPath: "versions/one")
        return folder.file("models/active")
    }

    @Test(
        "It answers there, replaces a socket left behind, and changes the version for the next mail"
    )
    func socket() throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("token", HTTPSocketTests.token + "\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
        let path = folder.file("http.sock")
        let active = try HTTPSocketTests.registry(folder)
        func start() throws -> DaemonProcess {
            try DaemonProcess(
                model: active,
                environment: [
                    "SIFTD_HTTP_ADDRESS": "unix:\(path)", "SIFTD_HTTP_WRITE_TOKEN_FILE": token,
                ])
        }
        func ask(_ method: String, _ uri: String) throws -> HTTPTestClient.Answer {
            try HTTPTestClient.request(
                method, uri, socket: path,
                fields: ["Authorization: Bearer \(HTTPSocketTests.token)"])
        }
        var daemon = try start()
        #expect(daemon.log.contains("url=unix:\(path)"))
        daemon.signal(SIGKILL)
        _ = daemon.waitForExit(seconds: 120)
        #expect(FileManager.default.fileExists(atPath: path))
        daemon = try start()
        #expect(try HTTPTestClient.request("GET", "/livez", socket: path).status == 200)
        #expect(try ask("GET", "/v1/models/two").body.contains("\"id\":\"two\""))
        #expect(try ask("GET", "/v1/models/three").status == 404)
        #expect(try ask("POST", "/v1/models/two/activate").status == 200)
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        let status = try connection.deliver(TinyModel.message(.ham, 1)).value("X-Spam-Status")
        #expect(status?.contains("model=two") == true)
        #expect(try ask("GET", "/v1/models/two").body.contains("\"active\":true"))
        #expect(try ask("POST", "/v1/models/rollback").body == "{\"active\":\"one\"}\n")
        #expect(try ask("GET", "/ping").status == 200)
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 120) == 0)
    }

    @Test("A second daemon leaves a socket on which the first one answers, and so any other file")
    func secondDaemon() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("http.sock")
        let first = try DaemonProcess(environment: ["SIFTD_HTTP_ADDRESS": "unix:\(path)"])
        func refusal(_ path: String) -> String? {
            do {
                _ = try DaemonProcess(environment: ["SIFTD_HTTP_ADDRESS": "unix:\(path)"])
            } catch let error as DaemonProcess.StartError where error.status == 69 {
                return error.log
            } catch { Issue.record(error) }
            return nil
        }
        let inUse = "siftd: http: another process listens on \(path); stop it first (http.address)"
        #expect(refusal(path)?.contains(inUse) == true)
        #expect(try HTTPTestClient.request("GET", "/livez", socket: path).status == 200)
        #expect(first.isRunning)
        let notes = try folder.write("notes.txt", "keep me")
        #expect(refusal(notes)?.contains("\(notes) exists and is not a socket") == true)
        #expect(try String(contentsOfFile: notes, encoding: .utf8) == "keep me")
    }
}
