import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection when its client does not read the answer in time, or when the answer says
/// that it will be closed.
///
/// Without it a client that stops reading would hold its connection for ever, and one that sends a
/// body without end after it was refused would keep a task busy.
final class ConnectionEnd: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let time: TimeAmount
    private var deadline: Scheduled<Void>?
    private var closesAfterAnswer = false

    /// - Parameter time: from the first to the last byte of an answer.
    init(time: TimeAmount) { self.time = time }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
            let channel = context.channel
            deadline?.cancel()
            deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            let closes = closesAfterAnswer
            let deadline = deadline
            let channel = context.channel
            written.futureResult.whenComplete { _ in
                deadline?.cancel()
                if closes { channel.close(promise: nil) }
            }
            context.write(data, promise: written)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }
}

@available(*, unavailable)
extension ConnectionEnd: Sendable {}
