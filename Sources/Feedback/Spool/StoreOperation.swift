import Foundation

/// A change of labels that is done once, however often it is delivered.
public struct StoreOperation: Sendable, Equatable {
    /// What is changed.
    public enum Change: Sendable, Equatable {
        /// These labels are stored, all or none, in their order.
        case add([NewLabel])
        /// A message of the history is labelled.
        case addOfHistory(HistoryLabel)
        /// Labels are removed as if they had never been given.
        case remove(LabelSelection)
        /// Labels over their source's quota count.
        case confirm(LabelSelection)
    }

    /// What an operation did.
    public enum Answer: Sendable, Equatable {
        /// Labels were given; a receipt for each.
        case receipts([LabelReceipt])
        /// Labels were removed or confirmed.
        case removal(LabelRemoval)
        /// It was done before.
        case repeated

        /// Whether a label was given by an entry that the history no longer has.
        var isWithoutMessage: Bool {
            guard case .receipts(let receipts) = self else { return false }
            return receipts.contains { $0.outcome == .notInHistory }
        }
    }

    /// By which it is known again.
    public var id: UUID
    /// When it was asked for, in seconds since 1970.
    public var time: Int64
    /// What is changed.
    public var change: Change

    /// An operation.
    public init(_ change: Change, id: UUID = UUID(), time: Int64) {
        self.id = id
        self.time = time
        self.change = change
    }

    /// How many labels it gives.
    public var labelCount: Int {
        switch change {
        case .add(let labels): labels.count
        case .addOfHistory: 1
        case .remove, .confirm: 0
        }
    }

    /// The first value that is out of bounds, in words; nil for an operation that can be done.
    var defect: String? {
        switch change {
        case .add(let labels): labels.lazy.compactMap(\.defect).first
        case .addOfHistory(let label): label.defect
        case .remove, .confirm: nil
        }
    }
}

extension HistoryLabel {
    /// The first value that is out of bounds, in words; nil for a label that can be stored.
    var defect: String? {
        let score = MessageScore(verdict: "", probability: 0, modelID: "", modelLogit: 0)
        return NewLabel(
            digest: .zero, labelClass: labelClass, source: source, way: way, time: time,
            weight: weight, score: score, features: LabelFeatures(version: 0, bytes: [])
        ).defect
    }
}
