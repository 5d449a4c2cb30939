import FilterPolicy
import NIOCore
import PortLimits
import Telemetry

/// One connection: reads a request, answers it, closes.
final class SpamdHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case receiving, answering, ending }

    private let server: SpamdServer
    private let table: ConnectionTable
    private let time: TimeAmount
    private var reader: SpamdRequestReader
    private var phase = Phase.receiving
    /// Bytes that were taken from the budget of memory.
    private var held = 0
    private var deadline: Scheduled<Void>?

    /// After a refusal the rest of a message is read and dropped for so long, because closing at
    /// once could take the answer from the client (RFC 9293 section 3.10.4, reset).
    private static let patience = TimeAmount.seconds(2)

    /// - Parameters:
    ///   - server: answers.
    ///   - table: of the port's connections.
    init(_ server: SpamdServer, table: ConnectionTable) {
        self.server = server
        self.table = table
        time = TimeAmount(server.limits.time)
        reader = SpamdRequestReader(limit: server.limits.bodyBytes)
    }

    func channelActive(context: ChannelHandlerContext) {
        guard isPermitted(context.channel.remoteAddress) else {
            server.parts.logger.record(
                .spamdRefused(client: context.channel.remoteAddress?.ipAddress ?? ""))
            context.close(promise: nil)
            return
        }
        table.add(context.channel)
        schedule(context, in: time) { handler, context in
            let seconds = handler.server.limits.time / .seconds(1)
            handler.refuse(
                .timeout("(\(Int(seconds)) second socket timeout reading input from client)"),
                context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .receiving else { return }
        let bytes = unwrapInboundIn(data).readableBytesView
        guard server.memory.take(bytes.count) else {
            return refuse(.unavailable("too many large messages are in progress"), context)
        }
        held += bytes.count
        let wasHeader = reader.stage == .header
        do throws(SpamdFault) {
            if let request = try reader.read(bytes) {
                answer(request, context)
            } else if wasHeader, reader.stage == .body {
                table.enter(.body, context.channel)
            }
        } catch { refuse(error, context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        switch phase {
        case .receiving:
            do throws(SpamdFault) { answer(try reader.end(), context) } catch {
                refuse(error, context)
            }
        case .answering: break
        case .ending: context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        table.remove(context.channel)
        if phase != .answering { giveBack() }
        context.fireChannelInactive()
    }

    // MARK: Answers

    private func answer(_ request: SpamdRequest, _ context: ChannelHandlerContext) {
        phase = .answering
        table.enter(.answer, context.channel)
        deadline?.cancel()
        let client = context.channel.remoteAddress?.ipAddress ?? ""
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        // The reader's copy of the body goes now, the request's with the answer.
        reader = SpamdRequestReader(limit: 0)
        Task { [server] in
            let bytes = await server.answer(request, from: client)
            loop.execute { bound.value.handler.finish(bytes, bound.value.context) }
        }
    }

    private func finish(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        giveBack()
        phase = .ending
        guard context.channel.isActive else { return }
        send(bytes, context).whenComplete { [channel = context.channel] _ in
            channel.close(promise: nil)
        }
    }

    /// Answers a request that did not arrive as it should.
    private func refuse(_ fault: SpamdFault, _ context: ChannelHandlerContext) {
        giveBack()
        phase = .ending
        reader = SpamdRequestReader(limit: 0)
        table.enter(.answer, context.channel)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        send(server.refusal(fault), context).whenComplete { _ in
            bound.value.handler.linger(bound.value.context)
        }
    }

    /// Ends the answer, and drops what the client still sends.
    private func linger(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        schedule(context, in: SpamdHandler.patience) { _, context in context.close(promise: nil) }
    }

    /// Sends an answer; a client that does not read it is cut off.
    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        schedule(context, in: time) { _, context in context.close(promise: nil) }
        return context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
    }

    // MARK: Limits

    private func isPermitted(_ address: SocketAddress?) -> Bool {
        guard let text = address?.ipAddress else { return true }
        return server.limits.clients.contains { $0.contains(text) }
    }

    private func giveBack() {
        server.memory.giveBack(held)
        held = 0
    }

    private func schedule(
        _ context: ChannelHandlerContext, in time: TimeAmount,
        _ body: @escaping @Sendable (SpamdHandler, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) {
            body(bound.value.handler, bound.value.context)
        }
    }
}

@available(*, unavailable)
extension SpamdHandler: Sendable {}
