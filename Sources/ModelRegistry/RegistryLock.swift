import Glibc

/// The registry's `lock` file, which a process holds by flock(2) while it changes something.
///
/// The kernel releases it when the process dies.
enum RegistryLock {
    /// How often a held lock is tried again, in microseconds.
    private static let pause: UInt32 = 20_000

    /// Runs something while this process holds the lock.
    ///
    /// - Parameters:
    ///   - path: of the file, which is created.
    ///   - seconds: how long to wait for another process; 0 tries once.
    ///   - owner: who gets the file.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: ``Disk/StepError``, `EWOULDBLOCK` when another process holds the lock; and what
    ///   `body` throws.
    static func hold<Value>(
        _ path: String, waiting seconds: Double, owner: Disk.Owner?, _ body: () throws -> Value
    ) throws -> Value {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Disk.StepError(step: "open \(path)", number: errno) }
        defer { close(descriptor) }
        if let owner, owner.adopt(descriptor) != 0 {
            throw Disk.StepError(step: "give \(path) to its owner", number: errno)
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            guard number == EWOULDBLOCK, clock.now < end else {
                throw Disk.StepError(step: "lock \(path)", number: number)
            }
            usleep(pause)
        }
        return try body()
    }
}
