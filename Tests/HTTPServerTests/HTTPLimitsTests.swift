import FilterTestKit
import Foundation
import Synchronization
import Testing

@testable import HTTPServer

/// What a client may take.
@Suite struct HTTPLimitsTests {
    @Test("A body above its limit is 413, declared or not")
    func bodies() async throws {
        var sample = try HTTPSample()
        sample.limits.bodyBytes = 1_000
        try await sample.onRouter { client in
            let body = [UInt8](repeating: 65, count: 1_001)
            let answer = try await client.ask(.post, "/v1/classify", type: "message/rfc822", body)
            #expect(answer.status == 413 && answer.headers[.connection] == "close")
        }
    }

    @Test("Bodies in memory together above theirs are 503, and are forgotten afterwards")
    func memory() async throws {
        var sample = try HTTPSample()
        sample.limits.memoryBytes = 1_500
        try await sample.onRouter { client in
            for _ in 0..<3 {
                let large = try await client.ask(
                    .post, "/v1/classify", type: "message/rfc822",
                    [UInt8](repeating: 65, count: 1_501))
                #expect(large.status == 503 && large.headers[.retryAfter] == "2")
                let small = try await client.ask(
                    .post, "/v1/classify", type: "message/rfc822",
                    [UInt8](repeating: 65, count: 600))
                #expect(small.status == 200)
            }
        }
    }

    @Test("A body that does not arrive is 408, and the connection ends")
    func slow() async throws {
        var sample = try HTTPSample()
        sample.limits.time = .seconds(2)
        try await sample.onPort { port in
            let descriptor = try UnixSocket.connect(port: port)
            defer { close(descriptor) }
            let head =
                "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
            #expect(send(descriptor, head + "abc", head.utf8.count + 3, 0) == head.utf8.count + 3)
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_WAITALL))
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            #expect(text.contains(" 408 "), "\(text)")
        }
    }

    @Test(
        "Half requests on all connections keep no whole one waiting",
        arguments: [
            "", "GET /live", "POST /v1/classify HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
        ])
    func halfRequests(_ half: String) async throws {
        var sample = try HTTPSample()
        sample.limits.connections = 8
        // Nothing ends by itself while the test runs.
        sample.limits.time = .seconds(600)
        try await sample.onPort { port in
            var descriptors: [Int32] = []
            defer { for descriptor in descriptors { close(descriptor) } }
            for _ in 0..<40 {
                let descriptor = try UnixSocket.connect(port: port)
                descriptors.append(descriptor)
                _ = send(descriptor, half, half.utf8.count, 0)
            }
            for _ in 0..<3 {
                #expect(try HTTPTestClient.request("GET", "/livez", port: port).status == 200)
            }
        }
    }

    @Test("A header above 16 KiB ends the connection")
    func headers() async throws {
        try await HTTPSample().onPort { port in
            let answer = try HTTPTestClient.request(
                "GET", "/livez", port: port,
                fields: ["X-Long: " + String(repeating: "a", count: 20_000)])
            #expect(answer.status == 400 || answer.status == 0)
        }
    }

    @Test("Too many requests of one address are 429; health is answered")
    func rate() async throws {
        var sample = try HTTPSample()
        sample.limits.requestsPerSecond = 1
        try await sample.onRouter { client in
            #expect(try await client.ask(.get, "/v1/status").status == 200)
            // On a slow machine the bucket fills between two requests.
            var refused: String?
            for _ in 0..<100 where refused == nil {
                let next = try await client.ask(.get, "/v1/status")
                if next.status == 429 { refused = next.headers[.retryAfter] }
            }
            #expect(refused == "1")
            #expect(try await client.ask(.get, "/livez").status == 200)
        }
    }

    @Test("A bucket fills with time, and clients without end take bounded memory")
    func buckets() {
        let time = Mutex(ContinuousClock.now)
        let limiter = RateLimiter(perSecond: 2, burst: 2) { time.withLock { $0 } }
        #expect(limiter.wait("a") == nil && limiter.wait("a") == nil && limiter.wait("a") == 1)
        #expect(limiter.wait("b") == nil)
        time.withLock { $0 += .milliseconds(500) }
        #expect(limiter.wait("a") == nil && limiter.wait("a") == 1)
        for number in 0..<10_000 { _ = limiter.wait("client \(number)") }
        #expect(limiter.wait("another") != nil, "clients beyond the limit share a bucket")
    }
}
