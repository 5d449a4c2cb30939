import NIOCore
import NIOPosix
import PortLimits
import ServiceLifecycle

/// The spamd port as a service on sockets that listen already.
public struct SpamdService: Service {
    private let server: SpamdServer
    private let descriptors: [Int32]

    /// An event loop only moves bytes and reads fields.
    private static let loops = 1
    /// From one look at the open connections to the next, while the port stops.
    private static let look = Duration.milliseconds(20)

    /// A service.
    ///
    /// - Parameters:
    ///   - server: answers.
    ///   - descriptors: of listening sockets, which the service closes when it ends.
    public init(_ server: SpamdServer, descriptors: [Int32]) {
        self.server = server
        self.descriptors = descriptors
    }

    /// Serves until the service group stops; then answers what has arrived.
    public func run() async throws {
        guard !descriptors.isEmpty else {
            try? await gracefulShutdown()
            return
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: SpamdService.loops)
        let table = ConnectionTable(connections: server.limits.connections)
        var listening: [any Channel] = []
        for descriptor in descriptors {
            listening.append(try await listen(descriptor, group, table))
        }
        try? await gracefulShutdown()
        for channel in listening { try? await channel.close() }
        let end = ContinuousClock.now + server.limits.time
        while table.closeWaiting(), ContinuousClock.now < end {
            try? await Task.sleep(for: SpamdService.look)
        }
        try? await group.shutdownGracefully()
    }

    private func listen(
        _ descriptor: Int32, _ group: MultiThreadedEventLoopGroup, _ table: ConnectionTable
    ) async throws -> any Channel {
        let server = server
        return try await ServerBootstrap(group: group)
            // One at a time, so that the limit is kept.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptLimit(server.limits.connections))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        SpamdHandler(server, table: table))
                }
            }
            .withBoundSocket(descriptor).get()
    }
}
