import Feedback
import FilterPolicy
import FilterTestKit
import Foundation
import Glibc
import Logging
import Models
import Scoring
import ServiceLifecycle
import SiteMemory
import Synchronization
import Telemetry

@testable import SpamdServer

/// A spamd port with the tiny model, and what a test gives it besides.
final class SpamdSample: Sendable {
    let policy = Mutex(PolicySettings())
    let registry = PrometheusRegistry()
    let lines = Mutex<[String]>([])
    let limits: SpamdLimits
    private let classifier: @Sendable (PolicySettings) -> Classifier?
    private let teacher: Teacher
    /// Keeps the label store's folder.
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - limits: of clients.
    ///   - hasModel: false for a daemon without one.
    ///   - timeLimit: for a message to be judged.
    /// - Throws: when the model can't be trained or the label store not be opened.
    init(
        limits: SpamdLimits = SpamdLimits(), hasModel: Bool = true,
        timeLimit: Duration = .seconds(10)
    ) throws {
        self.limits = limits
        let model = try ScoringModel(TinyModel.shared.get())
        let pool = ScoringPool()
        folder = try TemporaryFolder()
        let site = SiteFolder(path: folder.path)
        let memory = SiteMemory(
            store: try site.store(LearnOptions()), secret: try site.secret())
        try memory.refresh()
        let judge: @Sendable () -> Judge? = {
            hasModel ? Judge(model: model, pool: pool, site: memory.knowledge(authservID: "")) : nil
        }
        classifier = { policy in
            judge().map { Classifier(judge: $0, policy: policy, timeLimit: timeLimit) }
        }
        teacher = Teacher(
            memory: memory, options: LearnOptions(), judge: judge, policy: { PolicySettings() })
        policy.withLock { $0.tagThreshold = 0.8 }
    }

    var server: SpamdServer {
        let logger = Logger(label: "test") { _ in LineHandler(sample: self) }
        var parts = SpamdServer.Parts(
            metrics: FilterMetrics(factory: registry), logger: logger, version: "test",
            classifier: { [self] in classifier(policy.withLock { $0 }) },
            policy: { [self] in policy.withLock { $0 } })
        parts.teacher = teacher
        return SpamdServer(parts, limits: limits)
    }

    /// The answer to one request as text.
    func ask(
        _ command: String, _ message: [UInt8], fields: String = "", version: String = "1.5"
    ) async throws -> String {
        let text =
            "\(command) SPAMC/\(version)\r\n\(fields)Content-length: \(message.count)\r\n\r\n"
        var reader = SpamdRequestReader(limit: limits.bodyBytes)
        guard let request = try reader.read(Array(text.utf8) + message) else { return "" }
        return String(decoding: await server.answer(request), as: UTF8.self)
    }

    /// Runs the port on a unix socket, gives its path to `body` on a thread, and stops the port.
    func onSocket(_ body: @escaping @Sendable (String) throws -> Void) async throws {
        let path = folder.file("spamd.sock")
        let service = SpamdService(server, descriptors: [try UnixSocket.listen(path)])
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: service)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            // The client blocks its thread, which must not be one of the service's.
            try await withCheckedThrowingContinuation { continuation in
                Thread { continuation.resume(with: Result { try body(path) }) }.start()
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// Keeps the lines of a sample's log.
private struct LineHandler: LogHandler {
    let sample: SpamdSample
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(sample: SpamdSample) { self.sample = sample }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        sample.lines.withLock { $0.append("\(event.message)") }
    }
}

/// A client of a test's port.
struct SpamdClient {
    private let descriptor: Int32

    init(_ path: String) throws { descriptor = try UnixSocket.connect(path) }

    /// Sends bytes and leaves the connection open.
    func send(_ text: String) throws { try UnixSocket.write(descriptor, Data(text.utf8)) }

    /// Says that no more comes, as spamc does.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The answer, up to the end of the connection, which is closed.
    func answer() throws -> String {
        defer { close(descriptor) }
        return String(decoding: try UnixSocket.readAll(descriptor), as: UTF8.self)
    }
}
