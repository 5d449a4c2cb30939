import Foundation
import Milter
import ServiceLifecycle

/// Keeps the milter up until the group stops, then drains it.
///
/// If libmilter ends by itself the whole daemon ends: one that judges no mail must not look alive.
struct MilterService: Service {
    let milter: MilterServer
    /// Drains and stops; blocks.
    let stop: @Sendable () -> Void

    func run() async throws {
        let isOrderly = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await gracefulShutdown()
                return true
            }
            group.addTask {
                await milter.ended()
                return false
            }
            let first = await group.next() ?? false
            if first {
                await withCheckedContinuation { continuation in
                    Thread { continuation.resume(returning: stop()) }.start()
                }
            }
            group.cancelAll()
            return first
        }
        if !isOrderly {
            throw MilterServer.StartError(reason: "libmilter ended by itself; the log says why")
        }
    }
}
