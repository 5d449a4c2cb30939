import FilterTestKit
import Foundation
import Logging
import Models
import Settings
import Synchronization
import Telemetry
import Testing

@testable import SiftdDaemon

/// A reload, with the files a real one reads.
@Suite struct ReloaderTests {
    /// A reloader over a model and a configuration file in a folder, and the events it logs.
    private final class Bench: Sendable {
        let folder: TemporaryFolder
        let live: LiveConfiguration
        let events = Mutex<[String]>([])
        let isStopping = Atomic(false)

        init() throws {
            folder = try TemporaryFolder()
            try TinyModel.shared.get().write(to: folder.file("model"))
            let settings = try SettingsFile.read(
                path: folder.write("siftd.toml", Bench.file(folder, "")))
            live = try LiveConfiguration(settings, model: ScoringModel.load(settings))
        }

        static func file(_ folder: TemporaryFolder, _ more: String) -> String {
            "[model]\ndirectory = \"\(folder.file("model"))\"\n\(more)"
        }

        /// Reloads with each of these in the file.
        func reload(_ more: String...) throws {
            let path = folder.file("siftd.toml")
            let logger = Logger(label: "test") { [self] _ in Handler(bench: self) }
            let notices = Notices(
                logger: logger, metrics: FilterMetrics(factory: PrometheusRegistry()))
            let reloader = Reloader(
                live, stamps: FileStamps([]), notices: notices,
                manager: ServiceManager(environment: [:]),
                isStopping: { [self] in isStopping.load(ordering: .relaxed) },
                read: { try SettingsFile.read(path: path) })
            for more in more {
                try folder.write("siftd.toml", Bench.file(folder, more))
                reloader.reloadNow()
            }
        }

        var keysOfRestart: [String] {
            lines.compactMap { line in
                line.firstMatch(of: /msg=restart_needed key=([a-z_.]+)/).map { String($0.1) }
            }
        }

        var lines: [String] { events.withLock { $0 } }
    }

    private struct Handler: LogHandler {
        let bench: Bench
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { bench.events.withLock { $0.append("\(event.message)") } }
    }

    @Test("Sound settings come into force, with a model read anew")
    func sound() throws {
        let bench = try Bench()
        let before = try #require(bench.live.snapshot.model)
        try bench.reload("[policy]\nmode = \"monitor\"\n")
        #expect(bench.live.snapshot.policy.mode == .monitor)
        #expect(bench.live.snapshot.model !== before)
        #expect(bench.lines.last == "msg=reloaded model=\(before.id)")
    }

    @Test(
        "Whatever has a mistake, everything stays in force",
        arguments: [
            "[policy]\nmode = \"monitr\"\n", "[model]\n", "x = [",
            "[policy]\nmode = \"monitor\"\n[lists]\ndeny = [\"/nonexistent\"]\n",
            "[policy]\nmode = \"monitor\"\n[http]\nread_token_file = \"/nonexistent\"\n",
            "[policy]\nmode = \"monitor\"\n[scan]\ncrash_journal = \"/etc/passwd\"\n",
        ])
    func broken(_ more: String) throws {
        let bench = try Bench()
        let before = try #require(bench.live.snapshot.model)
        try bench.reload(more)
        #expect(bench.live.snapshot.model === before)
        #expect(bench.live.snapshot.policy.mode == .filter)
        #expect(bench.lines.allSatisfy { $0.hasPrefix("msg=reload_failed error=\"") })
        #expect(!bench.lines.isEmpty)
    }

    @Test("A damaged model keeps the running one")
    func damagedModel() throws {
        let bench = try Bench()
        try bench.folder.write("model/vocabulary.txt", "x\n")
        try bench.reload("[policy]\nmode = \"monitor\"\n")
        #expect(bench.live.snapshot.policy.mode == .filter)
        #expect(bench.lines.first?.contains("vocabulary.txt is damaged") == true)
    }

    @Test("Keys that need a restart are named, others are not")
    func restart() throws {
        let bench = try Bench()
        try bench.reload("[http]\nport = 0\n[scoring]\ndeadline = \"9s\"\nworkers = 3\n")
        #expect(bench.keysOfRestart == ["http.port", "scoring.workers"])
    }

    @Test("A key that needs a restart is compared with what runs, not with the last file")
    func restored() throws {
        let bench = try Bench()
        try bench.reload("[http]\nport = 0\n", "", "[http]\nport = 0\n")
        #expect(bench.keysOfRestart == ["http.port", "http.port"])
        #expect(bench.lines.count { $0.hasPrefix("msg=reloaded") } == 3)
    }

    @Test("Rules that throw mail away or name no label of the model are warned of")
    func warnings() throws {
        let bench = try Bench()
        try bench.reload("[policy]\nactions = [\"discard from 0.99\", \"reject for bills\"]\n")
        #expect(bench.lines.contains { $0.hasPrefix("msg=discard_configured") })
        #expect(
            bench.lines.contains { $0.contains("msg=unknown_label key=policy.actions label=bills") }
        )
    }

    @Test("A daemon that stops does not reload")
    func stopping() throws {
        let bench = try Bench()
        bench.isStopping.store(true, ordering: .relaxed)
        try bench.reload("[policy]\nmode = \"monitor\"\n")
        #expect(bench.live.snapshot.policy.mode == .filter && bench.lines.isEmpty)
    }
}
