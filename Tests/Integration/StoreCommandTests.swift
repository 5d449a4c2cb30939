import Feedback
import FilterTestKit
import Foundation
import Testing

/// `siftd store` with a real database.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct StoreCommandTests {
    private let folder: TemporaryFolder
    private let server: PostgreSQLServer

    init() throws {
        folder = try TemporaryFolder()
        server = try PostgreSQLServer()
    }

    /// Writes a configuration whose labels are in a folder of the test, or in a database.
    private func configuration(_ url: String = "", password: String = "") throws -> String {
        try folder.write(
            "siftd.toml",
            """
            [learn]
            directory = "\(folder.file("learn"))"
            socket = "\(folder.file("control.sock"))"
            [store]
            url = "\(url)"
            password_file = "\(password)"
            [fleet]
            host = "mx7"
            """)
    }

    private func siftd(_ arguments: String...) throws -> Command.Output {
        try Command.run(DaemonProcess.binary, ["store"] + arguments)
    }

    private func label(_ number: UInt8) throws -> NewLabel {
        NewLabel(
            digest: try #require(MessageDigest([UInt8](repeating: number, count: 32))),
            labelClass: .spam, source: .admin, way: .command, time: 1_800_000_000,
            score: MessageScore(verdict: "ham", probability: 0.5, modelID: "m", modelLogit: 0),
            features: LabelFeatures(version: 1, bytes: [1, 2, 3]))
    }

    @Test("Labels move into a database over TLS, which the command then looks at")
    func migrate() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("learn"), withIntermediateDirectories: false)
        try folder.write("learn/secret", String(repeating: "s", count: 16))
        let file = try SQLiteFeedbackStore(path: folder.file("learn/labels.sqlite"))
        _ = try file.add((1...40).map { try label($0) })
        let password = try folder.write("password", PostgreSQLServer.password)
        chmod(password, 0o600)
        let url = server.tcpURL(try server.database())

        let alone = try siftd("status", "--config", configuration())
        #expect(alone.status == 0 && alone.out.contains("labels: 40, 40 in force, 40 new"))
        let arguments = ["--to", url, "--password-file", password, "--config", "FILE"]
        func migrate() throws -> Command.Output {
            let file = try configuration()
            return try Command.run(
                DaemonProcess.binary,
                ["store", "migrate"] + arguments.map { $0 == "FILE" ? file : $0 })
        }
        let moved = try migrate()
        #expect(moved.status == 0, "\(moved.err)")
        #expect(moved.out.contains("moved 40 labels, 0 recent verdicts and 0 retrainings"))
        #expect(moved.out.contains("SHA-256"))
        let again = try migrate()
        #expect(again.status == 69 && again.err.contains("is not empty"))
        #expect(!again.err.contains(PostgreSQLServer.password))

        let shared = try configuration(url, password: password)
        let status = try siftd("status", "--config", shared, "--json")
        #expect(status.status == 0, "\(status.err)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(status.out.utf8)) as? [String: Any])
        #expect(report["labels"] as? Int == 40 && report["host"] as? String == "mx7")
        #expect(report["waiting"] as? Int == 0 && report["revision"] as? Int == 80)
        #expect(try siftd("check", "--config", shared).out == "no damage\n")

        server.stop()
        let away = try siftd("status", "--config", shared)
        #expect(away.status == 69 && away.out.contains("waiting on this host: 0"))
        #expect(away.err.contains("PostgreSQL"))
        #expect(try siftd("check", "--config", shared).status == 69)
    }

    @Test("Where nothing is learnt there is nothing to look at or to move")
    func nothing() throws {
        let file = try configuration()
        #expect(try siftd("status", "--config", file).status == 73)
        let output = try siftd("migrate", "--to", "postgresql://a@/b", "--config", file)
        #expect(output.status == 73 && output.err.contains("there are no labels"))
    }

    @Test("A URL that promises no safety is refused by the configuration's check")
    func unsafeURL() throws {
        for url in [
            "postgresql://siftd:secret@db.example.net/siftd",
            "postgresql://siftd@db.example.net/siftd?sslmode=prefer", "mysql://db",
        ] {
            let file = try configuration(url)
            let output = try Command.run(
                DaemonProcess.binary, ["check-config", "--config", file])
            #expect(output.status == 78 && output.err.contains("store.url"), "\(output)")
        }
    }
}
