import Glibc

/// How long a message may still be read. CPU time of the reading thread, so that a busy machine does
/// not change what is read of a message.
struct ReadingClock {
    private let end: UInt64

    init(_ limits: MailLimits) {
        end = ReadingClock.now + UInt64(max(0, min(limits.seconds, 1e6)) * 1e9)
    }

    /// True when the time is up. Costs a system call: ask once for many bytes.
    var isOver: Bool { ReadingClock.now > end }

    /// Nanoseconds.
    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
