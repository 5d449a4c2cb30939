import Dispatch
import FilterPolicy
import Foundation
import HTTPTypes
import Hummingbird
import MailText
import NIOCore
import Scoring
import Telemetry

/// `POST /v1/classify`: what is this message?
extension HTTPServer {
    /// Bytes of a request's body; larger ones are answered with 413.
    private static let largestBody = 64 << 20

    private struct TextRequest: Codable { var text: String }

    /// Why a request gets no verdict.
    private struct Refusal: Error {
        var status: HTTPResponse.Status
        var reason: String
    }

    func addClassifyRoute(to router: Router<BasicRequestContext>) {
        router.post("/v1/classify") { request, _ in
            do {
                return try await classify(request)
            } catch let refusal as Refusal {
                return try Response.json(["error": refusal.reason], status: refusal.status)
            }
        }
    }

    private func classify(_ request: Request) async throws -> Response {
        let (input, bytes) = try await read(request)
        guard let classifier = classifier() else {
            throw Refusal(
                status: .serviceUnavailable,
                reason: "not scored: \(ScoringError.noModel.rawValue)")
        }
        let explains = ["1", "true"].contains(request.uri.queryParameters["explain"] ?? "")
        // Off the event loop: reading a large message takes milliseconds.
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: classifier.classify(input, explains: explains))
            }
        }
        switch result {
        case .success(let classification):
            if let verdict = classification.verdict {
                metrics.countMessage(
                    verdict, .accept, source: .http,
                    probability: classification.spamProbability, bytes: bytes)
            }
            return try Response.json(classification)
        case .failure(let error):
            throw Refusal(
                status: .serviceUnavailable, reason: "not scored: \(error.rawValue)")
        }
    }

    /// The message of a request, and the bytes of its body.
    private func read(_ request: Request) async throws -> (input: MailInput, bytes: Int) {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: HTTPServer.largestBody)
        } catch is NIOTooManyBytesError {
            throw Refusal(
                status: .contentTooLarge, reason: "the message is larger than 64 MiB")
        }
        let bytes = Array(body.readableBytesView)
        if request.headers[.contentType]?.hasPrefix("application/json") ?? false {
            guard let decoded = try? JSONDecoder().decode(TextRequest.self, from: Data(bytes))
            else {
                throw Refusal(
                    status: .badRequest,
                    reason: "the body is not JSON of the form {\"text\": \"…\"}")
            }
            return (.text(decoded.text), bytes.count)
        }
        guard !bytes.isEmpty else {
            throw Refusal(status: .badRequest, reason: "the body is empty")
        }
        return (.message(bytes), bytes.count)
    }
}
