import FilterTestKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Models
import Testing

@testable import HTTPServer

/// The contracts of serving platforms, as their documents have them; Tests/Integration/serving.py
/// has their own clients.
@Suite struct ServingTests {
    private static let spam = TinyModel.text(.spam, 700)
    private static let ham = TinyModel.text(.ham, 701)

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    /// The probability of spam that the API answers for a text.
    private static func probability(
        _ text: String, _ client: any TestClientProtocol
    ) async throws -> Double {
        let answer = try await client.ask(.post, "/v1/classify", json: try json(["text": text]))
        return try #require(answer.json["spam_probability"]?.value)
    }

    private static func body(
        _ client: any TestClientProtocol, _ uri: String, _ fields: HTTPFields, _ body: String
    ) async throws -> (status: Int, text: String, headers: HTTPFields) {
        try await client.execute(
            uri: uri, method: .post, headers: fields, body: ByteBuffer(string: body)
        ) { ($0.status.code, String(buffer: $0.body), $0.headers) }
    }

    // MARK: SageMaker

    @Test("Every format of an invocation gets the labels of the same probabilities")
    func invocations() async throws {
        let quoted = "\"\(ServingTests.spam.replacing("\"", with: "\"\""))\""
        let bodies: [(String, String)] = [
            ("text/plain; charset=utf-8", ServingTests.spam), ("text/csv", quoted + "\r\n"),
            ("application/json", "{\"instances\": [\(try ServingTests.json(ServingTests.spam))]}"),
            (
                "application/jsonlines",
                "{\"source\": \(try ServingTests.json(ServingTests.spam))}\n\n"
            ),
            ("application/jsonlines", try ServingTests.json(["text": ServingTests.spam])),
        ]
        try await HTTPSample().onRouter { client in
            let expected = try await ServingTests.probability(ServingTests.spam, client)
            #expect(expected > 0.5)
            for path in ["/invocations", "/endpoints/spam-filter/invocations"] {
                for (type, text) in bodies {
                    let answer = try await ServingTests.body(
                        client, path, [.contentType: type, .accept: "application/json"], text)
                    let json = try JSONDecoder().decode(
                        JSONValue.self, from: Data(answer.text.utf8))
                    #expect(answer.status == 200 && json.count == 1, "\(type) \(answer.text)")
                    #expect(json[0]?["label"] == .array([.string("__label__spam")]))
                    #expect(json[0]?["prob"] == .array([.number(expected)]))
                }
            }
        }
    }

    @Test("k labels are answered, in the format that is asked for")
    func formats() async throws {
        let request =
            "{\"source\": \(try ServingTests.json(ServingTests.spam)), \"k\": 2}\n"
            + (try ServingTests.json(ServingTests.ham)) + "\n"
        try await HTTPSample().onRouter { client in
            let lines = try await ServingTests.body(
                client, "/invocations", [.contentType: "application/jsonlines"], request)
            #expect(lines.headers[.contentType] == "application/jsonlines")
            let rows = try lines.text.split(separator: "\n").map {
                try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
            }
            #expect(rows.count == 2 && rows[0]["label"]?.count == 2)
            #expect(rows[1]["label"] == .array([.string("__label__ham")]))
            let csv = try await ServingTests.body(
                client, "/invocations",
                [.contentType: "application/jsonlines", .accept: "text/csv"], request)
            #expect(csv.text.hasPrefix("__label__spam,0.") && csv.text.contains(",__label__ham,"))
            #expect(csv.text.split(separator: "\n").count == 2)
        }
    }

    @Test(
        "What is no invocation is refused with the reason",
        arguments: [
            ("application/octet-stream", "*/*", "x", 415, "Content-Type must be"),
            ("text/plain", "image/png", "x", 406, "answers are"),
            ("text/plain", "*/*", "", 400, "empty"),
            ("text/csv", "*/*", "a\nb,c\n", 400, "row 2 has several fields"),
            ("text/csv", "*/*", "\"a\"b\n", 400, "row 1 goes on"),
            ("text/csv", "*/*", "a\n\"b", 400, "row 2 ends inside quotes"),
            ("text/csv", "*/*", String(repeating: "a\n", count: 257), 413, "256"),
            ("application/json", "*/*", "{\"instances\": [1]}", 400, "not JSON of the form"),
            (
                "application/json", "*/*",
                "{\"instances\": [\"a\"], \"configuration\": {\"k\": 0}}", 400, "number of labels"
            ),
            ("application/jsonlines", "*/*", "\"a\"\n{}\n", 400, "line 2 is not JSON"),
        ])
    func badInvocations(
        _ type: String, _ accept: String, _ body: String, _ status: Int, _ reason: String
    ) async throws {
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(
                .post, "/invocations", type: type, Array(body.utf8), fields: [.accept: accept])
            #expect(answer.status == status)
            #expect(answer.json["message"]?.text?.contains(reason) == true)
        }
    }

    @Test("Rows of one field are read as RFC 4180 has them")
    func rows() throws {
        let rows = try TextRows.read(Array("a b\r\n\"c,\n\"\"d\"\"\"\n\n\"\"".utf8))
        #expect(rows.map { String(decoding: $0, as: UTF8.self) } == ["a b", "c,\n\"d\"", "", ""])
    }

    @Test("A ping says whether the daemon is ready, to anybody")
    func ping() async throws {
        for (reason, status) in [(nil, 200), ("there is no model", 503)] {
            try await HTTPSample(notReady: reason, tokens: true).onRouter { client in
                for path in ["/ping", "/v2/health/ready"] {
                    let answer = try await client.execute(uri: path, method: .get) {
                        ($0.status.code, $0.body.readableBytes)
                    }
                    #expect(answer == (status, 0))
                }
                let live = try await client.execute(uri: "/v2/health/live", method: .get) {
                    $0.status.code
                }
                #expect(live == 200)
            }
        }
    }

    @Test("A signature of SageMaker's runtime is no token and no wrong one")
    func signature() async throws {
        let fields: HTTPFields = [.authorization: "AWS4-HMAC-SHA256 Credential=x/y, Signature=z"]
        for (needsToken, status) in [(false, 200), (true, 401)] {
            try await HTTPSample(tokens: needsToken).onRouter { client in
                let answer = try await client.ask(
                    .post, "/endpoints/x/invocations", type: "text/plain",
                    Array("hello there".utf8), fields: fields)
                #expect(answer.status == status)
            }
        }
    }

    @Test("A container answers the platform without tokens, and nothing else")
    func container() async throws {
        let sample = try HTTPSample(tokens: true)
        let server = HTTPServer(sample.parts, access: sample.access, isContainer: true)
        try await Application(router: server.router()).test(.router) { client in
            let fields: HTTPFields = [.contentType: "text/plain"]
            let answer = try await ServingTests.body(client, "/invocations", fields, "hello there")
            #expect(answer.status == 200)
            #expect(try await client.ask(.get, "/ping").status == 200)
            for (method, path) in [
                (HTTPRequest.Method.get, "/metrics"), (.get, "/v1/history"), (.get, "/"),
                (.post, "/v1/feedback"), (.post, "/v1/classify"), (.get, "/v1/models"),
            ] {
                #expect(try await client.ask(method, path).status == 404)
            }
        }
    }

    // MARK: TensorFlow Serving

    @Test("Predictions in rows and columns have the figures of the API")
    func predict() async throws {
        let texts = try ServingTests.json([ServingTests.spam, ServingTests.ham])
        let base64 = Data(TinyModel.message(.spam, 700)).base64EncodedString()
        try await HTTPSample().onRouter { client in
            let spam = try await ServingTests.probability(ServingTests.spam, client)
            let status = try await client.ask(.get, "/v1/models/siftd")
            let version = try #require(
                status.json["model_version_status"]?[0]?["version"]?.text)
            for path in ["/v1/models/siftd", "/v1/models/siftd/versions/\(version)"] {
                let rows = try await client.ask(
                    .post, path + ":predict", json: "{\"instances\": \(texts)}")
                #expect(rows.status == 200 && rows.json["predictions"]?.count == 2)
                let row = rows.json["predictions"]?[0]
                #expect(row?["verdict"]?.text == "spam" && row?["labels"]?[1]?.text == "spam")
                #expect(row?["spam_probability"]?.value == Double(Float(spam)))
                let columns = try await client.ask(
                    .post, path + ":predict", json: "{\"inputs\": {\"text\": \(texts)}}")
                #expect(columns.json["outputs"]?["verdict"]?[0]?.text == "spam")
                #expect(columns.json["outputs"]?["probabilities"]?[1]?.count == 2)
                let metadata = try await client.ask(.get, path + "/metadata")
                #expect(metadata.json["model_spec"]?["version"]?.text == version)
            }
            let raw = try await client.ask(
                .post, "/v1/models/siftd:predict",
                json: "{\"instances\": [{\"message\": {\"b64\": \"\(base64)\"}}]}")
            #expect(raw.json["predictions"]?[0]?["verdict"]?.text == "spam")
        }
    }

    @Test(
        "What can't be predicted is refused as TensorFlow Serving does",
        arguments: [
            ("/v1/models/siftd:predict", "{\"instances\": [1]}", 400, "not JSON of the form"),
            ("/v1/models/siftd:predict", "{\"instances\": []}", 400, "no messages"),
            (
                "/v1/models/siftd:predict", "{\"instances\": [\"a\"], \"inputs\": [\"a\"]}", 400,
                "form"
            ),
            (
                "/v1/models/siftd:predict",
                "{\"instances\": [\"a\"], \"signature_name\": \"other\"}", 400, "signature"
            ),
            ("/v1/models/siftd/versions/7:predict", "{\"instances\": [\"a\"]}", 404, "in force"),
        ])
    func badPredictions(
        _ path: String, _ body: String, _ status: Int, _ reason: String
    ) async throws {
        try await HTTPSample().onRouter { client in
            let answer = try await client.ask(.post, path, json: body)
            #expect(answer.status == status)
            #expect(answer.json["error"]?.text?.contains(reason) == true)
        }
    }

    // MARK: Open Inference Protocol

    @Test("An inference answers the outputs that are asked for, in JSON")
    func infer() async throws {
        let texts = try ServingTests.json([ServingTests.spam, ServingTests.ham])
        try await HTTPSample().onRouter { client in
            let model = try await client.ask(.get, "/v2/models/siftd")
            #expect(model.json["inputs"]?[0]?["datatype"]?.text == "BYTES")
            let version = try #require(model.json["versions"]?[0]?.text)
            let answer = try await client.ask(
                .post, "/v2/models/siftd/versions/\(version)/infer",
                json: """
                    {"id": "7", "inputs": [{"name": "text", "shape": [2, 1], "datatype": "BYTES",
                     "data": \(texts)}], "outputs": [{"name": "verdict"}, {"name": "probabilities"}]}
                    """)
            #expect(answer.status == 200 && answer.json["id"]?.text == "7")
            #expect(answer.json["model_version"]?.text == version)
            #expect(answer.json["outputs"]?[0]?["data"]?[0]?.text == "spam")
            #expect(answer.json["outputs"]?[1]?["shape"] == .array([.number(2), .number(2)]))
            #expect(answer.json["outputs"]?[1]?["data"]?.count == 4)
            for path in ["/v2/models/siftd/ready", "/v2/models/siftd/versions/\(version)/ready"] {
                #expect(try await client.ask(.get, path).status == 200)
            }
            for path in ["/v2/models/other", "/v2/models/siftd/versions/none/ready"] {
                let missing = try await client.ask(.get, path)
                #expect(missing.status == 404 && missing.json["error"]?.text != nil)
            }
        }
    }

    private static func tensor(
        _ shape: String = "[1]", type: String = "BYTES", name: String = "text", more: String
    ) -> String {
        "{\"inputs\": [{\"name\": \"\(name)\", \"shape\": \(shape), \"datatype\": \"\(type)\"\(more)}]}"
    }

    @Test(
        "What is no inference is refused with the reason",
        arguments: [
            ("{}", "", "not JSON of the form"),
            (tensor(name: "x", more: ", \"data\": [\"a\"]"), "", "one input"),
            (tensor(type: "FP32", more: ", \"data\": [1.0]"), "", "must be BYTES"),
            (tensor("[2]", more: ", \"data\": [\"a\"]"), "", "shape says 2"),
            (tensor("[-1]", more: ", \"data\": []"), "", "shape must be"),
            (tensor("[1, 2]", more: ", \"data\": [\"a\", \"b\"]"), "", "shape must be"),
            (tensor(more: ", \"data\": [7]"), "", "shape says 1"),
            (tensor(more: ""), "", "no data"),
            (
                tensor(more: ", \"parameters\": {\"binary_data_size\": 9}"), "\u{5}\0\0\0abc",
                "binary_data_size"
            ),
            (
                tensor(more: ", \"parameters\": {\"binary_data_size\": 7}"), "\u{5}\0\0\0abc",
                "ends within"
            ),
            (
                tensor(more: ", \"parameters\": {\"shared_memory_region\": \"x\"}"), "",
                "shared memory"
            ),
        ])
    func badInferences(_ head: String, _ tail: String, _ reason: String) async throws {
        try await HTTPSample().onRouter { client in
            let fields: HTTPFields = [.inferenceHeaderLength: "\(head.utf8.count)"]
            let answer = try await client.ask(
                .post, "/v2/models/siftd/infer", type: "application/json",
                Array((head + tail).utf8), fields: fields)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?.text?.contains(reason) == true, "\(answer.json)")
        }
    }

    @Test("Binary tensors are read, and written where they are wanted")
    func binary() async throws {
        let tail = "\u{3}\0\0\0buy\u{5}\0\0\0hello"
        let head = """
            {"parameters": {"binary_data_output": true}, "outputs": [{"name": "verdict"},
             {"name": "spam_probability", "parameters": {"binary_data": false}}], "inputs":
             [{"name": "text", "shape": [2], "datatype": "BYTES",
               "parameters": {"binary_data_size": \(tail.utf8.count)}}]}
            """
        try await HTTPSample().onRouter { client in
            let answer = try await ServingTests.body(
                client, "/v2/models/siftd/infer",
                [.inferenceHeaderLength: "\(head.utf8.count)"], head + tail)
            let length = try #require(answer.headers[.inferenceHeaderLength].flatMap(Int.init))
            let json = try JSONDecoder().decode(
                JSONValue.self, from: Data(answer.text.utf8.prefix(length)))
            let size = json["outputs"]?[0]?["parameters"]?["binary_data_size"]?.value
            #expect(size == Double(answer.text.utf8.count - length))
            #expect(json["outputs"]?[1]?["data"]?.count == 2)
            let compressed = try await client.ask(
                .post, "/v2/models/siftd/infer", type: nil, [0x1f, 0x8b],
                fields: [.contentEncoding: "gzip"])
            #expect(compressed.status == 415)
        }
    }
}
