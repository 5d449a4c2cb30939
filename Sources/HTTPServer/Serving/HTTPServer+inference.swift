import HTTPTypes
import Hummingbird
import MailText
import NIOCore
import PortLimits

/// `/v2`: the Open Inference Protocol, with its extension for binary tensors.
extension HTTPServer {
    private static let extensions = ["binary_tensor_data"]

    func addInferenceRoutes(to router: Router<HTTPContext>) {
        let parts = parts
        router.get("/v2") { _, _ in
            try Response.json(
                ServerMetadata(version: parts.version, extensions: HTTPServer.extensions))
        }
        router.get("/v2/health/live") { _, _ in Response(status: .ok) }
        router.get("/v2/health/ready") { _, _ in
            Response(status: parts.notReady() == nil ? .ok : .serviceUnavailable)
        }
        for path in ["/v2/models/{name}", "/v2/models/{name}/versions/{version}"] {
            router.get(RouterPath(path)) { _, context in
                try Response.json(ModelMetadata(try servedModel(context)))
            }
            router.get(RouterPath(path + "/ready")) { _, context in
                _ = try servedModel(context)
                return Response(status: parts.notReady() == nil ? .ok : .serviceUnavailable)
            }
            router.post(RouterPath(path + "/infer")) { request, context in
                let model = try servedModel(context)
                let headerBytes = try InferenceRequest.headerBytes(request)
                let body = try await receive(request, context)
                return try await scoring.run {
                    let request = try InferenceRequest(body.bytes, headerBytes: headerBytes)
                    let scores = try judged(request.inputs, bytes: body.bytes.count, context)
                        .map(ServedScore.init)
                    return try InferenceAnswer(request, scores, model).response()
                }
            }
        }
    }

    private func servedModel(_ context: HTTPContext) throws -> ServedModel {
        try servedModel(
            context.parameters.get("name"), version: context.parameters.get("version"))
    }
}

/// The answer of `GET /v2`.
struct ServerMetadata: Encodable {
    let name = "siftd"
    let version: String
    let extensions: [String]
}

/// The answer of `GET /v2/models/siftd`.
struct ModelMetadata: Encodable {
    struct Tensor: Encodable {
        let name: String
        let datatype: String
        let shape: [Int]
    }

    let name = ServedModel.name
    let versions: [String]
    let platform = "siftd"
    let inputs: [Tensor]
    let outputs: [Tensor]

    init(_ model: ServedModel) {
        versions = [model.id]
        // One of the two.
        inputs = InferenceRequest.InputName.allCases.map { name in
            Tensor(name: name.rawValue, datatype: "BYTES", shape: [-1])
        }
        outputs = ServedOutput.allCases.map { output in
            Tensor(
                name: output.rawValue, datatype: output.isText ? "BYTES" : "FP32",
                shape: output.isPerLabel ? [-1, -1] : [-1])
        }
    }
}
