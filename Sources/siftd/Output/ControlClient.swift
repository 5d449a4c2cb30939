import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Talks to the running daemon through its local socket.
struct ControlClient {
    /// The answer to a request.
    struct Answer {
        var status: Int
        var body: [UInt8]
    }

    /// Why there is no daemon to talk to, or no answer of it.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Of the socket.
    let path: String

    /// Bytes of an answer at most.
    private static let largestAnswer = 16 << 20

    /// Sends a request and waits for the answer.
    func send(_ method: HTTPMethod, _ uri: String, body: [UInt8] = []) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let headers: HTTPHeaders = [
                "Host": "localhost", "Content-Type": "message/rfc822",
                "Content-Length": "\(body.count)", "Connection": "close",
            ]
            try await outbound.write(
                .head(.init(version: .http1_1, method: method, uri: uri, headers: headers)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
            try await outbound.write(.end(nil))
            return try await ControlClient.answer(inbound)
        }
    }

    private static func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Answer {
        var answer = Answer(status: 0, body: [])
        for try await part in inbound {
            switch part {
            case .head(let head): answer.status = Int(head.status.code)
            case .body(let bytes):
                answer.body += bytes.readableBytesView
                guard answer.body.count <= largestAnswer else {
                    throw Failure(description: "the daemon's answer is too long")
                }
            case .end: return answer
            }
        }
        throw Failure(description: "the daemon closed the connection without an answer")
    }

    /// Sends a request and reads the JSON of the answer.
    ///
    /// - Throws: ``Failure`` with the daemon's own words when it refuses.
    func call<Value: Decodable>(
        _ method: HTTPMethod, _ uri: String, body: [UInt8] = []
    ) async throws -> Value {
        let answer = try await send(method, uri, body: body)
        let data = Data(answer.body)
        guard answer.status == 200 else {
            let words = try? JSONDecoder().decode([String: String].self, from: data)
            throw Failure(
                description: "the daemon refused: \(words?["error"] ?? "status \(answer.status)")")
        }
        return try JSONDecoder().decode(Value.self, from: data)
    }

    /// Whether a daemon listens.
    var isThere: Bool {
        get async {
            guard FileManager.default.fileExists(atPath: path) else { return false }
            return (try? await send(.GET, "/v1/feedback")) != nil
        }
    }
}
