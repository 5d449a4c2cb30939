import FilterTestKit
import Foundation
import HTTPTypes
import Models
import SiteMemory
import Testing

@testable import HTTPServer

/// What the API answers.
@Suite struct RouteTests {
    private let spam = TinyModel.message(.spam, 700)

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    // MARK: Classify

    @Test("A list is answered by a list, with the same figures as one by one")
    func lists() async throws {
        let texts = (700..<764).map { TinyModel.text($0 % 2 == 0 ? .spam : .ham, $0) }
        let raw = ["message_base64": Data(spam).base64EncodedString()]
        let list =
            "[" + (try texts.map { try json($0) } + [try json(raw)]).joined(separator: ",") + "]"
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(.post, "/v1/classify", json: list)
            #expect(answer.status == 200 && answer.json.count == 65)
            for index in [0, 1, 63] {
                let one = try await client.ask(
                    .post, "/v1/classify", json: try json(["text": texts[index]]))
                #expect(one.json["spam_probability"] == answer.json[index]?["spam_probability"])
            }
            let one = try await client.ask(
                .post, "/v1/classify", type: "message/rfc822", TinyModel.message(.spam, 700))
            #expect(one.json["spam_probability"] == answer.json[64]?["spam_probability"])
        }
    }

    @Test("With explain the answer has what was read")
    func content() async throws {
        let message = """
            From: a@example.org
            Subject: Hello
            Content-Type: text/html

            <p>shown <span style="display:none">buried</span></p>

            """
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(
                .post, "/v1/classify?explain=1", json: try json(["message": message]))
            let content = try #require(answer.json["content"])
            #expect(content["subject"]?.text == "Hello")
            #expect(content["text"]?.text?.contains("shown") == true)
            #expect(content["text"]?.text?.contains("buried") == false)
            #expect(content["hidden"]?.text == "buried")
            #expect(content["parts"]?[0]?["type"]?.text == "text/html")
            #expect(answer.json["explanation"]?["reasons"]?.count ?? 0 > 0)
        }
    }

    @Test(
        "Bad bodies are refused with the reason",
        arguments: [
            ("{\"txt\": 1}", 400, "not JSON of the form"), ("[1]", 400, "not JSON of the form"),
            ("{\"text\": \"a\", \"message\": \"b\"}", 400, "not JSON of the form"),
            ("{\"text\": \"a\", \"texts\": 1}", 400, "not JSON of the form"),
            ("[{\"message_base64\": \"%%\"}]", 400, "not JSON of the form"), ("", 400, "not JSON"),
            (
                "[" + [String](repeating: "\"a\"", count: 257).joined(separator: ",") + "]", 413,
                "256"
            ),
        ])
    func badBodies(_ body: String, _ status: Int, _ reason: String) async throws {
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(.post, "/v1/classify", json: body)
            #expect(answer.status == status)
            #expect(answer.json["detail"]?.text?.contains(reason) == true)
        }
    }

    // MARK: Feedback and history

    @Test("A label changes the verdict, is counted, and is taken back")
    func feedback() async throws {
        try await HTTPSample().onRouter { client in
            let path = "/v1/feedback?label=ham&source=user:a@example.org"
            let lesson = try await client.ask(.post, path, type: "message/rfc822", spam)
            #expect(lesson.status == 200 && lesson.json["stored"]?.isTrue == true)
            #expect(lesson.json["before"]?["verdict"]?.text == "spam")
            let before = try #require(lesson.json["before"]?["probability"]?.value)
            let after = try #require(lesson.json["after"]?["probability"]?.value)
            #expect(after < before && lesson.json["labels_until_retraining"]?.value == 499)

            let digest = try #require(lesson.json["digest"]?.text)
            let other = try await client.ask(
                .delete, "/v1/feedback?source=user:b@example.org&digest=\(digest)")
            #expect(other.json["labels"]?.value == 0)
            let removal = try await client.ask(
                .delete, "/v1/feedback?source=user:a@example.org&digest=\(digest)")
            #expect(removal.status == 200 && removal.json["labels"]?.value == 1)
            let metrics = try await client.execute(uri: "/metrics", method: .get) {
                String(buffer: $0.body)
            }
            #expect(
                metrics.contains("siftd_feedback_total{predicted=\"spam\",label=\"ham\"} 1\n"))
            #expect(
                metrics.contains("siftd_feedback_total{predicted=\"ham\",label=\"spam\"} 0\n"))
            #expect(metrics.contains("siftd_http_requests_total{status=\"2xx\"} 3\n"))
        }
    }

    @Test(
        "Who may not speak for others is refused",
        arguments: [
            ("admin", 403), ("trap:x@example.org", 403), ("reply:x@example.org", 403),
            ("siftd", 400), ("user:", 400),
        ])
    func sources(_ source: String, _ status: Int) async throws {
        try await HTTPSample().onRouter { client in
            let body = try json(["label": "spam", "source": source, "text": "buy now"])
            #expect(try await client.ask(.post, "/v1/feedback", json: body).status == status)
        }
    }

    @Test("With JSON, values in the query are a mistake, not a second opinion")
    func twice() async throws {
        try await HTTPSample().onRouter { client in
            let body = try json(["label": "spam", "source": "user:a", "text": "buy now"])
            for query in ["label=ham", "source=user:b", "history=1"] {
                let answer = try await client.ask(.post, "/v1/feedback?" + query, json: body)
                #expect(answer.status == 400, "\(query)")
            }
        }
    }

    @Test("The write token speaks for the site")
    func admin() async throws {
        try await HTTPSample(tokens: true).onRouter { client in
            let body = try json(["label": "ham", "text": TinyModel.text(.spam, 3)])
            let lesson = try await client.ask(
                .post, "/v1/feedback", token: HTTPSample.writeToken, json: body)
            #expect(lesson.json["stored"]?.isTrue == true)
            let status = try await client.ask(
                .get, "/v1/feedback", token: HTTPSample.readToken)
            #expect(status.json["sources"]?[0]?["source"]?.text == "admin")
            let digest = try #require(lesson.json["digest"]?.text)
            let removal = try await client.ask(
                .delete, "/v1/feedback?source=admin&digest=\(digest)", token: HTTPSample.writeToken)
            #expect(removal.json["labels"]?.value == 1)
        }
    }

    @Test("A past verdict is found by verdict and domain, in pages, and corrected")
    func history() async throws {
        let sample = try HTTPSample()
        var ids: [Int64] = []
        for number in 0..<5 {
            ids.append(
                try sample.addVerdict(
                    number == 3 ? .ham : .spam, domain: "d\(number % 2).example",
                    digest: UInt8(number)))
        }
        let corrected = ids[4]
        try await sample.onRouter { client in
            func found(_ query: String) async throws -> [Double] {
                let page = try await client.ask(.get, "/v1/history?" + query).json["entries"]
                return (0..<(page?.count ?? 0)).compactMap { page?[$0]?["id"]?.value }
            }
            #expect(try await found("") == [5, 4, 3, 2, 1])
            #expect(try await found("verdict=ham") == [4])
            #expect(try await found("sender_domain=D1.example") == [4, 2])
            #expect(try await found("limit=2&before=4") == [3, 2])
            let page = try await client.ask(.get, "/v1/history?limit=2")
            #expect(page.json["next"]?.value == 4)
            let lesson = try await client.ask(
                .post, "/v1/feedback",
                json: "{\"history\": \(corrected), \"label\": \"ham\", \"source\": \"user:a\"}")
            #expect(lesson.status == 200 && lesson.json["stored"]?.isTrue == true)
            let entry = try await client.ask(.get, "/v1/history?limit=1").json["entries"]?[0]
            #expect(entry?["label"]?.text == "ham" && entry?["labelled_by"]?.text == "user:a")
            let gone = try await client.ask(
                .post, "/v1/feedback",
                json: "{\"history\": 99, \"label\": \"ham\", \"source\": \"user:a\"}")
            #expect(gone.status == 404)
            for query in ["verdict=", "limit=0", "limit=x", "before=-1", "verdict=%3Cb%3E"] {
                #expect(try await client.ask(.get, "/v1/history?" + query).status == 400)
            }
        }
    }

    @Test("While the labels can't be read, the status has the model, and says why it has no labels")
    func labelsAway() async throws {
        var sample = try HTTPSample()
        let memory = SiteMemory(
            store: AbsentStore(base: sample.store),
            secret: try SiteFolder(path: sample.folder.path).secret())
        sample.parts.teacher = Teacher(
            memory: memory, options: LearnOptions(), judge: { nil },
            policy: { HTTPSample.spamPolicy })
        try await sample.onRouter { client in
            let answer = try await client.ask(.get, "/v1/status")
            #expect(answer.status == 200)
            #expect(answer.json["model"]?["id"] != nil && answer.json["learning"] == nil)
            #expect("\(answer.json["learning_error"] as Any)".contains("does not answer"))
            #expect(answer.json["may"]?["teach"]?.isTrue == true)
        }
    }

    @Test("Without learning, a registry or retraining the answer says what is missing")
    func notConfigured() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.teacher = nil
        let token = HTTPSample.writeToken
        try await sample.onRouter { client in
            for (method, path) in [
                (HTTPRequest.Method.get, "/v1/history"), (.get, "/v1/feedback"),
                (.post, "/v1/feedback?label=spam"), (.get, "/v1/jobs"), (.post, "/v1/retrain"),
                (.post, "/v1/models/rollback"), (.get, "/v1/fleet"),
            ] {
                let answer = try await client.ask(method, path, token: token, type: nil, [65])
                #expect(answer.status == 501, "\(path)")
            }
            let models = try await client.ask(.get, "/v1/models", token: token)
            #expect(models.json.count == 1 && models.json[0]?["active"]?.isTrue == true)
        }
    }

    // MARK: Models and retraining

    @Test("Versions are listed, activated and rolled back; errors show no paths")
    func models() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.shelf = FakeShelf()
        let token = HTTPSample.writeToken
        try await sample.onRouter { client in
            let activated = try await client.ask(.post, "/v1/models/two/activate", token: token)
            #expect(activated.json["active"]?.text == "two")
            let list = try await client.ask(.get, "/v1/models", token: token)
            #expect(list.json[1]?["active"]?.isTrue == true)
            #expect(list.json[0]?["figures"]?["accuracy"]?.value == 0.99)
            let back = try await client.ask(.post, "/v1/models/rollback", token: token)
            #expect(back.json["active"]?.text == "one")
            let damaged = try await client.ask(.post, "/v1/models/x/activate", token: token)
            #expect(damaged.status == 409)
            #expect(damaged.json["detail"]?.text == "its weights are cut")
            #expect(try await client.ask(.get, "/v1/models/x", token: token).status == 404)
        }
    }

    @Test("A table is checked on the way to its file; a bad row is named and nothing stays")
    func retrain() async throws {
        var sample = try HTTPSample(tokens: true)
        let desk = FakeRetraining(folder: sample.folder.path)
        sample.parts.retraining = desk
        let token = HTTPSample.writeToken
        let folder = sample.folder.path
        @Sendable func uploads() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                $0.hasPrefix("upload-")
            }
        }
        try await sample.onRouter { client in
            let bad = try await client.ask(
                .post, "/v1/retrain", token: token, type: "text/csv",
                Array("label,text\nspam,buy\nmaybe,\"<script>\"\n".utf8))
            #expect(bad.status == 422 && bad.json["row"]?.value == 2)
            #expect(bad.json["line"]?.value == 3)
            #expect(bad.json["column"]?.text == "label")
            #expect(try uploads().isEmpty)
            let table = Array("label,text\nspam,\"buy, now\"\nham,hello\n".utf8)
            let good = try await client.ask(
                .post, "/v1/retrain", token: token, type: "text/csv", table)
            #expect(good.status == 202 && good.headers[.location] == "/v1/jobs/5")
            #expect(good.json["progress"]?["step"]?.text == "reading")
            let path = try #require(desk.table.withLock { $0 })
            #expect(FileManager.default.contents(atPath: path) == Data(table))
            let plain = try await client.ask(.post, "/v1/retrain", token: token)
            #expect(plain.status == 202 && desk.table.withLock { $0 } == nil)
        }
    }

    @Test("While a retraining runs another one is refused")
    func busy() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.retraining = FakeRetraining(folder: sample.folder.path, isBusy: true)
        try await sample.onRouter { client in
            let answer = try await client.ask(
                .post, "/v1/retrain", token: HTTPSample.writeToken, type: "text/csv",
                Array("label,text\nspam,a\nham,b\n".utf8))
            #expect(answer.status == 409)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: sample.folder.path)
        #expect(!left.contains { $0.hasPrefix("upload-") })
    }

    @Test("Past retrainings are shown with the guard's figures")
    func jobs() async throws {
        let sample = try HTTPSample()
        let start = try sample.store.startRetraining(
            reason: "500 labels", owner: .current, time: 1_700_000_000, lease: 60)
        guard case .started(let job) = start else { throw CancellationError() }
        try sample.store.finishRetraining(
            job.id,
            .init(
                state: .refused, candidate: "c1", figures: "{\"accuracy\":0.9}", time: 1_700_000_100
            ))
        try await sample.onRouter { client in
            let one = try await client.ask(.get, "/v1/jobs/\(job.id)")
            #expect(one.json["state"]?.text == "refused")
            #expect(one.json["figures"]?["accuracy"]?.value == 0.9)
            #expect(try await client.ask(.get, "/v1/jobs").json.count == 1)
            for id in ["99", "x", "-1"] {
                #expect(try await client.ask(.get, "/v1/jobs/\(id)").status == 404)
            }
        }
    }
}
