import FilterTestKit
import Foundation
import Logging
import ModelRegistry
import Models
import Settings
import Telemetry
import Testing

@testable import SiftdDaemon

/// The versions of a registry on disk, as the HTTP port changes them.
@Suite struct SiteModelsTests {
    private let folder: TemporaryFolder
    private let live: LiveConfiguration
    private let models: SiteModels

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("models"), withIntermediateDirectories: true)
        let registry = try ModelRegistry(path: folder.file("models"))
        for (number, id) in ["one", "two"].enumerated() {
            var bundle = try TinyModel.shared.get()
            bundle.configuration.id = id
            try bundle.write(to: folder.file(id))
            _ = try registry.add(
                bundle: folder.file(id),
                lineage: ModelLineage(origin: .imported, added: Int64(number)))
        }
        try registry.activate("one", time: 1, reason: "first")
        let path = try folder.write(
            "siftd.toml", "[model]\ndirectory = \"\(registry.activePath)\"\n")
        let settings = try SettingsFile.read(path: path)
        live = try LiveConfiguration(settings, model: ScoringModel.load(settings))
        let notices = Notices(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            metrics: FilterMetrics(factory: PrometheusRegistry()))
        let reloader = Reloader(
            live, stamps: FileStamps([]), notices: notices,
            manager: ServiceManager(environment: [:]), isStopping: { false },
            read: { try SettingsFile.read(path: path) })
        models = try #require(SiteModels(live, reloader))
    }

    @Test("An activated version scores at once, and a rollback brings the old one back")
    func activates() throws {
        #expect(try models.models().map(\.id) == ["one", "two"])
        try models.activate("two", reason: "test")
        #expect(live.snapshot.model?.id == "two")
        let details = try models.details("two")
        #expect(details.model.isActive && details.activations.map(\.reason) == ["test"])
        #expect(try models.models().first(where: \.isRollbackTarget)?.id == "one")
        #expect(try models.rollback(reason: "test") == "one")
        #expect(live.snapshot.model?.id == "one")
    }

    @Test("A version that is not there, or is damaged, changes nothing")
    func refuses() throws {
        #expect {
            try models.activate("three", reason: "")
        } throws: { ($0 as? RegistryError)?.kind == .unknownVersion }
        try folder.write("models/versions/two/vocabulary.txt", "broken")
        #expect(throws: RegistryError.self) { try models.activate("two", reason: "") }
        #expect(live.snapshot.model?.id == "one")
    }

    @Test("A model from no registry has no versions")
    func none() throws {
        var settings = SiftdSettings()
        settings.model.directory = folder.file("one")
        let live = try LiveConfiguration(settings, model: nil)
        let reloader = Reloader(
            live, stamps: FileStamps([]),
            notices: Notices(
                logger: Logger(label: "test"),
                metrics: FilterMetrics(factory: PrometheusRegistry())),
            manager: ServiceManager(environment: [:]), isStopping: { false },
            read: { SiftdSettings() })
        #expect(SiteModels(live, reloader) == nil)
    }
}
