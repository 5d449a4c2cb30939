import Foundation

/// What a service manager listens on (sd_notify(3)): the messages that a daemon sends, one after the
/// other.
public final class NotifySocket {
    public let path: String
    private let descriptor: Int32

    public init(path: String) throws {
        self.path = path
        descriptor = try UnixSocket.listen(path, datagrams: true)
    }

    deinit { close(descriptor) }

    /// Waits for the next message; nil when none comes.
    public func next(seconds: Double) -> String? {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, Int32(seconds * 1_000)) == 1 else { return nil }
        return (try? UnixSocket.readSome(descriptor)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The next message that begins so; others before it are let go.
    public func next(_ start: String, seconds: Double) -> String? {
        let end = Date() + seconds
        while let message = next(seconds: max(0, end.timeIntervalSinceNow)) {
            if message.hasPrefix(start) { return message }
        }
        return nil
    }
}
