import HTTPTypes
import NIOCore
import NIOHTTPTypes
import PortLimits

/// Ends a connection whose client sends its body or reads the answer too slowly, or whose answer
/// says that it will be closed.
///
/// Without it a client that stops reading would hold its connection for ever, and one that sends a
/// body without end after it was refused would keep a task busy.
final class ConnectionEnd: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let time: TimeAmount
    private let table: ConnectionTable
    private var bodyDeadline: Scheduled<Void>?
    private var answerDeadline: Scheduled<Void>?
    private var hasAnswered = false
    private var isRefused = false
    private var closesAfterAnswer = false

    /// Tables may take as long as they keep arriving.
    private static let slowPath = "/v1/retrain"

    /// - Parameters:
    ///   - time: for a body, and from the first to the last byte of an answer.
    ///   - table: of the port's connections.
    init(time: TimeAmount, table: ConnectionTable) {
        self.time = time
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) { table.add(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            hasAnswered = false
            bodyDeadline?.cancel()
            table.enter(.body, context.channel)
            if head.path?.hasPrefix(ConnectionEnd.slowPath) != true { scheduleRefusal(context) }
        case .body: break
        case .end:
            table.enter(.answer, context.channel)
            bodyDeadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            hasAnswered = true
            closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
            let channel = context.channel
            answerDeadline?.cancel()
            answerDeadline = context.eventLoop.scheduleTask(in: time) {
                channel.close(promise: nil)
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            let closes = closesAfterAnswer
            let deadline = answerDeadline
            let channel = context.channel
            let table = table
            written.futureResult.whenComplete { _ in
                deadline?.cancel()
                table.enter(.header, channel)
                if closes { channel.close(promise: nil) }
            }
            context.write(data, promise: written)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        table.remove(context.channel)
        bodyDeadline?.cancel()
        answerDeadline?.cancel()
    }

    private func scheduleRefusal(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        bodyDeadline = context.eventLoop.scheduleTask(in: time) {
            bound.value.handler.refuse(bound.value.context)
        }
    }

    /// Answers in the place of whoever still waits for the body.
    private func refuse(_ context: ChannelHandlerContext) {
        guard !hasAnswered, context.channel.isActive else { return }
        isRefused = true
        let text = """
            {"detail":"the body did not arrive in time","status":408,"title":"Request Timeout",\
            "type":"about:blank"}

            """
        let fields: HTTPFields = [
            .contentType: "application/problem+json", .connection: "close",
            .contentLength: "\(text.utf8.count)",
        ]
        let head = HTTPResponse(status: .requestTimeout, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

@available(*, unavailable)
extension ConnectionEnd: Sendable {}
