import FilterTestKit
import Foundation
import HTTPTypes
import Testing

@testable import HTTPServer

/// Who may do what, and from where.
@Suite struct AccessTests {
    /// Requests whose answer without a refusal is known.
    private static let requests: [(HTTPRequest.Method, String, Endpoint.Need)] = [
        (.get, "/metrics", .read), (.get, "/v1/status", .read), (.get, "/v1/history", .read),
        (.delete, "/v1/feedback?source=user:a", .teach),
        (.post, "/v1/models/rollback", .administer),
    ]

    @Test("With both tokens nothing but page and health answers without one")
    func tokens() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.shelf = FakeShelf()
        try await sample.onRouter { client in
            for path in ["/", "/page.js", "/openapi.json", "/livez", "/readyz"] {
                #expect(try await client.ask(.get, path).status == 200)
            }
            for (method, path, need) in AccessTests.requests {
                let none = try await client.ask(method, path)
                #expect(none.status == 401 && none.headers[.wwwAuthenticate] != nil)
                let read = try await client.ask(method, path, token: HTTPSample.readToken)
                #expect(read.status == (need == .read ? 200 : 403), "\(path)")
                let write = try await client.ask(method, path, token: HTTPSample.writeToken)
                #expect(write.status == 200, "\(path)")
            }
        }
    }

    @Test("Without tokens one may read and teach as a user, and not change the model")
    func noTokens() async throws {
        var sample = try HTTPSample()
        sample.parts.shelf = FakeShelf()
        try await sample.onRouter { client in
            for (method, path, need) in AccessTests.requests {
                let answer = try await client.ask(method, path)
                #expect(answer.status == (need == .administer ? 403 : 200), "\(path)")
            }
            let problem = try await client.ask(.post, "/v1/models/rollback")
            #expect(problem.json["detail"]?.text?.contains("http.write_token_file") == true)
            #expect(problem.headers[.contentType] == "application/problem+json")
        }
    }

    @Test(
        "A wrong token is refused, whatever would be allowed without one",
        arguments: ["Bearer nonsense", "Basic YTpi", "Bearer", "Bearer read-0123456789abcdeg"])
    func wrongToken(_ field: String) async throws {
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(.get, "/v1/status", fields: [.authorization: field])
            #expect(answer.status == 401)
        }
    }

    @Test("After ten wrong tokens even the right one has to wait")
    func guessing() async throws {
        try await HTTPSample(tokens: true).onRouter { client in
            // On a slow machine the wait may be over before the right token comes.
            var mustWait = false
            for _ in 0..<20 where !mustWait {
                for _ in 0..<10 {
                    let wrong = try await client.ask(.get, "/v1/status", token: "guess").status
                    #expect(wrong == 401 || wrong == 429)
                }
                let right = try await client.ask(
                    .get, "/v1/status", token: HTTPSample.readToken)
                mustWait = right.status == 429 && right.headers[.retryAfter] != nil
            }
            #expect(mustWait)
        }
    }

    @Test(
        "Other names than addresses, localhost and those configured are refused",
        arguments: [
            ("127.0.0.1:11380", 200), ("localhost", 200), ("LOCALHOST:80", 200),
            ("[::1]:11380", 200), ("filter.example.org", 200), ("evil.example", 421),
            ("127.0.0.1.evil.example", 421), ("localhost.evil.example", 421), ("a b", 400),
            ("", 400),
        ])
    func hosts(_ host: String, _ status: Int) async throws {
        var sample = try HTTPSample()
        sample.access.hosts = ["filter.example.org"]
        try await sample.onPort { port in
            let answer = try HTTPTestClient.request("GET", "/v1/status", port: port, host: host)
            #expect(answer.status == status)
        }
    }

    @Test(
        "Requests of pages elsewhere are refused",
        arguments: [
            ("Origin: http://localhost", 200), ("Origin: http://evil.example", 403),
            ("Origin: null", 403), ("Origin: http://localhost:81", 403),
            ("Sec-Fetch-Site: same-origin", 200), ("Sec-Fetch-Site: cross-site", 403),
            ("Sec-Fetch-Site: same-site", 403),
        ])
    func origins(_ field: String, _ status: Int) async throws {
        try await HTTPSample().onPort { port in
            let answer = try HTTPTestClient.request(
                "GET", "/v1/status", port: port, fields: [field])
            #expect(answer.status == status)
        }
    }

    @Test("Every answer forbids to be framed, guessed at and kept")
    func fields() async throws {
        try await HTTPSample().onRouter { client in
            for path in ["/", "/v1/status", "/nothing"] {
                let headers = try await client.ask(.get, path).headers
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                #expect(headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("A token file must be private and hold one long line")
    func files() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("token")
        func reason(_ text: String, mode: Int) throws -> String? {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            do { _ = try AccessToken(file: path) } catch { return error.description }
            return nil
        }
        #expect(try reason("0123456789abcdef0123\n", mode: 0o640) == nil)
        #expect(try reason("0123456789abcdef0123\n", mode: 0o644)?.contains("chmod") == true)
        #expect(try reason("short\n", mode: 0o600)?.contains("20 to 512") == true)
        #expect(try reason("0123456789 abcdef0123\n", mode: 0o600)?.contains("20 to 512") == true)
        #expect(throws: AccessToken.FileError.self) { try AccessToken(file: folder.file("none")) }
    }

    @Test("Tokens are equal only when they are")
    func comparison() throws {
        let token = try #require(AccessToken("0123456789abcdef0123"))
        #expect(token.matches("0123456789abcdef0123"))
        for other in ["", "0123456789abcdef0124", "0123456789abcdef01234", "0123456789abcdef012"] {
            #expect(!token.matches(other))
        }
    }
}
