import Feedback
import FilterPolicy
import HTTPTypes
import Hummingbird
import PortLimits
import SiteMemory

/// `GET /v1/history`: recent verdicts, without content.
extension HTTPServer {
    private static let longestPage = 200

    func addHistoryRoute(to router: Router<HTTPContext>) {
        router.get("/v1/history") { request, _ in
            let store = try teacher().memory.store
            let query = try HTTPServer.query(request)
            return try Response.json(
                try await desk.run {
                    try teaching { try HTTPServer.page(of: store, query) }
                })
        }
    }

    private static func query(_ request: Request) throws -> HistoryQuery {
        let parameters = request.uri.queryParameters
        func number<Number: FixedWidthInteger>(
            _ name: Substring, _ range: ClosedRange<Number>
        ) throws -> Number? {
            guard let text = parameters[name] else { return nil }
            guard let value = Number(text), range.contains(value) else {
                throw Problem(
                    .badRequest,
                    "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        var query = HistoryQuery()
        query.limit = try number("limit", 1...longestPage) ?? 50
        query.before = try number("before", 1...Int64.max)
        if let verdict = parameters["verdict"] {
            guard Verdict(rawValue: String(verdict)) != nil else {
                throw Problem(
                    .badRequest,
                    "verdict must be one of "
                        + Verdict.allCases.map(\.rawValue).joined(separator: ", "))
            }
            query.verdict = String(verdict)
        }
        if let domain = parameters["sender_domain"], !domain.isEmpty {
            query.senderDomain = domain.lowercased()
        }
        return query
    }

    private static func page(
        of store: any FeedbackStore, _ query: HistoryQuery
    ) throws -> HistoryAnswer {
        let entries = try store.history(query)
        return HistoryAnswer(
            entries: try entries.map { entry in
                let label = try store.labels(
                    .message(entry.digest), state: .active, after: 0, limit: 1
                ).first?.label
                return HistoryAnswer.Entry(entry, label: label)
            },
            next: entries.count == query.limit ? entries.last?.id : nil)
    }
}

/// The answer of `GET /v1/history`.
struct HistoryAnswer: Encodable {
    /// One verdict.
    struct Entry: Encodable {
        let id: Int64
        let time: Int64
        let verdict: String
        let action: String
        let spamProbability: Double
        let senderDomain: String
        let queueID: String
        let model: String
        let digest: String
        let label: String?
        let labelledBy: String?

        init(_ entry: HistoryEntry, label: NewLabel?) {
            id = entry.id ?? 0
            time = entry.time
            verdict = entry.score.verdict
            action = entry.action
            spamProbability = entry.score.probability
            senderDomain = entry.senderDomain
            queueID = entry.queueID
            model = entry.score.modelID
            digest = entry.digest.description
            self.label = label?.labelClass.rawValue
            labelledBy = label?.source.description
        }

        enum CodingKeys: String, CodingKey {
            case id, time, verdict, action, model, digest, label
            case spamProbability = "spam_probability"
            case senderDomain = "sender_domain"
            case queueID = "queue_id"
            case labelledBy = "labelled_by"
        }
    }

    let entries: [Entry]
    /// To ask for the next page with `before`; nil at the end.
    let next: Int64?
}
