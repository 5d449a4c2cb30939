/// How many labels of each class a mark of a sender has, for the explanation.
struct SenderCounts: Sendable, Equatable {
    /// The labels of one mark.
    struct Count: Sendable, Equatable {
        var ham: UInt32 = 0
        var spam: UInt32 = 0
    }

    /// By the upper byte of the hash, so that a label copies a few small tables after the counts
    /// were shared, not one large one.
    private(set) var shards = [[UInt32: Count]](repeating: [:], count: 256)

    /// The labels of a mark.
    subscript(hash: UInt32) -> Count {
        get { shards[Int(hash >> 24)][hash] ?? Count() }
        set { shards[Int(hash >> 24)][hash] = newValue }
    }

    mutating func add(_ sender: [UInt32], _ label: SiteLabel.Class) {
        for hash in sender {
            if label == .ham { self[hash].ham += 1 } else { self[hash].spam += 1 }
        }
    }
}
