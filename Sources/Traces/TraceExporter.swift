import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import Telemetry

/// Sends recorded spans to a collector, by OTLP over HTTP in JSON, once a second.
///
/// A collector that is away or busy is asked again a few times; then the spans are dropped and
/// counted. Nothing waits for it but the exporter itself.
public struct TraceExporter: Service {
    private let recorder: SpanRecorder
    private let url: String
    private let version: String
    private let metrics: FilterMetrics
    private let failed: @Sendable (String) -> Void

    private static let interval = Duration.seconds(1)
    private static let timeLimit = TimeAmount.seconds(10)
    /// For the last spans, when the daemon stops.
    private static let lastTimeLimit = TimeAmount.seconds(2)
    /// Spans of one request, some 400 bytes each.
    private static let batch = 2_048
    /// Times that a batch is sent before it is dropped.
    private static let attempts = 4
    /// Answers after which a batch may be sent again, as OTLP/HTTP names them.
    private static let busy: Set<UInt> = [429, 502, 503, 504]

    /// An exporter.
    ///
    /// - Parameters:
    ///   - recorder: whose spans are sent.
    ///   - endpoint: the collector's address, to which `/v1/traces` is added.
    ///   - version: of siftd.
    ///   - metrics: where sent and dropped spans are counted.
    ///   - failed: called with the reason when the first batch after a success is dropped.
    public init(
        _ recorder: SpanRecorder, endpoint: String, version: String, metrics: FilterMetrics,
        failed: @escaping @Sendable (String) -> Void
    ) {
        self.recorder = recorder
        url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        self.version = version
        self.metrics = metrics
        self.failed = failed
    }

    /// Runs until the service group stops, and then sends what is left.
    public func run() async throws {
        var configuration = HTTPClient.Configuration()
        // Else each request with spans would be a span.
        configuration.tracing.tracer = nil
        // Else a collector that is away is reported only after the time limit.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        let isWorking = Mutex(true)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: TraceExporter.interval)
                while !Task.isCancelled, await send(client, isWorking) {}
            }
        }
        let rest = recorder.buffer.take(TraceExporter.batch)
        if !rest.isEmpty {
            let isSent = await isTaken(
                rest, client, within: TraceExporter.lastTimeLimit, attempts: 1)
            metrics.countSpans(rest.count, isSent == nil ? .exported : .dropped)
        }
        try await client.shutdown()
    }

    /// Sends a batch.
    ///
    /// - Returns: whether there may be more.
    private func send(_ client: HTTPClient, _ isWorking: borrowing Mutex<Bool>) async -> Bool {
        let spans = recorder.buffer.take(TraceExporter.batch)
        guard !spans.isEmpty else { return false }
        let reason = await isTaken(
            spans, client, within: TraceExporter.timeLimit, attempts: TraceExporter.attempts)
        metrics.countSpans(spans.count, reason == nil ? .exported : .dropped)
        let wasWorking = isWorking.withLock { isWorking in
            defer { isWorking = reason == nil }
            return isWorking
        }
        if let reason, wasWorking { failed(reason) }
        return spans.count == TraceExporter.batch
    }

    /// Sends spans until the collector takes them.
    ///
    /// - Returns: nil, or why it did not.
    private func isTaken(
        _ spans: [SpanRecord], _ client: HTTPClient, within limit: TimeAmount, attempts: Int
    ) async -> String? {
        let body: ByteBuffer
        do { body = ByteBuffer(bytes: try TraceDocument(spans, version: version).encoded()) } catch
        {
            return "\(error)"
        }
        var reason = ""
        for attempt in 0..<attempts {
            if attempt > 0 { try? await Task.sleep(for: .seconds(1 << (attempt - 1))) }
            if attempt > 0, Task.isCancelled { break }
            do {
                var request = HTTPClientRequest(url: url)
                request.method = .POST
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(body)
                let response = try await client.execute(request, timeout: limit)
                let code = response.status.code
                if (200..<300).contains(code) { return nil }
                reason = "\(url) answers \(code)"
                guard TraceExporter.busy.contains(code) else { return reason }
            } catch { reason = "\(url): \(error)" }
        }
        return reason
    }
}
