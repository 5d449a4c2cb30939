import Foundation
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry
import Testing
import Tracing

@testable import Traces

/// What the exporter does with answers of a collector.
@Suite struct TraceExporterTests {
    /// A collector that answers with each status in turn, the last one again and again.
    private final class Collector: Sendable {
        let bodies = Mutex<[String]>([])
        let types = Mutex<Set<String>>([])
        let statuses: [Int]
        init(_ statuses: [Int]) { self.statuses = statuses }

        func answer(_ body: String, _ type: String?) -> HTTPResponse.Status {
            let number = bodies.withLock { bodies in
                bodies.append(body)
                return bodies.count
            }
            types.withLock { _ = $0.insert(type ?? "") }
            return HTTPResponse.Status(code: statuses[min(number, statuses.count) - 1])
        }
    }

    /// Runs an exporter with one span until it is exported or dropped.
    private static func run(_ collector: Collector) async throws -> (
        metrics: String, reasons: [String]
    ) {
        let router = Router()
        router.post("/v1/traces") { request, _ -> Response in
            let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
            return Response(status: collector.answer(body, request.headers[.contentType]))
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let registry = PrometheusRegistry()
        let reasons = Mutex<[String]>([])
        let metrics = FilterMetrics(factory: registry)
        let recorder = SpanRecorder(sample: 1, metrics: metrics)
        recorder.startSpan("first").end()
        let servers = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await servers.run() }
            for await port in ports {
                let exporter = TraceExporter(
                    recorder, endpoint: "http://127.0.0.1:\(port)/", version: "test",
                    metrics: metrics
                ) { reason in reasons.withLock { $0.append(reason) } }
                let exporters = ServiceGroup(services: [exporter], logger: logger)
                tasks.addTask { try await exporters.run() }
                while !registry.render().contains(/siftd_trace_spans_total\{result="\w+"\} 1\n/) {
                    await Task.yield()
                }
                recorder.startSpan("last").end()
                await exporters.triggerGracefulShutdown()
                break
            }
            try await tasks.next()
            await servers.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return (registry.render(), reasons.withLock { $0 })
        }
    }

    @Test("A busy collector is asked again; what is left at the end is sent")
    func again() async throws {
        let collector = Collector([503, 200])
        let (metrics, reasons) = try await TraceExporterTests.run(collector)
        #expect(metrics.contains("siftd_trace_spans_total{result=\"exported\"} 2\n"))
        #expect(metrics.contains("siftd_trace_spans_total{result=\"dropped\"} 0\n"))
        #expect(reasons.isEmpty)
        let bodies = collector.bodies.withLock { $0 }
        #expect(bodies.count == 3 && bodies[0] == bodies[1] && bodies[2].contains("\"last\""))
        #expect(collector.types.withLock { $0 } == ["application/json"])
        #expect(
            bodies[0].contains("{\"key\":\"service.name\",\"value\":{\"stringValue\":\"siftd\"}}"))
    }

    @Test("A collector that refuses is not asked again, and the reason is reported once")
    func refused() async throws {
        let collector = Collector([400])
        let (metrics, reasons) = try await TraceExporterTests.run(collector)
        #expect(metrics.contains("siftd_trace_spans_total{result=\"dropped\"} 2\n"))
        #expect(reasons.count == 1 && reasons[0].hasSuffix("answers 400"))
        #expect(collector.bodies.withLock { $0.count } == 2)
    }
}
