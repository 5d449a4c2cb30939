import Feedback
import Foundation

/// Measures a store: `feedback-probe bench STORE COUNT` prints a line a figure.
///
/// COUNT labels are given one by one, ten times as many by the thousand; each has 3.8 kB of
/// features, as a long message has. Then all are replayed three times, and a history of as many
/// entries is written by the hundred.
struct StoreBench {
    let store: any FeedbackStore
    let count: Int

    func run() throws {
        var times: [Double] = []
        for number in 0..<count {
            times.append(try seconds { _ = try store.add([label(number)]) })
        }
        times.sort()
        show("one by one, labels a second", Double(count) / times.reduce(0, +))
        show("one by one, median ms", 1_000 * times[count / 2])
        show("one by one, p99 ms", 1_000 * times[count * 99 / 100])
        let total = 10 * count
        let batches = try seconds {
            for start in stride(from: 0, to: total, by: 1_000) {
                let end = min(start + 1_000, total)
                _ = try store.add((start..<end).map { try label(count + $0) })
            }
        }
        show("by the thousand, labels a second", Double(total) / batches)
        var replayed = 0
        let replays = try (0..<3).map { _ in
            try seconds {
                replayed = 0
                _ = try store.replay(withPayload: false) { _ in replayed += 1 }
            }
        }
        show("replay of \(replayed) labels, fastest of 3, ms", 1_000 * (replays.min() ?? 0))
        let asking = try seconds { for _ in 0..<1_000 { _ = try store.revision() } }
        show("revision, µs", 1_000 * asking)
        let history = try seconds {
            for start in stride(from: 0, to: count, by: 100) {
                _ = try store.appendHistory(
                    (start..<min(start + 100, count)).map { try entry($0) })
            }
        }
        show("history by the hundred, entries a second", Double(count) / history)
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func show(_ name: String, _ value: Double) {
        print(String(format: "%@: %.3f", name, value))
    }

    private static let features = LabelFeatures(
        version: 1, bytes: (0..<3_800).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    private static let score = MessageScore(
        verdict: "ham", probability: 0.5, modelID: "m", modelLogit: 0)

    private func digest(_ number: Int) -> MessageDigest {
        let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
        return MessageDigest(bytes + [UInt8](repeating: 7, count: 24)) ?? .zero
    }

    private func label(_ number: Int) throws -> NewLabel {
        NewLabel(
            digest: digest(number), labelClass: number % 2 == 0 ? .spam : .ham, source: .admin,
            way: .command, time: 1_800_000_000, score: StoreBench.score,
            features: StoreBench.features, nearDuplicateKey: UInt64(number))
    }

    private func entry(_ number: Int) throws -> HistoryEntry {
        HistoryEntry(
            time: 1_800_000_000, digest: digest(number), queueID: "Q\(number)",
            senderDomain: "example.net", score: StoreBench.score, action: "accept",
            features: StoreBench.features)
    }
}
