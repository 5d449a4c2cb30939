import Dispatch
import Foundation
import PortLimits
import Testing

/// What keeps the requests of a port from taking all workers.
@Suite struct WorkLaneTests {
    @Test("A lane runs so many at once, lets so many wait and refuses the rest")
    func lane() async throws {
        let lane = WorkLane(width: 1, queue: 1, name: "test", isPatient: false)
        let release = DispatchSemaphore(value: 0)
        let started = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await lane.run {
                    started.signal()
                    release.wait()
                    return 1
                }
            }
            await withCheckedContinuation { continuation in
                Thread {
                    started.wait()
                    continuation.resume()
                }.start()
            }
            for _ in 0..<2 {
                group.addTask {
                    do { return try await lane.run { 2 } } catch is WorkLane.Full {
                        release.signal()
                        return 503
                    }
                }
            }
            var results: [Int] = []
            for try await result in group { results.append(result) }
            #expect(results.sorted() == [1, 2, 503])
        }
    }
}
