import FilterTestKit
import Foundation
import Learning
import Models
import Testing

/// The HTTP port on a live socket.
@Suite struct HTTPServerTests {
    /// The answer of `/v1/classify`, as clients see it.
    private struct Answer: Decodable {
        var verdict: String
        var action: String
        var spam_probability: Double
        var tokens: Int
        var explanation: ScoreExplanation?
    }

    private func withServer(
        notReady: String? = nil, hasModel: Bool = true,
        _ body: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let sample = try HTTPSample(notReady: notReady, hasModel: hasModel)
        try await sample.onPort { try body($0) }
    }

    @Test("Health, metrics and the page answer")
    func reads() async throws {
        try await withServer { port in
            #expect(try HTTPTestClient.request("GET", "/livez", port: port).status == 200)
            #expect(try HTTPTestClient.request("GET", "/readyz", port: port).status == 200)
            let metrics = try HTTPTestClient.request("GET", "/metrics", port: port)
            #expect(metrics.headers.contains("text/plain; version=0.0.4; charset=utf-8"))
            #expect(metrics.body.contains("siftd_model_info{") && metrics.body.contains("process_"))
            let open = try HTTPTestClient.request(
                "GET", "/metrics", port: port,
                fields: ["Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.3"])
            #expect(open.headers.contains("application/openmetrics-text; version=1.0.0"))
            #expect(open.body.hasSuffix("\n# EOF\n"))
            let page = try HTTPTestClient.request("GET", "/", port: port)
            #expect(
                page.headers.contains("text/html") && page.body.contains("<title>siftd</title>"))
            #expect(try HTTPTestClient.request("GET", "/nothing", port: port).status == 404)
        }
    }

    @Test(
        "HEAD answers as GET does, without a body",
        arguments: ["/", "/metrics", "/livez", "/readyz", "/livez/", "/readyz?verbose"])
    func head(_ path: String) async throws {
        try await withServer { port in
            let head = try HTTPTestClient.request("HEAD", path, port: port)
            let get = try HTTPTestClient.request("GET", path, port: port)
            #expect(head.status == 200 && head.body.isEmpty && get.status == 200)
            #expect(head.headers.lowercased().contains("content-type: "))
        }
        try await withServer(notReady: "shutting down") { port in
            let head = try HTTPTestClient.request("HEAD", "/readyz", port: port)
            #expect(head.status == 503 && head.body.isEmpty)
        }
    }

    @Test(
        "Another method on a known path is 405 and names the right ones",
        arguments: [
            ("POST", "/metrics", "GET, HEAD"), ("DELETE", "/", "GET, HEAD"),
            ("OPTIONS", "/livez", "GET, HEAD"), ("PATCH", "/readyz", "GET, HEAD"),
            ("GET", "/v1/classify", "POST"), ("HEAD", "/v1/classify/?explain=1", "POST"),
            ("GET", "/v1/models/rollback", "POST"),
            ("PUT", "/v1/feedback", "GET, HEAD, POST, DELETE"),
        ])
    func otherMethods(_ method: String, _ path: String, _ allowed: String) async throws {
        try await withServer { port in
            let answer = try HTTPTestClient.request(method, path, port: port)
            #expect(answer.status == 405)
            #expect(answer.headers.lowercased().contains("allow: \(allowed.lowercased())\r\n"))
            #expect(try HTTPTestClient.request(method, "/nothing", port: port).status == 404)
        }
    }

    @Test("A daemon that can't take mail says why")
    func notReady() async throws {
        try await withServer(notReady: "shutting down") { port in
            let answer = try HTTPTestClient.request("GET", "/readyz", port: port)
            #expect(answer.status == 503 && answer.body.contains("shutting down"))
            #expect(try HTTPTestClient.request("GET", "/livez", port: port).status == 200)
        }
    }

    @Test("A message and a text are judged, and counted")
    func classify() async throws {
        try await withServer { port in
            let raw = try HTTPTestClient.request(
                "POST", "/v1/classify", port: port, contentType: "message/rfc822",
                body: TinyModel.message(.spam, 700))
            let spam = try JSONDecoder().decode(Answer.self, from: Data(raw.body.utf8))
            #expect(raw.status == 200 && spam.verdict == "spam" && spam.spam_probability > 0.8)
            #expect(spam.action == "quarantine")
            let text = try JSONEncoder().encode(["text": TinyModel.text(.ham, 701)])
            let json = try HTTPTestClient.request(
                "POST", "/v1/classify", port: port, contentType: "application/json",
                body: Array(text))
            let ham = try JSONDecoder().decode(Answer.self, from: Data(json.body.utf8))
            #expect(ham.verdict == "ham" && ham.action == "accept" && ham.tokens > 3)
            let metrics = try HTTPTestClient.request("GET", "/metrics", port: port).body
            #expect(
                metrics.contains(
                    "siftd_messages_total{verdict=\"spam\",action=\"accept\",source=\"http\"} 1"))
        }
    }

    @Test("With ?explain=1 the answer says what moved the score")
    func explains() async throws {
        try await withServer { port in
            let plain = try HTTPTestClient.request(
                "POST", "/v1/classify", port: port, contentType: "message/rfc822",
                body: TinyModel.message(.spam, 700))
            let explained = try HTTPTestClient.request(
                "POST", "/v1/classify?explain=1", port: port, contentType: "message/rfc822",
                body: TinyModel.message(.spam, 700))
            let answers = try [plain, explained].map {
                try JSONDecoder().decode(Answer.self, from: Data($0.body.utf8))
            }
            #expect(answers[0].explanation == nil)
            let explanation = try #require(answers[1].explanation)
            #expect(explanation.probability == answers[1].spam_probability)
            #expect(explanation.reasons.first.map { !$0.text.isEmpty && $0.share != 0 } == true)
        }
    }

    @Test("Bad requests get a clear error")
    func badRequests() async throws {
        try await withServer { port in
            for (type, body, reason) in [
                ("application/json", "{\"txt\": 1}", "the body is not JSON"),
                ("application/json", "", "the body is not JSON"),
                ("message/rfc822", "", "the body is empty"),
            ] {
                let answer = try HTTPTestClient.request(
                    "POST", "/v1/classify", port: port, contentType: type,
                    body: Array(body.utf8))
                #expect(answer.status == 400 && answer.body.contains(reason))
            }
        }
    }

    @Test("Without a model nothing is judged")
    func noModel() async throws {
        try await withServer(hasModel: false) { port in
            let answer = try HTTPTestClient.request(
                "POST", "/v1/classify", port: port, contentType: "message/rfc822",
                body: TinyModel.message(.spam, 700))
            #expect(answer.status == 503 && answer.body.contains("no-model"))
        }
    }
}
