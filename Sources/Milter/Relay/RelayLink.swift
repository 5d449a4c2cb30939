import Glibc

/// The connection of an MTA and the connection to libmilter that it is joined with.
///
/// Closes both at its end.
final class RelayLink {
    let client: Int32
    let filter: Int32
    private var toFilter: RelayPipe
    private var toClient: RelayPipe

    init(client: Int32, filter: Int32, isTCP: Bool) {
        self.client = client
        self.filter = filter
        toFilter = RelayPipe(from: client, to: filter, isFromMTA: true, isTCP: isTCP)
        toClient = RelayPipe(from: filter, to: client, isFromMTA: false, isTCP: isTCP)
        if isTCP {
            SocketOption.enable(TCP_NODELAY, level: Int32(IPPROTO_TCP), on: client)
            SocketOption.enable(TCP_QUICKACK, level: Int32(IPPROTO_TCP), on: client)
            // Without it, an MTA that vanished would never be noticed; with it, after two hours.
            SocketOption.enable(SO_KEEPALIVE, level: SOL_SOCKET, on: client)
        }
    }

    deinit {
        close(client)
        close(filter)
    }

    /// Number of bytes of both directions that were read but not passed on yet.
    var bufferedBytes: Int { toFilter.bufferedBytes + toClient.bufferedBytes }

    /// Passes on what can be in both directions; `broken` when the connections are to be closed.
    func pump() -> RelayPipe.Progress {
        switch (toFilter.pump(), toClient.pump()) {
        case (.broken, _), (_, .broken): .broken
        // libmilter sends nothing more once it closed, and reads nothing either.
        case (_, .ended): .broken
        case (.more, _), (_, .more): .more
        default: .blocked
        }
    }
}
