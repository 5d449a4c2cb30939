import FilterTestKit
import Foundation
import Models
import Testing

/// Traces of mail and requests, as a collector gets them that checks OpenTelemetry's message types.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(if: ServingClients.areInstalled, "make test-deps installs OpenTelemetry's types"))
struct TraceTests {
    private struct Span: Decodable {
        let trace: String
        let span: String
        let parent: String
        let name: String
        let start: UInt64
        let end: UInt64
        let attributes: [String]
    }

    @Test("A message and a request are traced in their stages, without addresses")
    func stages() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("spans")
        try folder.write("spans", "")
        func lines() -> [Substring] {
            (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
        }
        let collector = Process()
        collector.executableURL = URL(fileURLWithPath: ServingClients.python)
        collector.arguments = [Checkout.file("Tests/Integration/collector.py"), path]
        try collector.run()
        defer { collector.waitUntilExit() }
        // It may have inherited that TERM is ignored.
        defer { kill(collector.processIdentifier, SIGKILL) }
        #expect(waitUntil(seconds: 120) { !lines().isEmpty })
        let port = try #require(lines().first.flatMap { Int($0) })
        let daemon = try DaemonProcess(
            configuration: """
                [traces]
                endpoint = "http://127.0.0.1:\(port)"
                sample = 1.0
                """)
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        _ = try connection.deliver(TinyModel.message(.spam, 800), queueID: "4XSPAM")
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let answer = try HTTPTestClient.request(
            "POST", "/v1/classify?explain=1", port: daemon.httpPort,
            fields: ["traceparent: 00-\(trace)-b7ad6b7169203331-01"], contentType: "text/plain",
            body: TinyModel.message(.ham, 801))
        #expect(answer.status == 200 && !answer.headers.lowercased().contains("trace"))
        // Read, but not of messages.
        _ = try HTTPTestClient.request("GET", "/metrics", port: daemon.httpPort)
        #expect(waitUntil(seconds: 120) { lines().count >= 15 }, "\(lines())")
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 120) == 0)
        let spans = try lines().dropFirst().map {
            try JSONDecoder().decode(Span.self, from: Data($0.utf8))
        }
        let stages: Set = ["receive", "read", "features", "queue", "infer", "verdict"]
        for name in ["message", "POST /v1/classify"] {
            let root = try #require(spans.first { $0.name == name })
            let below = spans.filter { $0.parent == root.span }
            #expect(Set(below.map(\.name)) == stages && below.count == stages.count)
            #expect(below.allSatisfy { $0.trace == root.trace })
            #expect(below.allSatisfy { $0.start >= root.start && $0.end <= root.end + 1_000_000 })
        }
        #expect(spans.count == 14)
        let request = spans.first { $0.name == "POST /v1/classify" }
        #expect(request?.trace == trace && request?.parent == "b7ad6b7169203331")
        let message = spans.first { $0.name == "message" }
        #expect(message?.parent == "" && message?.attributes.contains("siftd.verdict") == true)
        let metrics = daemon.log
        #expect(!metrics.contains("traces_failed"))
    }

    @Test("A collector that is away delays no message and is reported once")
    func away() throws {
        let daemon = try DaemonProcess(
            configuration: "[traces]\nendpoint = \"http://127.0.0.1:1\"\nsample = 1.0\n")
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        for number in 0..<20 {
            #expect(try connection.deliver(TinyModel.message(.ham, number)).reply == .accept)
        }
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=traces_failed") })
        let metrics = try HTTPTestClient.request("GET", "/metrics", port: daemon.httpPort).body
        #expect(metrics.contains("siftd_trace_spans_total{result=\"exported\"} 0\n"))
        #expect(!metrics.contains("siftd_trace_spans_total{result=\"dropped\"} 0\n"))
    }
}
