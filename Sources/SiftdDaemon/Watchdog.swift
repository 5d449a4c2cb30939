import Dispatch
import Models
import Scoring
import ServiceLifecycle
import SpamFilter

/// Gives signs of life to the service manager while messages can be scored, until the group stops.
///
/// A daemon whose workers hang is restarted.
struct Watchdog: Service {
    let manager: ServiceManager
    let pool: ScoringPool
    let live: LiveConfiguration

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await feed() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    private func feed() async {
        guard let interval = manager.watchdogInterval else { return }
        while !Task.isCancelled {
            let before = pool.batchesDone
            if await isScoring(within: interval) || pool.batchesDone != before {
                manager.isAlive()
            }
            try? await Task.sleep(for: interval)
        }
    }

    /// Whether an empty message gets its score.
    ///
    /// On a full queue it does not, and then only batches that workers finish meanwhile tell load
    /// from a fault.
    private func isScoring(within interval: Duration) async -> Bool {
        guard let model = live.snapshot.model else { return true }
        let result = await pool.score([], with: model, deadline: .after(interval))
        if case .success = result { return true }
        try? await Task.sleep(for: interval / 4)
        return false
    }
}
