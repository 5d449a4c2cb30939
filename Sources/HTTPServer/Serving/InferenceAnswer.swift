import HTTPTypes
import Hummingbird
import Models
import NIOCore

/// The answer of `/v2/models/siftd/infer`, in JSON, with binary tensors behind it where they are
/// wanted.
struct InferenceAnswer {
    private struct Head: Encodable {
        let name = ServedModel.name
        let version: String
        let id: String?
        let outputs: [Tensor]

        enum CodingKeys: String, CodingKey {
            case id, outputs
            case name = "model_name"
            case version = "model_version"
        }
    }

    private struct Tensor: Encodable {
        let name: String
        let datatype: String
        let shape: [Int]
        var texts: [String]?
        var numbers: [Float]?
        var parameters: [String: Int]?

        enum CodingKeys: String, CodingKey { case name, datatype, shape, data, parameters }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(datatype, forKey: .datatype)
            try container.encode(shape, forKey: .shape)
            try container.encodeIfPresent(texts, forKey: .data)
            try container.encodeIfPresent(numbers, forKey: .data)
            try container.encodeIfPresent(parameters, forKey: .parameters)
        }
    }

    private let head: Head
    private let binary: ByteBuffer
    private let hasBinary: Bool

    init(_ request: InferenceRequest, _ scores: [ServedScore], _ model: ServedModel) {
        var binary = ByteBuffer()
        var tensors: [Tensor] = []
        for output in request.outputs {
            let name = output.name
            var tensor = Tensor(
                name: name.rawValue, datatype: name.isText ? "BYTES" : "FP32",
                shape: [scores.count] + (name.isPerLabel ? [scores.first?.labels.count ?? 0] : []))
            if output.isBinary {
                let start = binary.writerIndex
                for score in scores {
                    for text in name.texts(score) {
                        binary.writeInteger(
                            UInt32(truncatingIfNeeded: text.utf8.count), endianness: .little)
                        binary.writeString(text)
                    }
                    for number in name.numbers(score) {
                        binary.writeInteger(number.bitPattern, endianness: .little)
                    }
                }
                tensor.parameters = ["binary_data_size": binary.writerIndex - start]
            } else if name.isText {
                tensor.texts = scores.flatMap(name.texts)
            } else {
                tensor.numbers = scores.flatMap(name.numbers)
            }
            tensors.append(tensor)
        }
        self.binary = binary
        hasBinary = request.outputs.contains(where: \.isBinary)
        head = Head(version: model.id, id: request.id, outputs: tensors)
    }

    func response() throws -> Response {
        guard hasBinary else { return try Response.json(head) }
        let json = try Response.bytes(of: head)
        var buffer = ByteBuffer(bytes: json)
        buffer.writeImmutableBuffer(binary)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .inferenceHeaderLength: "\(json.count)",
            ], body: .init(byteBuffer: buffer))
    }
}
