import Foundation

/// The socket on which a service manager receives the messages of a daemon (sd_notify(3)).
public final class NotifySocket {
    /// Value for the daemon's `NOTIFY_SOCKET`.
    public let path: String
    private let descriptor: Int32

    /// Opens the socket.
    public init(path: String) throws {
        self.path = path
        descriptor = try UnixSocket.listen(path, datagrams: true)
    }

    deinit { close(descriptor) }

    /// Waits for the next message; nil when none arrives in time.
    public func next(seconds: Double) -> String? {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, Int32(seconds * 1_000)) == 1 else { return nil }
        return (try? UnixSocket.readSome(descriptor)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Waits for the next message that begins with a text, and drops others before it; nil when
    /// none arrives in time.
    public func next(_ start: String, seconds: Double) -> String? {
        let end = Date() + seconds
        while let message = next(seconds: max(0, end.timeIntervalSinceNow)) {
            if message.hasPrefix(start) { return message }
        }
        return nil
    }
}
