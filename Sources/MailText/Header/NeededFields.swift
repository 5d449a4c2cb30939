import ASCIIText

/// The header fields without which a message is read wrong: they are kept behind any number of
/// others, which would else hide how to read it.
public struct NeededFields: Sendable {
    private static let names: [StaticString] = [
        "content-type", "content-transfer-encoding", "content-disposition", "content-id",
        "mime-version", "subject", "from",
    ]
    /// How many fields of each name are kept.
    private static let most = 4

    /// How many of each name there were; empty up to the first, as in nearly all messages.
    private var counts: [Int] = []

    /// No field so far.
    public init() {}

    /// Whether a field with this name is one of them, and one of the first; counts it.
    public mutating func keeps(_ name: some Collection<UInt8>) -> Bool {
        guard let index = NeededFields.names.firstIndex(where: name.equalsIgnoringCase) else {
            return false
        }
        if counts.isEmpty { counts = NeededFields.names.map { _ in 0 } }
        counts[index] += 1
        return counts[index] <= NeededFields.most
    }
}
