import Glibc

/// A moment until which something is waited for.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(seconds: Double) { end = ContinuousClock.now + .seconds(seconds) }

    /// What is left, in milliseconds for poll(2); 0 when the moment has passed.
    var milliseconds: Int32 {
        let left = (end - ContinuousClock.now) / .milliseconds(1)
        return left <= 0 ? 0 : Int32(min(left.rounded(.up), Double(Int32.max)))
    }
}

/// Waits for a socket.
enum SocketWait {
    /// Waits until a socket has one of these events.
    ///
    /// - Parameters:
    ///   - descriptor: the socket.
    ///   - events: `POLLIN`, `POLLOUT` or both.
    ///   - deadline: the moment to give up.
    /// - Returns: the events there are, an error's included; none when the deadline passed.
    static func events(_ descriptor: Int32, _ events: Int32, until deadline: Deadline) -> Int32 {
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let left = deadline.milliseconds
            let count = poll(&entry, 1, left)
            if count > 0 { return Int32(entry.revents) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return Int32(POLLERR) }
            if deadline.milliseconds == 0 { return 0 }
        }
    }
}
