import Foundation
import Synchronization

/// A shared store whose changes of labels wait on this host while the database is away.
///
/// Labels that are given, removed or confirmed go to the database at once if it answers and nothing
/// waits; else they are kept on this host's disk and delivered later, in their order and each once
/// (``SpoolDelivery``). Everything else fails while the database is away, at once.
public final class SpooledFeedbackStore: ForwardingFeedbackStore {
    /// The database.
    public let shared: PostgreSQLFeedbackStore
    /// What waits for it.
    public let spool: LabelSpool
    /// Brings the spool to the database.
    public let delivery: SpoolDelivery
    private let lastNewLabels = Atomic(0)

    /// The database.
    public var base: any FeedbackStore { shared }

    /// A store.
    ///
    /// - Parameters:
    ///   - shared: the database.
    ///   - spool: on this host's disk.
    ///   - report: called for each delivery, on a queue.
    public init(
        _ shared: PostgreSQLFeedbackStore, spool: LabelSpool,
        report: @escaping @Sendable (SpoolDelivery.Event) -> Void = { _ in }
    ) {
        self.shared = shared
        self.spool = spool
        delivery = SpoolDelivery(from: spool, to: shared, report: report)
    }

    /// Stores labels, or keeps them until the database is back.
    public func add(_ labels: [NewLabel]) throws(FeedbackError) -> [LabelReceipt] {
        guard !labels.isEmpty else { return [] }
        if case .receipts(let receipts)? = try perform(.add(labels)) {
            lastNewLabels.store(receipts.last?.newLabels ?? 0, ordering: .relaxed)
            return receipts
        }
        let newLabels = lastNewLabels.load(ordering: .relaxed)
        return labels.map {
            LabelReceipt(outcome: .kept, digest: $0.digest, newLabels: newLabels)
        }
    }

    /// Labels a message of the history, or keeps the label until the database is back.
    public func add(_ label: HistoryLabel) throws(FeedbackError) -> LabelReceipt {
        if case .receipts(let receipts)? = try perform(.addOfHistory(label)),
            let receipt = receipts.first
        {
            return receipt
        }
        return LabelReceipt(
            outcome: .kept, newLabels: lastNewLabels.load(ordering: .relaxed))
    }

    /// Removes labels, or does so when the database is back.
    public func remove(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try change(.remove(selection))
    }

    /// Lets held labels count, or does so when the database is back.
    public func confirm(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try change(.confirm(selection))
    }

    private func change(_ change: StoreOperation.Change) throws(FeedbackError) -> LabelRemoval {
        if case .removal(let removal)? = try perform(change) { return removal }
        var removal = LabelRemoval(
            count: 0, active: 0, newLabels: lastNewLabels.load(ordering: .relaxed), revision: 0)
        removal.isKept = true
        return removal
    }

    /// Does it now, or keeps it.
    ///
    /// - Returns: nil if it is kept.
    private func perform(
        _ change: StoreOperation.Change
    ) throws(FeedbackError) -> StoreOperation.Answer? {
        let operation = StoreOperation(change, time: Int64(Date().timeIntervalSince1970))
        if let defect = operation.defect {
            throw FeedbackError(.invalid, store: shared.address, reason: defect)
        }
        // What comes now must not overtake what waits.
        if try spool.isEmpty() {
            do { return try shared.perform(operation) } catch {
                guard error.mayPass else { throw error }
                // The answer may be lost and the operation done: the same one is delivered again.
            }
        }
        try spool.append(operation)
        delivery.wake()
        return nil
    }
}

extension FeedbackError {
    /// Whether the same may succeed later, without a change to what was asked.
    public var mayPass: Bool {
        switch kind {
        case .unavailable, .busy, .full: true
        default: false
        }
    }
}
