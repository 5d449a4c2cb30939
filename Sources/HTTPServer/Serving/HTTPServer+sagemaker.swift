import HTTPTypes
import Hummingbird
import MailText
import NIOCore
import PortLimits

/// `/ping` and `/invocations`: the contract of SageMaker's inference containers, with the requests
/// and answers of its BlazingText algorithm.
extension HTTPServer {
    func addSageMakerRoutes(to router: Router<HTTPContext>) {
        let parts = parts
        router.get("/ping") { _, _ in
            Response(status: parts.notReady() == nil ? .ok : .serviceUnavailable)
        }
        // The second is what clients of SageMaker's runtime ask for.
        for path: RouterPath in ["/invocations", "/endpoints/{name}/invocations"] {
            router.post(path) { request, context in
                let format = try InvocationFormat(request)
                let answerFormat = try format.answer(accepting: request.headers[.accept])
                let body = try await receive(request, context)
                return try await scoring.run {
                    let invocation = try Invocation(body.bytes, format)
                    let scores = try judged(invocation.inputs, bytes: body.bytes.count, context)
                        .map(ServedScore.init)
                    return try answerFormat.answer(
                        zip(scores, invocation.counts).map(LabelList.init))
                }
            }
        }
    }
}

/// The most probable labels of a message, as BlazingText answers them.
struct LabelList: Encodable {
    let label: [String]
    let prob: [Double]

    private static let prefix = "__label__"

    init(_ score: ServedScore, _ count: Int) {
        let best = score.best(count)
        label = best.map { LabelList.prefix + $0.name }
        prob = best.map(\.probability)
    }
}

/// What the body of an invocation is, or its answer.
enum InvocationFormat: String, CaseIterable {
    /// One text.
    case text = "text/plain"
    /// A text in each row; in answers label and probability in turns.
    case csv = "text/csv"
    /// `{"instances": […], "configuration": {"k": 1}}`.
    case json = "application/json"
    /// A message in each line.
    case lines = "application/jsonlines"
    /// One raw message.
    case message = "message/rfc822"

    /// - Throws: ``Problem`` with 415.
    init(_ request: Request) throws {
        let type = request.headers[.contentType].flatMap(MediaType.name) ?? ""
        guard let format = InvocationFormat(rawValue: type) else {
            let names = InvocationFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.unsupportedMediaType, "Content-Type must be one of \(names)")
        }
        self = format
    }

    /// The format of the answer.
    ///
    /// - Throws: ``Problem`` with 406.
    func answer(accepting field: String?) throws -> InvocationFormat {
        let own: InvocationFormat = self == .lines ? .lines : .json
        guard let field, !field.isEmpty else { return own }
        let names = field.split(separator: ",").prefix(20).compactMap { MediaType.name($0) }
        for name in names {
            if name == "*/*" { return own }
            let format =
                name == "application/*" ? .json : InvocationFormat(rawValue: String(name))
            if let format, [.json, .lines, .csv].contains(format) { return format }
        }
        throw Problem(
            .notAcceptable,
            "answers are application/json, application/jsonlines or text/csv")
    }

    /// The answer in this format.
    func answer(_ lists: [LabelList]) throws -> Response {
        switch self {
        case .lines:
            var buffer = ByteBuffer()
            for list in lists { buffer.writeBytes(try Response.bytes(of: list)) }
            return Response(
                status: .ok, headers: [.contentType: rawValue], body: .init(byteBuffer: buffer))
        case .csv:
            let rows = lists.map { list in
                zip(list.label, list.prob).map { "\($0),\($1)" }.joined(separator: ",") + "\n"
            }
            return .text(rows.joined(), type: "text/csv; charset=utf-8")
        case .json, .text, .message: return try .json(lists)
        }
    }
}

/// Names of media types (RFC 9110 section 8.3.1).
enum MediaType {
    /// Type and subtype without parameters, in lower case.
    static func name(_ field: some StringProtocol) -> String? {
        field.split(separator: ";").first.map { part in
            part.lowercased().filter { !$0.isWhitespace }
        }
    }
}
