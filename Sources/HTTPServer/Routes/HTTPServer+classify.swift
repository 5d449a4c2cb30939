import FilterPolicy
import Foundation
import HTTPTypes
import Hummingbird
import MailText
import Models
import PortLimits
import Scoring
import Telemetry

/// `POST /v1/classify`: what is this message?
extension HTTPServer {
    /// Messages of a list; more are answered with 413.
    static let longestList = 256

    func addClassifyRoute(to router: Router<HTTPContext>) {
        router.post("/v1/classify") { request, context in
            let body = try await receive(request, context)
            let explains = ["1", "true"].contains(request.uri.queryParameters["explain"] ?? "")
            let isJSON = request.isJSON
            // Off the event loop: reading a large message takes milliseconds.
            return try await scoring.run {
                let messages = try MessageList(body.bytes, isJSON: isJSON)
                let start = ContinuousClock.now
                let answers = try judged(messages.inputs, bytes: body.bytes.count, context).map {
                    message in
                    ClassifyAnswer(
                        classification: Classification(
                            message, time: .now - start, explains: explains),
                        content: explains ? ReadContent(message.asSeen.content) : nil)
                }
                return messages.isList
                    ? try Response.json(answers) : try Response.json(answers.first)
            }
        }
    }

    /// Judges the messages of a request, whose scores ride together, and counts them; blocks the
    /// calling thread.
    ///
    /// - Parameters:
    ///   - inputs: the messages.
    ///   - bytes: of the body that they came in.
    ///   - context: of the request.
    /// - Returns: a judgement for each message.
    /// - Throws: ``Problem`` with 503 when one of them is not scored.
    func judged(
        _ inputs: [MailInput], bytes: Int, _ context: HTTPContext
    ) throws -> [JudgedMessage] {
        guard let classifier = parts.classifier() else { throw notScored(.noModel) }
        let messages = try classifier.judge(inputs).map { result in
            do throws(ScoringError) { return try result.get() } catch { throw notScored(error) }
        }
        trace(messages, context)
        for message in messages where message.model.filtersSpam {
            parts.metrics.countMessage(
                message.judgement.verdict, .accept, source: .http,
                probability: message.probability, bytes: bytes / messages.count)
        }
        return messages
    }

    private func notScored(_ error: ScoringError) -> Problem {
        Problem(.serviceUnavailable, "not scored: \(error.rawValue)", retryAfter: 1)
    }
}

/// The answer about one message: the keys of the classification, and `content`.
struct ClassifyAnswer: Encodable, Sendable {
    let classification: Classification
    /// What siftd read; given when reasons are asked for.
    let content: ReadContent?

    private enum CodingKeys: String, CodingKey { case content }

    func encode(to encoder: any Encoder) throws {
        try classification.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(content, forKey: .content)
    }
}

/// What siftd read of a message, in a size that a page can show.
struct ReadContent: Encodable, Sendable {
    /// One MIME part.
    struct Part: Encodable, Sendable {
        let type: String
        let name: String
        let bytes: Int
        let role: String
        let reason: String
        let depth: Int
    }

    let subject: String?
    let from: String
    let text: String
    let hidden: String
    let hiddenWords: Int
    let misleadingLinks: Int
    let isCut: Bool
    let parts: [Part]

    private static let longestText = 65_536
    private static let mostParts = 100

    init(_ content: MailContent) {
        let longest = ReadContent.longestText
        subject = content.subject.map { String(decoding: $0.prefix(1_000), as: UTF8.self) }
        from = "\(content.header.from.domain)"
        text = String(decoding: content.body.bytes.prefix(longest), as: UTF8.self)
        hidden = String(decoding: content.body.hiddenBytes.prefix(longest), as: UTF8.self)
        hiddenWords = content.body.hiddenWords
        misleadingLinks = content.body.misleadingLinks
        isCut = content.body.bytes.count > longest || content.parts.count > ReadContent.mostParts
        parts = content.parts.prefix(ReadContent.mostParts).map { part in
            Part(
                type: part.mediaType, name: String(part.fileName.prefix(200)), bytes: part.size,
                role: part.role.rawValue, reason: part.reason.rawValue, depth: part.depth)
        }
    }

    enum CodingKeys: String, CodingKey {
        case subject, text, hidden, parts
        case from = "sender_domain"
        case hiddenWords = "hidden_words"
        case misleadingLinks = "misleading_links"
        case isCut = "cut"
    }
}

/// The messages of a request's body.
struct MessageList {
    let inputs: [MailInput]
    /// Whether the answer is a list.
    let isList: Bool

    /// - Throws: ``Problem`` with 400 or 413.
    init(_ bytes: [UInt8], isJSON: Bool) throws {
        guard isJSON else {
            guard !bytes.isEmpty else { throw Problem(.badRequest, "the body is empty") }
            inputs = [.message(bytes)]
            isList = false
            return
        }
        isList = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
        let decoder = JSONDecoder()
        let data = Data(bytes)
        let items =
            isList
            ? try? decoder.decode([MessageItem].self, from: data)
            : (try? decoder.decode(MessageItem.self, from: data)).map { [$0] }
        guard let items else {
            throw Problem(
                .badRequest,
                "the body is not JSON of the form {\"text\": \"…\"}, {\"message\": \"…\"}, "
                    + "{\"message_base64\": \"…\"} or a list of these")
        }
        try MessageList.checkCount(items.count)
        inputs = items.map(\.input)
    }
}

extension MessageList {
    /// Refuses lists that are too long.
    ///
    /// - Throws: ``Problem`` with 413.
    static func checkCount(_ count: Int) throws {
        guard count <= HTTPServer.longestList else {
            throw Problem(.contentTooLarge, "a list has \(HTTPServer.longestList) messages at most")
        }
    }
}

/// One message in JSON: a text, or an object with one of three keys.
struct MessageItem: Decodable {
    let input: MailInput

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case text, message
        case base64 = "message_base64"
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            input = .text(text)
            return
        }
        try decoder.permit(CodingKeys.allCases.map(\.rawValue), count: 1)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let message = try container.decodeIfPresent(String.self, forKey: .message) {
            input = .message(Array(message.utf8))
        } else if let data = try container.decodeIfPresent(Data.self, forKey: .base64) {
            input = .message(Array(data))
        } else {
            input = .text(try container.decode(String.self, forKey: .text))
        }
    }
}

extension Request {
    /// Whether the body is declared to be JSON.
    var isJSON: Bool {
        headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false
    }
}

/// Any key of an object.
private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
}

extension Decoder {
    /// Refuses an object with other keys, which are mistakes, or with too many.
    func permit(_ keys: [String], count: Int = .max) throws {
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard found.count <= count, found.allSatisfy(keys.contains) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "unknown or too many keys"))
        }
    }
}
