import NIOCore

/// Keeps a listening socket from accepting more connections than the port may have; further ones
/// wait in the kernel until others end.
final class AcceptLimit: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let limit: Int
    private var open = 0
    private var isWaiting = false

    init(_ limit: Int) { self.limit = limit }

    func read(context: ChannelHandlerContext) {
        if open < limit { context.read() } else { isWaiting = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = unwrapInboundIn(data)
        open += 1
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        child.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            bound.value.handler.ended(bound.value.context)
        }
        context.fireChannelRead(data)
    }

    private func ended(_ context: ChannelHandlerContext) {
        open -= 1
        guard isWaiting, open < limit else { return }
        isWaiting = false
        context.read()
    }
}

@available(*, unavailable)
extension AcceptLimit: Sendable {}
