import Dispatch
import Feedback
import FilterPolicy
import Foundation
import HTTPTypes
import Hummingbird
import MailText
import NIOCore
import SiteMemory
import Telemetry

/// `/v1/feedback`: labels, taking them back, and what is stored.
extension LearningServer {
    /// Bytes of a message; larger ones are answered with 413.
    private static let largestBody = 64 << 20

    /// Why a request is not fulfilled.
    private struct Refusal: Error {
        var status: HTTPResponse.Status
        var reason: String
    }

    /// What taking back or confirming has done.
    private struct Removal: Encodable {
        var labels: Int
        var active: Int
        var newLabels: Int
        /// Whether it is done later, when the shared database is back; nil for at once.
        var kept: Bool?

        enum CodingKeys: String, CodingKey {
            case labels, active, kept
            case newLabels = "new_labels"
        }

        init(_ removal: LabelRemoval) {
            labels = removal.count
            active = removal.active
            newLabels = removal.newLabels
            kept = removal.isKept ? true : nil
        }
    }

    func addFeedbackRoutes(to router: Router<BasicRequestContext>) {
        let teacher = teacher
        let metrics = metrics
        router.post("/v1/feedback") { request, _ in
            await LearningServer.answer {
                let input = try await LearningServer.message(in: request)
                let query = Query(request)
                let source = try query.source()
                if query["label"] == "forget" {
                    return try await offLoop {
                        try teacher.forget(input, by: source)
                    }
                }
                let statement = try query.statement(by: source)
                if let id = query["history"].flatMap(Int64.init) {
                    return try await offLoop {
                        try teacher.teach(historyEntry: id, statement).counted(
                            by: metrics, statement)
                    }
                }
                guard !input.isEmpty else {
                    throw Refusal(status: .badRequest, reason: "the body is empty")
                }
                return try await offLoop {
                    try teacher.teach(input, statement).counted(by: metrics, statement)
                }
            }
        }
        router.get("/v1/feedback") { _, _ in
            await LearningServer.answer { try await offLoop { try teacher.status() } }
        }
        router.delete("/v1/feedback") { request, _ in
            await LearningServer.answer {
                let selection = try Query(request).selection()
                return try await offLoop { Removal(try teacher.remove(selection)) }
            }
        }
        router.post("/v1/feedback/confirm") { request, _ in
            await LearningServer.answer {
                let selection = try Query(request).selection()
                return try await offLoop { Removal(try teacher.confirm(selection)) }
            }
        }
    }

    private static func answer(_ body: () async throws -> some Encodable) async -> Response {
        do { return try Response.json(try await body()) } catch {
            let refusal =
                error as? Refusal
                ?? Refusal(
                    status: isOfRequest(error) ? .badRequest : .serviceUnavailable,
                    reason: "\(error)")
            let response = try? Response.json(
                ["error": refusal.reason], status: refusal.status)
            return response ?? Response(status: .internalServerError)
        }
    }

    /// Whether the same request can never be fulfilled.
    private static func isOfRequest(_ error: any Error) -> Bool {
        if case .unknownLabel? = error as? TeachingError { return true }
        return (error as? FeedbackError)?.kind == .invalid
    }

    private static func body(of request: Request) async throws -> [UInt8] {
        do {
            let body = try await request.body.collect(upTo: largestBody)
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Refusal(status: .contentTooLarge, reason: "the message is larger than 64 MiB")
        }
    }

    /// The body: a row of a table where it is called text/plain, else a message.
    private static func message(in request: Request) async throws -> MailInput {
        let bytes = try await body(of: request)
        return request.headers[.contentType] == "text/plain"
            ? .text(String(decoding: bytes, as: UTF8.self)) : .message(bytes)
    }

    /// The parameters of a request.
    private struct Query {
        private let request: Request

        init(_ request: Request) { self.request = request }

        subscript(_ name: Substring) -> String? {
            request.uri.queryParameters[name].map { String($0) }
        }

        private func refusal(_ reason: String) -> Refusal {
            Refusal(status: .badRequest, reason: reason)
        }

        func source() throws -> LabelSource {
            guard let text = self["source"] else { throw refusal("source is missing") }
            do { return try LabelSource(parsing: text) } catch { throw refusal("\(error)") }
        }

        func statement(by source: LabelSource) throws -> Teacher.Statement {
            guard let label = self["label"].flatMap(LabelClass.init(rawValue:)) else {
                throw refusal("label must be spam, ham, forget or another label of the model")
            }
            guard let way = LabelWay(rawValue: self["way"] ?? LabelWay.command.rawValue) else {
                throw refusal(
                    "way must be one of "
                        + LabelWay.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return .init(label, by: source, way: way, mailbox: self["mailbox"])
        }

        func selection() throws -> LabelSelection {
            let parameters = request.uri.queryParameters
            guard parameters.count == 1, let (name, value) = parameters.first.map({ ($0, $1) })
            else {
                throw refusal("name the labels by one parameter, such as by=user:alice@example.org")
            }
            do { return try LabelSelection(name: String(name), value: String(value)) } catch {
                throw refusal("\(error)")
            }
        }
    }
}

/// Runs work that blocks on a thread of Dispatch, off the event loop.
private func offLoop<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
}

extension MailInput {
    /// Whether there is nothing to learn.
    fileprivate var isEmpty: Bool {
        switch self {
        case .message(let bytes): bytes.isEmpty
        case .text(let text): text.isEmpty
        }
    }
}

extension Lesson {
    /// The same lesson, counted if it was stored.
    fileprivate func counted(by metrics: FilterMetrics?, _ statement: Teacher.Statement) -> Lesson {
        if stored, let verdict = (before?.verdict).flatMap(Verdict.init) {
            metrics?.countFeedback(label: statement.labelClass.rawValue, predicted: verdict)
        }
        return self
    }
}
