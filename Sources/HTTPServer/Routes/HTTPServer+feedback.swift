import Feedback
import FilterPolicy
import Foundation
import HTTPTypes
import Hummingbird
import MailText
import PortLimits
import SiteMemory
import Telemetry

/// `/v1/feedback`: labels, taking them back, and what is stored.
extension HTTPServer {
    func addFeedbackRoutes(to router: Router<HTTPContext>) {
        router.get("/v1/feedback") { _, _ in
            let teacher = try teacher()
            return try Response.json(
                try await desk.run { try teaching { try teacher.status() } })
        }
        router.post("/v1/feedback") { request, context in
            let teacher = try teacher()
            let body = try await bodies.read(request)
            let grant = context.grant
            let query = FeedbackRequest.Fields(request)
            let isJSON = request.isJSON
            let lesson = try await desk.run {
                let feedback = try FeedbackRequest(body.bytes, isJSON: isJSON, query, grant)
                return try teaching {
                    let predicted = feedback.historyVerdict(in: teacher)
                    let lesson = try feedback.apply(to: teacher)
                    count(feedback, lesson, predicted: predicted)
                    return lesson
                }
            }
            try lesson.check()
            return try Response.json(lesson)
        }
        router.delete("/v1/feedback") { request, context in
            let teacher = try teacher()
            let selection = try FeedbackRequest.selection(
                FeedbackRequest.Fields(request), context.grant)
            let removal = try await desk.run { try teaching { try teacher.remove(selection) } }
            return try Response.json(
                RemovalAnswer(
                    labels: removal.count, active: removal.active, newLabels: removal.newLabels,
                    kept: removal.isKept ? true : nil))
        }
    }

    private func count(_ feedback: FeedbackRequest, _ lesson: Lesson, predicted: String?) {
        guard lesson.stored, let label = feedback.labelClass,
            let verdict = (predicted ?? lesson.before?.verdict).flatMap(Verdict.init)
        else { return }
        parts.metrics.countFeedback(label: label.rawValue, predicted: verdict)
    }

    func teacher() throws -> Teacher {
        guard let teacher = parts.teacher else {
            throw Problem(
                .notImplemented,
                "nothing is learnt here; set learn.enabled, and learn.directory where "
                    + "/var/lib/siftd is not siftd's")
        }
        return teacher
    }
}

extension Lesson {
    /// Throws for a label that was not stored; one without effect is an answer that says why.
    fileprivate func check() throws(Problem) {
        switch outcome {
        case "notInHistory": throw Problem(.notFound, why)
        case "tooManyWaiting": throw Problem(.tooManyRequests, why, retryAfter: 86_400)
        default: break
        }
    }
}

/// What removing labels has done.
struct RemovalAnswer: Encodable {
    let labels: Int
    let active: Int
    let newLabels: Int
    /// Whether it is done later, when the shared database is back; nil for at once.
    let kept: Bool?

    enum CodingKeys: String, CodingKey {
        case labels, active, kept
        case newLabels = "new_labels"
    }
}

/// A label as a request gives it.
struct FeedbackRequest: Sendable {
    /// What is labelled.
    enum Subject: Sendable {
        case message(MailInput)
        case history(Int64)
    }

    /// The values that stand in the query, or in a JSON body.
    struct Fields: Decodable, Sendable {
        var label: String?
        var source: String?
        var history: Int64?
        var text: String?
        var message: String?
        var digest: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case label, source, history, text, message
        }

        init(from decoder: any Decoder) throws {
            try decoder.permit(CodingKeys.allCases.map(\.rawValue))
            let container = try decoder.container(keyedBy: CodingKeys.self)
            label = try container.decodeIfPresent(String.self, forKey: .label)
            source = try container.decodeIfPresent(String.self, forKey: .source)
            history = try container.decodeIfPresent(Int64.self, forKey: .history)
            text = try container.decodeIfPresent(String.self, forKey: .text)
            message = try container.decodeIfPresent(String.self, forKey: .message)
            let subjects = [history != nil, text != nil, message != nil].filter(\.self)
            guard subjects.count == 1 else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "not one of text, message, history"))
            }
        }

        init(_ request: Request) {
            let parameters = request.uri.queryParameters
            func value(_ name: Substring) -> String? { parameters[name].map { String($0) } }
            label = value("label")
            source = value("source")
            digest = value("digest")
            history = value("history").flatMap(Int64.init)
        }
    }

    private let subject: Subject
    private let source: LabelSource
    /// Nil takes a label back.
    let labelClass: LabelClass?

    /// - Throws: ``Problem`` with 400 or 403.
    init(_ bytes: [UInt8], isJSON: Bool, _ query: Fields, _ grant: AccessGrant) throws {
        var fields = query
        if isJSON {
            guard let decoded = try? JSONDecoder().decode(Fields.self, from: Data(bytes)) else {
                throw Problem(
                    .badRequest,
                    "the body is not JSON with label, source and one of text, message, history")
            }
            guard query.label == nil, query.source == nil, query.history == nil else {
                throw Problem(
                    .badRequest, "with a body of JSON, label, source and history stand in it alone")
            }
            fields = decoded
        }
        source = try FeedbackRequest.source(fields.source, grant)
        guard let label = fields.label else { throw Problem(.badRequest, "label is missing") }
        labelClass = label == "forget" ? nil : LabelClass(rawValue: label)
        guard labelClass == .spam || labelClass == .ham || label == "forget" else {
            throw Problem(.badRequest, "label must be spam, ham or forget")
        }
        if let id = fields.history {
            guard id > 0 else { throw Problem(.badRequest, "history must be the id of an entry") }
            subject = .history(id)
        } else if let text = fields.text {
            subject = .message(.text(text))
        } else if let message = fields.message {
            subject = .message(.message(Array(message.utf8)))
        } else if !isJSON, !bytes.isEmpty {
            subject = .message(.message(bytes))
        } else {
            throw Problem(.badRequest, "there is no message: the body is empty")
        }
    }

    /// - Throws: `FeedbackError`, `TeachingError`, ``Problem``.
    func apply(to teacher: Teacher) throws -> Lesson {
        switch (subject, labelClass) {
        case (.message(let input), let label?):
            return try teacher.teach(input, .init(label, by: source, way: .http))
        case (.history(let id), let label?):
            return try teacher.teach(historyEntry: id, .init(label, by: source, way: .http))
        case (.message(let input), nil): return try teacher.forget(input, by: source)
        case (.history, nil):
            throw Problem(
                .badRequest, "take back a label of the history by DELETE /v1/feedback?digest=…")
        }
    }

    /// The verdict of the entry that is labelled; nil where a message is.
    ///
    /// - Throws: `FeedbackError`.
    func historyVerdict(in teacher: Teacher) -> String? {
        guard case .history(let id) = subject, id < .max else { return nil }
        // A label that is kept until a shared store is back needs no verdict.
        let entry = (try? teacher.memory.store.history(HistoryQuery(before: id + 1, limit: 1)))?
            .first
        return entry?.id == id ? entry?.score.verdict : nil
    }

    /// Who gives a label; only who shows the write token speaks for the site.
    private static func source(_ text: String?, _ grant: AccessGrant) throws -> LabelSource {
        guard let text = text ?? (grant.administers ? "admin" : nil) else {
            throw Problem(.badRequest, "source is missing: user:ADDRESS of who gives the label")
        }
        let source: LabelSource
        do { source = try LabelSource(parsing: text) } catch {
            throw Problem(.badRequest, "\(error)")
        }
        guard grant.administers || source.kind == .user else {
            throw Problem(
                .forbidden, "only user:ADDRESS may be the source without the write token")
        }
        return source
    }

    /// The labels to take back: those of a source, about one message or all.
    ///
    /// An admin takes back what all have said about a message.
    static func selection(_ fields: Fields, _ grant: AccessGrant) throws -> LabelSelection {
        let digest = try fields.digest.map { text in
            guard let digest = MessageDigest(hex: text) else {
                throw Problem(.badRequest, "digest must be 64 hexadecimal digits")
            }
            return digest
        }
        guard fields.source != nil else {
            throw Problem(.badRequest, "source is missing: user:ADDRESS whose labels to take back")
        }
        let source = try source(fields.source, grant)
        guard let digest else { return .source(source) }
        return source.kind == .admin ? .message(digest) : .messageBy(digest, source)
    }
}
