import Dispatch
import Synchronization

/// Work shared out over all cores with results in order.
enum Parallel {
    /// `transform` of each item, in the order of the items. It runs on several threads at once.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ transform: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        let block = 32
        let blocks = (items.count + block - 1) / block
        let slots = Mutex<[[Result]]>(Array(repeating: [], count: blocks))
        DispatchQueue.concurrentPerform(iterations: blocks) { index in
            let part = items[(index * block)..<min((index + 1) * block, items.count)]
            let results = part.map(transform)
            slots.withLock { $0[index] = results }
        }
        return slots.withLock { Array($0.joined()) }
    }
}
