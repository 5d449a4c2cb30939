import Feedback
import FilterTestKit
import Foundation
import HTTPTypes
import Models
import Testing

@testable import HTTPServer

/// `openapi.json` says what the port does.
@Suite struct OpenAPITests {
    private static func description() throws -> JSONValue {
        try JSONDecoder().decode(
            JSONValue.self, from: Data(PackageResources.openapi_json))
    }

    private static func keys(_ value: JSONValue?) -> Set<String> {
        if case .object(let object)? = value { Set(object.keys) } else { [] }
    }

    @Test("It lists the paths and methods that are answered, and no others")
    func endpoints() throws {
        let paths = try OpenAPITests.description()["paths"]
        var listed: Set<String> = []
        for path in OpenAPITests.keys(paths) {
            for method in OpenAPITests.keys(paths?[path]) {
                listed.insert("\(method.uppercased()) \(path)")
            }
        }
        let answered = Endpoint.all.map { "\($0.method.rawValue) \($0.path)" }
        #expect(listed == Set(answered))
    }

    @Test("Each listed path has a route behind it")
    func routes() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.shelf = FakeShelf()
        sample.parts.retraining = FakeRetraining(folder: sample.folder.path)
        sample.parts.fleet = { FleetSample.status }
        try await sample.onRouter { client in
            for endpoint in Endpoint.all {
                let path = endpoint.path.replacing("{id}", with: "two")
                    .replacing("{name}", with: "siftd").replacing("{version}", with: "two")
                let answer = try await client.ask(
                    endpoint.method, path, token: HTTPSample.writeToken)
                #expect(answer.status != 405 && answer.status != 501, "\(path)")
                if answer.status == 404 { #expect(endpoint.path.contains("{"), "\(path)") }
            }
        }
    }

    @Test("Answers have the keys that it describes, of the types that it describes")
    func answers() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.shelf = FakeShelf()
        sample.parts.retraining = FakeRetraining(folder: sample.folder.path)
        sample.parts.fleet = { FleetSample.status }
        _ = try sample.addVerdict(.spam, domain: "a.example")
        guard
            case .started(let job) = try sample.store.startRetraining(
                reason: "test", owner: .current, time: 1_700_000_000, lease: 60)
        else { throw CancellationError() }
        let spam = TinyModel.message(.spam, 700)
        let description = try OpenAPITests.description()
        let requests: [(HTTPRequest.Method, String, String, [UInt8])] = [
            (.get, "/livez", "/livez", []), (.get, "/readyz", "/readyz", []),
            (.get, "/v1/status", "/v1/status", []),
            (.post, "/v1/feedback?label=ham&source=user:a", "/v1/feedback", spam),
            (.post, "/v1/feedback?label=spam&history=1&source=user:a", "/v1/feedback", []),
            (.get, "/v1/feedback", "/v1/feedback", []), (.get, "/v1/status", "/v1/status", []),
            (.get, "/v1/history", "/v1/history", []),
            (.post, "/v1/classify?explain=1", "/v1/classify", spam),
            (.delete, "/v1/feedback?source=user:a", "/v1/feedback", []),
            (.get, "/v1/fleet", "/v1/fleet", []),
            (.get, "/v1/jobs", "/v1/jobs", []),
            (.get, "/v1/jobs/\(job.id)", "/v1/jobs/{id}", []),
            (.post, "/v1/retrain", "/v1/retrain", []), (.get, "/v1/models", "/v1/models", []),
            (.post, "/v1/models/two/activate", "/v1/models/{id}/activate", []),
            (.post, "/v1/models/rollback", "/v1/models/rollback", []),
            // Problems of several kinds.
            (.get, "/v1/models/x", "/v1/models/{id}", []),
            (.get, "/v1/jobs/9", "/v1/jobs/{id}", []),
            (.post, "/v1/retrain", "/v1/retrain", Array("a,b\n".utf8)),
            (.get, "/v1/history?limit=0", "/v1/history", []),
        ]
        try await sample.onRouter { client in
            for (method, uri, path, body) in requests {
                let answer = try await client.ask(method, uri, token: HTTPSample.writeToken, body)
                let operation = description["paths"]?[path]?[method.rawValue.lowercased()]
                let content = operation?["responses"]?["\(answer.status)"]?["content"]
                let type = answer.headers[.contentType] ?? ""
                let schema = content?[type]?["schema"]
                let faults = OpenAPITests.faults(answer.json, schema, description, uri)
                #expect(faults.isEmpty, "\(answer.status)")
            }
        }
    }

    @Test("Answers of the serving contracts are as it describes them")
    func servingAnswers() async throws {
        let text = TinyModel.text(.spam, 700).replacing("\"", with: "'").replacing("\n", with: " ")
        let infer =
            "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\", "
            + "\"data\": [\"\(text)\"]}]}"
        let requests: [(HTTPRequest.Method, String, String)] = [
            (.post, "/invocations", "{\"instances\": [\"\(text)\"]}"),
            (.get, "/v1/models/siftd", ""), (.get, "/v1/models/siftd/metadata", ""),
            (.post, "/v1/models/siftd:predict", "{\"instances\": [\"\(text)\"]}"),
            (.post, "/v1/models/siftd:predict", "{\"inputs\": [\"\(text)\"]}"),
            (.post, "/v1/models/siftd:predict", "{}"), (.get, "/v2", ""),
            (.get, "/v2/models/{name}", ""), (.post, "/v2/models/{name}/infer", infer),
            (.post, "/v2/models/{name}/infer", "{}"),
        ]
        let description = try OpenAPITests.description()
        try await HTTPSample().onRouter { client in
            for (method, path, body) in requests {
                let answer = try await client.ask(
                    method, path.replacing("{name}", with: "siftd"), json: body)
                let operation = description["paths"]?[path]?[method.rawValue.lowercased()]
                let content = operation?["responses"]?["\(answer.status)"]?["content"]
                let schema = content?[answer.headers[.contentType] ?? ""]?["schema"]
                let faults = OpenAPITests.faults(answer.json, schema, description, path)
                #expect(faults.isEmpty, "\(answer.status)")
            }
        }
    }

    /// What of a value is not as its schema says; of the keywords that siftd's description uses.
    private static func faults(
        _ value: JSONValue, _ schema: JSONValue?, _ document: JSONValue, _ path: String
    ) -> [String] {
        guard let schema else { return ["\(path): not described"] }
        if let name = schema["$ref"]?.text?.split(separator: "/").last {
            let target = document["components"]?["schemas"]?[String(name)]
            return faults(value, target, document, path)
        }
        if case .array(let choices)? = schema["oneOf"] {
            let all = choices.map { faults(value, $0, document, path) }
            return all.contains(where: \.isEmpty) ? [] : all.flatMap(\.self)
        }
        switch (schema["type"]?.text, value) {
        case ("string", .string), ("number", .number), ("boolean", .bool), (nil, _): return []
        // A list of anything.
        case ("array", .array) where schema["items"] == nil: return []
        case ("integer", .number(let number)):
            return number == number.rounded() ? [] : ["\(path): \(number) is not whole"]
        case ("array", .array(let items)):
            return items.flatMap { faults($0, schema["items"], document, path + "[]") }
        case ("object", .object(let object)):
            let properties = schema["properties"]
            var found: [String] = []
            if case .array(let required)? = schema["required"] {
                for case .string(let key) in required where object[key] == nil {
                    found.append("\(path): \(key) is missing")
                }
            }
            for (key, item) in object {
                let inner = properties?[key] ?? schema["additionalProperties"]
                found += faults(item, inner, document, "\(path).\(key)")
            }
            return found
        default: return ["\(path): is not \(schema["type"]?.text ?? "?")"]
        }
    }
}
