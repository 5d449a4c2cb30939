import Checksums
import FilterTestKit
import Foundation
import ModelRegistry
import Models
import PostgreSQL
import Synchronization

@testable import Fleet

/// Hosts with registries of their own on one real database.
final class FleetSite: Sendable {
    let server: PostgreSQLServer
    let address: PostgreSQLAddress
    let folder: TemporaryFolder

    private static let trained = Result {
        var options = TinyModel.options
        options.training.epochs = 1
        options.linear.share = 0
        return try TinyModel.train(in: TemporaryFolder(), options: options)
    }

    init(_ server: PostgreSQLServer) throws {
        self.server = server
        address = try PostgreSQLAddress(url: server.url(try server.database()))
        folder = try TemporaryFolder()
    }

    convenience init() throws { try self.init(try PostgreSQLServer.shared.get()) }

    /// A store of the database, as a tool has one.
    func store() -> FleetStore {
        FleetStore(PostgreSQLPool(address, size: 2, limits: PostgreSQLLimits(seconds: 20)))
    }

    /// Writes a bundle with this id, and returns its folder.
    func bundle(_ id: String, threshold: Double = 0.5) throws -> String {
        let path = folder.file("bundle-\(UUID())")
        var bundle = try FleetSite.trained.get()
        bundle.configuration.id = id
        bundle.configuration.labels = ["spam"]
        bundle.configuration.thresholds["tag"]?.probability = threshold
        try bundle.write(to: path)
        return path
    }

    /// A host with an empty registry, whose member does nothing yet.
    func host(
        _ name: String, registry folder: String? = nil, trust: ModelTrust = ModelTrust(),
        seconds: Double = 20,
        fails: @escaping @Sendable (String) -> Bool = { _ in false }
    ) throws -> TestHost {
        let path = self.folder.file("registry-\(folder ?? name)")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return try TestHost(
            name, registry: ModelRegistry(path: path), trust: trust, fails: fails,
            store: FleetStore(
                PostgreSQLPool(address, size: 2, limits: PostgreSQLLimits(seconds: seconds))))
    }
}

/// A host as the daemon makes one, whose model in force is a text.
final class TestHost: Sendable {
    struct LoadFailure: Error, CustomStringConvertible {
        var description: String { "the model can't be loaded here" }
    }

    let name: String
    let registry: ModelRegistry
    let member: FleetMember

    init(
        _ name: String, registry: ModelRegistry, trust: ModelTrust,
        fails: @escaping @Sendable (String) -> Bool, store: FleetStore
    ) throws {
        self.name = name
        self.registry = registry
        let state = State()
        state.serving.withLock { $0 = try? registry.active() }
        var host = FleetMember.Host(
            name: name, version: "test",
            load: { directory in
                let id = try ModelBundle(directory: directory).configuration.id
                if fails(id) { throw LoadFailure() }
                return id
            },
            use: { model in state.serving.withLock { $0 = model as? String } },
            serving: { state.serving.withLock { $0 } })
        host.report = { event in state.events.withLock { $0.append(event) } }
        member = FleetMember(store, registry: registry, trust: trust, host: host)
        self.state = state
    }

    private final class State: Sendable {
        let serving = Mutex<String?>(nil)
        let events = Mutex<[FleetMember.Event]>([])
    }

    private let state: State

    /// The id of the model in force.
    var model: String? { state.serving.withLock { $0 } }
    var events: [FleetMember.Event] { state.events.withLock { $0 } }

    /// Adds a bundle to the registry and makes it the active version, as a retraining does.
    func activate(_ bundle: String) throws {
        let id = try registry.add(
            bundle: bundle, lineage: ModelLineage(origin: .retrained, added: 5, labels: 3))
        try registry.activate(id, time: 7, reason: "a test")
        member.poke()
    }
}
