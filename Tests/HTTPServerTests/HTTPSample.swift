import Feedback
import FilterPolicy
import FilterTestKit
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import ModelRegistry
import Models
import Scoring
import ServiceLifecycle
import SiteMemory
import Synchronization
import Telemetry
import Testing

@testable import HTTPServer

/// An HTTP port with the tiny model, and what a test gives it besides.
struct HTTPSample: Sendable {
    static let readToken = "read-0123456789abcdef"
    static let writeToken = "write-0123456789abcdef"
    static let spamPolicy: PolicySettings = {
        var policy = PolicySettings()
        policy.tagThreshold = 0.8
        policy.rules = [ActionRule(.quarantine, .probability(0.8))]
        return policy
    }()

    var parts: HTTPServer.Parts
    var access = HTTPAccess()
    var limits = HTTPLimits()
    /// Keeps the label store's folder.
    let folder: TemporaryFolder
    let store: any FeedbackStore

    /// - Parameters:
    ///   - notReady: what `/readyz` says.
    ///   - hasModel: false for a daemon without one.
    ///   - tokens: whether both tokens are needed.
    /// - Throws: when the model can't be trained or the label store not be opened.
    init(notReady: String? = nil, hasModel: Bool = true, tokens: Bool = false) throws {
        let registry = PrometheusRegistry()
        let metrics = FilterMetrics(factory: registry)
        let model = try ScoringModel(TinyModel.shared.get())
        metrics.showModel(id: model.id, normalizer: "default", trained: 0)
        let pool = ScoringPool()
        let folder = try TemporaryFolder()
        let site = SiteFolder(path: folder.path)
        let memory = SiteMemory(
            store: try site.store(LearnOptions()), secret: try site.secret())
        try memory.refresh()
        let judge: @Sendable () -> Judge? = {
            hasModel ? Judge(model: model, pool: pool, site: memory.knowledge(authservID: "")) : nil
        }
        parts = HTTPServer.Parts(
            registry: registry, metrics: metrics, version: "test",
            classifier: {
                judge().map {
                    Classifier(
                        judge: $0, policy: HTTPSample.spamPolicy, timeLimit: .seconds(10))
                }
            }, notReady: { notReady })
        parts.teacher = Teacher(
            memory: memory, options: LearnOptions(), judge: judge,
            policy: { HTTPSample.spamPolicy })
        self.folder = folder
        store = memory.store
        if tokens {
            access.readToken = AccessToken(HTTPSample.readToken)
            access.writeToken = AccessToken(HTTPSample.writeToken)
        }
    }

    var server: HTTPServer { HTTPServer(parts, access: access, limits: limits) }

    /// Gives a client of the router to a test.
    func onRouter(
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let application = Application(router: server.router())
        try await application.test(.router) { try await body($0) }
    }

    /// Runs the server, gives the port to `body` on a thread of its own, and stops the server.
    func onPort(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = server.application(
            .host("127.0.0.1", port: 0), logger: logger, running: { found.yield($0) })
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: application)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                // The test client blocks its thread, which must not be one of the server's.
                try await withCheckedThrowingContinuation { continuation in
                    Thread { continuation.resume(with: Result { try body(port) }) }.start()
                }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Adds a verdict to the history.
    ///
    /// - Returns: its id.
    func addVerdict(
        _ verdict: Verdict, domain: String, digest: UInt8 = 7
    ) throws -> Int64 {
        let bytes = [UInt8](repeating: digest, count: 32)
        return try store.appendHistory([
            HistoryEntry(
                time: 1_700_000_000, digest: try #require(MessageDigest(bytes)), queueID: "4X",
                senderDomain: domain,
                score: MessageScore(
                    verdict: verdict.rawValue, probability: 0.99, modelID: "tiny", modelLogit: 3),
                action: "accept", features: LabelFeatures(version: 1, bytes: []))
        ])[0]
    }
}

extension TestClientProtocol {
    /// Sends a request and decodes the answer.
    func ask(
        _ method: HTTPRequest.Method, _ uri: String, token: String? = nil,
        type: String? = nil, _ body: [UInt8] = [], fields: HTTPFields = [:]
    ) async throws -> (status: Int, json: JSONValue, headers: HTTPFields) {
        var headers = fields
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let type { headers[.contentType] = type }
        return try await execute(
            uri: uri, method: method, headers: headers,
            body: body.isEmpty ? nil : ByteBuffer(bytes: body)
        ) { response in
            let data = Data(response.body.readableBytesView)
            return (
                response.status.code,
                (try? JSONDecoder().decode(JSONValue.self, from: data)) ?? .null, response.headers
            )
        }
    }

    /// Sends JSON.
    func ask(
        _ method: HTTPRequest.Method, _ uri: String, token: String? = nil, json: String
    ) async throws -> (status: Int, json: JSONValue, headers: HTTPFields) {
        try await ask(method, uri, token: token, type: "application/json", Array(json.utf8))
    }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }
    subscript(_ index: Int) -> JSONValue? {
        if case .array(let array) = self, array.indices.contains(index) {
            array[index]
        } else {
            nil
        }
    }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var value: Double? { if case .number(let number) = self { number } else { nil } }
    var isTrue: Bool { self == .bool(true) }
    var count: Int? { if case .array(let array) = self { array.count } else { nil } }
}
