import Glibc

/// Measures how long the reading of a message has taken.
///
/// It counts CPU time of the reading thread, so that the load of the machine does not change how
/// much of a message is read. Ask it on the thread that created it.
struct ReadingClock {
    private let end: UInt64

    /// A longer limit than this means none; it keeps the sum of nanoseconds in range.
    private static let longestSeconds = 1e6

    init(_ limits: MailLimits) {
        end =
            ReadingClock.now
            + UInt64(max(0, min(limits.seconds, ReadingClock.longestSeconds)) * 1e9)
    }

    /// True when the time is up; it costs a system call, so ask once for many bytes.
    var isOver: Bool { ReadingClock.now > end }

    /// CPU time of this thread in nanoseconds.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
