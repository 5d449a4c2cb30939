import Foundation
import Synchronization

/// Keeps the input with the highest cost a byte, so that a quadratic case shows even when it is far
/// from any time limit.
final class SlowestInput: Sendable {
    private struct Record {
        var nanosecondsPerByte = 0.0
    }

    /// Minimum size: the cost of shorter inputs is fixed work and not their bytes.
    private static let shortest = 4_096
    private let record = Mutex(Record())
    private let path: String

    /// - Parameter path: the file that the slowest input is written to.
    init(path: String) { self.path = path }

    func measure(_ input: [UInt8], _ work: () -> Void) {
        guard input.count >= SlowestInput.shortest else { return work() }
        let start = cpuNanoseconds()
        work()
        let cost = Double(cpuNanoseconds() - start) / Double(input.count)
        let isSlowest = record.withLock { record in
            guard cost > record.nanosecondsPerByte else { return false }
            record.nanosecondsPerByte = cost
            return true
        }
        guard isSlowest else { return }
        try? Data(input).write(to: URL(fileURLWithPath: path))
        print("slowest so far: \(Int(cost)) ns a byte, \(input.count) bytes")
    }

    /// CPU time of this thread.
    private func cpuNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
