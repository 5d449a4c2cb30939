import Foundation
import HTTPTypes
import Hummingbird
import MailText
import Models

/// The body of `/v2/models/siftd/infer`: JSON, and behind it binary tensors if the request says so.
struct InferenceRequest {
    /// Names of the input, of which a request has one.
    enum InputName: String, CaseIterable {
        /// Texts.
        case text
        /// Raw messages.
        case message
    }

    /// An output that is wanted.
    struct Output {
        let name: ServedOutput
        let isBinary: Bool
    }

    let id: String?
    let inputs: [MailInput]
    let outputs: [Output]

    /// How long the JSON is where binary tensors follow; nil without any.
    ///
    /// - Throws: ``Problem`` with 400 or 415.
    static func headerBytes(_ request: Request) throws -> Int? {
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(.unsupportedMediaType, "send the body without compression")
        }
        guard let field = request.headers[.inferenceHeaderLength] else { return nil }
        guard let length = Int(field), length >= 0 else {
            throw Problem(.badRequest, "Inference-Header-Content-Length is no length")
        }
        return length
    }

    private struct Document: Decodable {
        let id: String?
        let inputs: [Input]
        let outputs: [WantedOutput]?
        let parameters: [String: JSONValue]?
    }

    private struct Input: Decodable {
        let name: String
        let shape: [Int]
        let datatype: String
        let parameters: [String: JSONValue]?
        let data: JSONValue?
    }

    private struct WantedOutput: Decodable {
        let name: String
        let parameters: [String: JSONValue]?
    }

    /// - Throws: ``Problem`` with 400 or 413.
    init(_ bytes: [UInt8], headerBytes: Int?) throws {
        let length = headerBytes ?? bytes.count
        guard length <= bytes.count else {
            throw Problem(.badRequest, "Inference-Header-Content-Length is beyond the body's end")
        }
        guard
            let document = try? JSONDecoder().decode(Document.self, from: Data(bytes[..<length]))
        else {
            throw Problem(
                .badRequest,
                "the body is not JSON of the form {\"inputs\": [{\"name\": \"text\", \"shape\": [1], "
                    + "\"datatype\": \"BYTES\", \"data\": [\"…\"]}]}")
        }
        guard let input = document.inputs.first, document.inputs.count == 1,
            let name = InputName(rawValue: input.name)
        else {
            throw Problem(.badRequest, "there must be one input, named text or message")
        }
        id = document.id
        let values = try InferenceRequest.values(input, bytes[length...])
        inputs = values.map { value in
            switch name {
            case .text: .text(String(decoding: value, as: UTF8.self))
            case .message: .message(value)
            }
        }
        let isBinary = document.parameters?["binary_data_output"] == .bool(true)
        outputs = try InferenceRequest.outputs(document.outputs, isBinary: isBinary)
    }

    private static func outputs(_ wanted: [WantedOutput]?, isBinary: Bool) throws -> [Output] {
        guard let wanted, !wanted.isEmpty else {
            return ServedOutput.allCases.map { Output(name: $0, isBinary: isBinary) }
        }
        guard wanted.count <= ServedOutput.allCases.count else {
            throw Problem(.badRequest, "an output is named twice")
        }
        return try wanted.map { output in
            guard let name = ServedOutput(rawValue: output.name) else {
                let names = ServedOutput.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.badRequest, "outputs are \(names)")
            }
            let parameters = output.parameters ?? [:]
            guard parameters["classification"] == nil,
                parameters["shared_memory_region"] == nil
            else {
                throw Problem(
                    .badRequest,
                    "classification and shared_memory_region are not offered; leave them out")
            }
            let chosen: Bool? =
                if case .bool(let value)? = parameters["binary_data"] { value } else { nil }
            return Output(name: name, isBinary: chosen ?? isBinary)
        }
    }

    /// The bytes of each text.
    private static func values(_ input: Input, _ tail: ArraySlice<UInt8>) throws -> [[UInt8]] {
        guard input.datatype == "BYTES" else {
            throw Problem(.badRequest, "the datatype of \(input.name) must be BYTES")
        }
        guard [1, 2].contains(input.shape.count), let count = input.shape.first, count > 0,
            input.shape.dropFirst().allSatisfy({ $0 == 1 })
        else { throw Problem(.badRequest, "the shape must be [n] or [n, 1], from 1") }
        try MessageList.checkCount(count)
        var values: [[UInt8]] = []
        if case .number(let size)? = input.parameters?["binary_data_size"] {
            guard Int(exactly: size) == tail.count, input.data == nil else {
                throw Problem(
                    .badRequest, "binary_data_size is not the length of what follows the JSON")
            }
            values = try split(tail, count: count)
        } else {
            guard input.parameters?["shared_memory_region"] == nil else {
                throw Problem(.badRequest, "shared memory is not offered; send the data")
            }
            guard tail.isEmpty, case .array(let items)? = input.data else {
                throw Problem(.badRequest, "the input has no data")
            }
            for item in items {
                switch item {
                case .string(let text): values.append(Array(text.utf8))
                case .array(let inner):
                    for case .string(let text) in inner { values.append(Array(text.utf8)) }
                case .null, .bool, .number, .object: break
                }
            }
        }
        guard values.count == count else {
            throw Problem(.badRequest, "the shape says \(count) texts, the data has others")
        }
        return values
    }

    /// Takes binary texts apart: each has its length in front, four bytes, the lowest first.
    private static func split(_ tail: ArraySlice<UInt8>, count: Int) throws -> [[UInt8]] {
        var values: [[UInt8]] = []
        var rest = tail
        while !rest.isEmpty, values.count <= count {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4, length <= rest.count - 4 else {
                throw Problem(.badRequest, "the binary data ends within a text")
            }
            values.append(Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return values
    }
}

extension HTTPField.Name {
    /// The length of the JSON in front of binary tensors; a constant name is always valid.
    static let inferenceHeaderLength = HTTPField.Name(
        "Inference-Header-Content-Length", fallback: .contentLength)

    /// The name, or another where it were no name.
    private init(_ name: String, fallback: HTTPField.Name) {
        self = HTTPField.Name(name) ?? fallback
    }
}
