import Feedback
import FilterTestKit
import Foundation
import PostgreSQL
import Testing

/// Processes that write at once, and that are killed while they write.
@Suite struct CrashTests {
    private static let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("feedback-probe").path

    /// A probe that writes labels until it is killed.
    private final class Writer {
        private let process = Process()
        private let output = Pipe()

        init(_ path: String, first: Int) throws {
            process.executableURL = URL(fileURLWithPath: CrashTests.probe)
            process.arguments = ["write", path, String(first)]
            process.standardOutput = output
            try process.run()
        }

        /// Kills the process after so many acknowledgements and microseconds.
        ///
        /// - Returns: the last step that was acknowledged, be it after the decision to kill.
        func kill(after lines: Int, microseconds: UInt32) throws -> Int? {
            var text = Data()
            while text.count(where: { $0 == UInt8(ascii: "\n") }) < lines {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += data
            }
            usleep(microseconds)
            Glibc.kill(process.processIdentifier, SIGKILL)
            text += try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let whole = text.prefix { _ in true }.split(separator: UInt8(ascii: "\n"))
            return whole.last.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// The active labels after the first steps of the probe.
    private func expected(steps: Int) -> [String] {
        var labels: [String] = []
        for step in 0..<steps {
            if step % 3 == 2 {
                labels.removeAll { $0 == "\(step - 2) spam" }
                labels.append("\(step - 2) ham")
            } else {
                labels.append("\(step) spam")
            }
        }
        return labels
    }

    /// Where a store is, by which a probe and the test open it.
    struct Location: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var name: @Sendable (TemporaryFolder) throws -> String
        var open: @Sendable (String) throws -> any FeedbackStore

        static let sqlite = Location(
            testDescription: "SQLite", name: { $0.file("feedback.db") },
            open: { try SQLiteFeedbackStore(path: $0) })
        static let postgresql = Location(
            testDescription: "PostgreSQL", name: { _ in try SharedDatabase().url },
            open: {
                PostgreSQLFeedbackStore(
                    PostgreSQLPool(try PostgreSQLAddress(url: $0), size: 1))
            })
        static let all = [sqlite] + (PostgreSQLServer.isInstalled ? [postgresql] : [])
    }

    @Test(
        "20 writers are killed: each acknowledged label is there once, and nothing else",
        arguments: Location.all)
    func kill(_ location: Location) throws {
        let folder = try TemporaryFolder()
        let path = try location.name(folder)
        var done = 0
        for round in 0..<20 {
            let writer = try Writer(path, first: done)
            let last = try writer.kill(
                after: Int.random(in: 0...40), microseconds: UInt32.random(in: 0...5_000))
            let acknowledged = (last ?? done - 1) + 1
            let store = try location.open(path)
            try store.check()
            let active = try store.active()
            // A label may be on disk whose acknowledgement the kill prevented.
            done = active == expected(steps: acknowledged) ? acknowledged : acknowledged + 1
            #expect(active == expected(steps: done), "round \(round), acknowledged \(acknowledged)")
        }
        #expect(done > 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count <= 23)
    }

    @Test(
        "Two processes write at once, and no label is lost or doubled", arguments: Location.all)
    func concurrently(_ location: Location) async throws {
        let folder = try TemporaryFolder()
        let path = try location.name(folder)
        async let first = run(path, "admin:one")
        async let second = run(path, "admin:two")
        let outputs = try await [first, second]
        #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
        let store = try location.open(path)
        let labels = try store.labels(.all, state: nil, after: 0, limit: 1_000)
        #expect(labels.count == 2 * 60)
        #expect(Set(labels.map { "\($0.label.digest) \($0.label.source)" }).count == 120)
        #expect(try store.active().count == 60)
    }

    private func run(_ path: String, _ source: String) async throws -> Command.Output {
        try Command.run(CrashTests.probe, ["write", path, "0", "90", source])
    }
}
