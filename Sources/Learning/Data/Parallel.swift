import Dispatch
import Synchronization

/// Work that all cores share, with results in order.
enum Parallel {
    /// Items that a thread takes at once: enough that the lock costs nothing, few enough that all
    /// cores end at about the same time.
    private static let block = 32

    /// Applies `transform` to each item, on several threads at once.
    ///
    /// - Parameters:
    ///   - items: any number.
    ///   - transform: called once for each item, on any thread.
    /// - Returns: the results in the order of the items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ transform: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
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
