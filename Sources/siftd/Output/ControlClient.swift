import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Talks to the running daemon through its local socket; each call blocks its thread.
struct ControlClient {
    /// The answer to a request.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// Why there is no daemon to talk to, or no answer of it.
    struct Failure: Error, CustomStringConvertible {
        /// Failures that callers tell apart.
        enum Kind: Equatable {
            /// No daemon listens.
            case absent
            /// The socket may not be opened by this user.
            case denied
            /// The daemon answered with this status.
            case refused(Int)
            /// No answer, or one that can't be read.
            case broken
        }

        var kind: Kind
        var description: String

        /// Whether only the message that was sent is at fault.
        var isOfMessage: Bool { kind == .refused(413) }
    }

    /// Of the socket.
    let path: String

    /// Bytes of an answer at most.
    private static let largestAnswer = 16 << 20
    /// Longer than a label takes when another process holds the store.
    private static let patience = TimeAmount.seconds(60)

    // MARK: Connection

    /// Whether a daemon listens.
    ///
    /// - Throws: ``Failure`` when that can't be found out.
    func isThere() throws -> Bool {
        do {
            try connect { $0.eventLoop.makeSucceededVoidFuture() }.close().wait()
            return true
        } catch let failure as Failure where failure.kind == .absent {
            return false
        }
    }

    private func connect(
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) throws -> any Channel {
        do {
            return try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(ControlClient.patience)
                .channelInitializer(initialize)
                .connect(unixDomainSocketPath: path).wait()
        } catch let error as IOError where [ENOENT, ECONNREFUSED].contains(error.errnoCode) {
            throw Failure(
                kind: .absent, description: "\(path): no daemon listens there; is siftd running?")
        } catch let error as IOError where [EACCES, EPERM].contains(error.errnoCode) {
            throw Failure(
                kind: .denied,
                description: "\(path): this user may not open it, and so may not teach; "
                    + "become root, or let the user's group pass (docs/learning.md)")
        } catch SocketAddressError.unixDomainSocketPathTooLong {
            throw Failure(
                kind: .broken, description: "\(path): longer than the 107 bytes a socket may have")
        } catch {
            throw Failure(kind: .broken, description: "\(path): \(error)")
        }
    }

    // MARK: Requests

    /// Sends a request and waits for the answer.
    func send(
        _ method: HTTPMethod, _ uri: String, type: String = "message/rfc822", body: [UInt8] = []
    ) throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Answer.self)
        let channel: any Channel
        do {
            channel = try connect { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandlers(
                        NIOHTTPClientResponseAggregator(
                            maxContentLength: ControlClient.largestAnswer),
                        AnswerHandler(promise))
                }
            }
        } catch {
            promise.fail(error)
            throw error
        }
        defer { channel.close(promise: nil) }
        let limit = loop.scheduleTask(in: ControlClient.patience) {
            promise.fail(Failure(kind: .broken, description: "the daemon does not answer"))
        }
        defer { limit.cancel() }
        let headers: HTTPHeaders = [
            "Host": "localhost", "Content-Type": type, "Content-Length": "\(body.count)",
            "Connection": "close",
        ]
        channel.write(
            HTTPClientRequestPart.head(
                .init(version: .http1_1, method: method, uri: uri, headers: headers)),
            promise: nil)
        channel.write(
            HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try promise.futureResult.wait()
    }

    /// Sends a request and reads the JSON of the answer.
    ///
    /// - Throws: ``Failure`` with the daemon's own words when it refuses.
    func call<Value: Decodable>(
        _ method: HTTPMethod, _ uri: String, type: String = "message/rfc822", body: [UInt8] = []
    ) throws -> Value {
        let answer = try send(method, uri, type: type, body: body)
        let data = Data(answer.body)
        guard answer.status == 200 else {
            let words = try? JSONDecoder().decode([String: String].self, from: data)
            throw Failure(
                kind: .refused(answer.status),
                description: "the daemon refused: \(words?["error"] ?? "status \(answer.status)")")
        }
        return try JSONDecoder().decode(Value.self, from: data)
    }
}

/// Passes on the answer, or why there is none.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    private let promise: EventLoopPromise<ControlClient.Answer>

    init(_ promise: EventLoopPromise<ControlClient.Answer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let response = unwrapInboundIn(data)
        promise.succeed(
            .init(
                status: Int(response.head.status.code),
                body: response.body.map { Array($0.readableBytesView) } ?? []))
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(
            ControlClient.Failure(
                kind: .broken, description: "the daemon closed the connection without an answer"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(
            ControlClient.Failure(kind: .broken, description: "the daemon's answer: \(error)"))
        context.close(promise: nil)
    }
}
