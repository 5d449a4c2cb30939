import Foundation
import HTTPTypes
import Hummingbird
import MailText
import Models
import PortLimits
import Scoring

/// `/v1/models/siftd`: the REST contract of TensorFlow Serving.
extension HTTPServer {
    func addTensorFlowRoutes(to router: Router<HTTPContext>) {
        let model: RouterPath = "/v1/models/siftd"
        let version: RouterPath = "/v1/models/siftd/versions/{version}"
        for path in [model, version] {
            router.get(path) { _, context in
                let served = try servedModel(version: context.parameters.get("version"))
                return try Response.json(ModelStatusAnswer(served))
            }
        }
        for path: RouterPath in [
            "/v1/models/siftd/metadata", "/v1/models/siftd/versions/{version}/metadata",
        ] {
            router.get(path) { _, context in
                let served = try servedModel(version: context.parameters.get("version"))
                return try Response.json(SignatureAnswer.value(served))
            }
        }
        for path: RouterPath in [
            "/v1/models/siftd:predict", "/v1/models/siftd/versions/{version}:predict",
        ] {
            router.post(path) { request, context in
                _ = try servedModel(version: context.parameters.get("version"))
                let body = try await receive(request, context)
                return try await scoring.run {
                    let request = try PredictRequest(body.bytes)
                    let scores = try judged(request.inputs, bytes: body.bytes.count, context)
                        .map(ServedScore.init)
                    return try Response.json(
                        request.isColumns
                            ? ["outputs": PredictRequest.columns(scores)]
                            : ["predictions": .array(scores.map(PredictRequest.row))])
                }
            }
        }
    }
}

/// The body of `:predict`, in rows (`instances`) or in columns (`inputs`).
struct PredictRequest {
    let inputs: [MailInput]
    /// Whether the answer is in columns.
    let isColumns: Bool

    private static let signature = "serving_default"

    private struct Document: Decodable {
        let instances: [Item]?
        let inputs: Column?
        let signature: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case instances, inputs
            case signature = "signature_name"
        }

        init(from decoder: any Decoder) throws {
            try decoder.permit(CodingKeys.allCases.map(\.rawValue))
            let container = try decoder.container(keyedBy: CodingKeys.self)
            instances = try container.decodeIfPresent([Item].self, forKey: .instances)
            inputs = try container.decodeIfPresent(Column.self, forKey: .inputs)
            signature = try container.decodeIfPresent(String.self, forKey: .signature)
        }
    }

    /// A text, bytes as `{"b64": "…"}`, or an object with one of the named inputs.
    private struct Item: Decodable {
        let input: MailInput

        private enum CodingKeys: String, CodingKey { case b64, text, message }

        init(from decoder: any Decoder) throws {
            if let text = try? TensorText(from: decoder) {
                input = .text(text.text)
                return
            }
            try decoder.permit(["text", "message"], count: 1)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let message = try container.decodeIfPresent(TensorText.self, forKey: .message) {
                input = .message(message.bytes)
            } else {
                input = .text(try container.decode(TensorText.self, forKey: .text).text)
            }
        }
    }

    /// The one column of all messages: a list, or an object that names it.
    private struct Column: Decodable {
        let inputs: [MailInput]

        private enum CodingKeys: String, CodingKey { case text, message }

        init(from decoder: any Decoder) throws {
            if let texts = try? decoder.singleValueContainer().decode([TensorText].self) {
                inputs = texts.map { .text($0.text) }
                return
            }
            try decoder.permit(["text", "message"], count: 1)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let messages = try container.decodeIfPresent([TensorText].self, forKey: .message) {
                inputs = messages.map { .message($0.bytes) }
            } else {
                inputs = try container.decode([TensorText].self, forKey: .text)
                    .map { .text($0.text) }
            }
        }
    }

    /// A text, or `{"b64": "…"}`.
    private struct TensorText: Decodable {
        let bytes: [UInt8]
        var text: String { String(decoding: bytes, as: UTF8.self) }

        private enum CodingKeys: String, CodingKey { case b64 }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                bytes = Array(text.utf8)
                return
            }
            try decoder.permit(["b64"], count: 1)
            bytes = Array(
                try decoder.container(keyedBy: CodingKeys.self).decode(Data.self, forKey: .b64))
        }
    }

    /// - Throws: ``Problem`` with 400 or 413.
    init(_ bytes: [UInt8]) throws {
        let document = try? JSONDecoder().decode(Document.self, from: Data(bytes))
        guard let document, (document.instances == nil) != (document.inputs == nil) else {
            throw Problem(
                .badRequest,
                "the body is not JSON of the form {\"instances\": [\"…\", …]} or "
                    + "{\"inputs\": [\"…\", …]}; a text may also be {\"text\": \"…\"}, a raw "
                    + "message {\"message\": {\"b64\": \"…\"}}")
        }
        guard document.signature ?? PredictRequest.signature == PredictRequest.signature else {
            throw Problem(.badRequest, "the only signature is \(PredictRequest.signature)")
        }
        isColumns = document.inputs != nil
        inputs = document.inputs?.inputs ?? document.instances?.map(\.input) ?? []
        guard !inputs.isEmpty else { throw Problem(.badRequest, "there are no messages") }
        try MessageList.checkCount(inputs.count)
    }

    /// All outputs of one message.
    static func row(_ score: ServedScore) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: ServedOutput.allCases.map { output in
                    (output.rawValue, value(output, score))
                }))
    }

    /// Each output of all messages.
    static func columns(_ scores: [ServedScore]) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: ServedOutput.allCases.map { output in
                    (output.rawValue, .array(scores.map { value(output, $0) }))
                }))
    }

    private static func value(_ output: ServedOutput, _ score: ServedScore) -> JSONValue {
        let values: [JSONValue] =
            output.texts(score).map { .string($0) }
            + output.numbers(score).map { .number(Double($0)) }
        return output.isPerLabel ? .array(values) : values.first ?? .null
    }
}

/// The answer of `GET /v1/models/siftd`.
struct ModelStatusAnswer: Encodable {
    struct Version: Encodable {
        let version: String
        let state = "AVAILABLE"
        let status = Status()
    }

    struct Status: Encodable {
        let code = "OK"
        let message = ""

        enum CodingKeys: String, CodingKey {
            case code = "error_code"
            case message = "error_message"
        }
    }

    let versions: [Version]

    init(_ model: ServedModel) { versions = [Version(version: "\(model.number)")] }

    enum CodingKeys: String, CodingKey { case versions = "model_version_status" }
}

/// The answer of `GET /v1/models/siftd/metadata`: one signature.
enum SignatureAnswer {
    static func value(_ model: ServedModel) -> JSONValue {
        let inputs = ["text": tensor("text", type: "DT_STRING", perLabel: false)]
        let outputs = ServedOutput.allCases.map { output in
            (
                output.rawValue,
                tensor(
                    output.rawValue, type: output.isText ? "DT_STRING" : "DT_FLOAT",
                    perLabel: output.isPerLabel)
            )
        }
        let signature: JSONValue = .object([
            "inputs": .object(inputs),
            "outputs": .object(Dictionary(uniqueKeysWithValues: outputs)),
            "method_name": .string("tensorflow/serving/predict"),
        ])
        return .object([
            "model_spec": .object([
                "name": .string(ServedModel.name), "signature_name": .string(""),
                "version": .string("\(model.number)"),
            ]),
            "metadata": .object([
                "signature_def": .object([
                    "signature_def": .object(["serving_default": signature])
                ])
            ]),
        ])
    }

    private static func tensor(_ name: String, type: String, perLabel: Bool) -> JSONValue {
        let any: JSONValue = .object(["size": .string("-1"), "name": .string("")])
        return .object([
            "name": .string("\(name):0"), "dtype": .string(type),
            "tensor_shape": .object([
                "dim": .array(perLabel ? [any, any] : [any]), "unknown_rank": .bool(false),
            ]),
        ])
    }
}
