import TextCNN

/// The held-out mail that thresholds are chosen on.
///
/// Some ten ham messages decide where a threshold lies, so one with a wrong label, or one that
/// arrived four times, moves it. Messages of doubtful label are left out, and of ham that is nearly
/// the same one message counts.
struct ThresholdMail {
    /// The probability of spam of each message that counts, and whether it is spam.
    let scored: [(probability: Double, isSpam: Bool)]

    /// The ham that is compared: that with the highest probabilities, several times as much as a
    /// threshold lets pass of the largest corpora.
    private static let compared = 200
    /// The share of two messages' distinct tokens that both have, from which on they are one: the
    /// splits of corpora are drawn by about as much.
    private static let similarity = 0.6

    /// Chooses among the messages of dev.
    ///
    /// - Parameters:
    ///   - entries: the messages, and the probability of each.
    ///   - doubtful: paths of messages whose label is doubtful.
    init(_ entries: [(entry: EncodedData.Entry, probability: Double)], doubtful: Set<String>) {
        let sure = entries.filter { !doubtful.contains($0.entry.item.path) }
        let ham = sure.filter { !$0.entry.item.isSpam }.sorted { $0.probability > $1.probability }
        var kept: [Set<Int32>] = []
        var counted = ham.dropFirst(ThresholdMail.compared).map(\.probability)
        for message in ham.prefix(ThresholdMail.compared) {
            let tokens = Set(message.entry.example.ids)
            guard !kept.contains(where: { ThresholdMail.areAlike($0, tokens) }) else { continue }
            kept.append(tokens)
            counted.append(message.probability)
        }
        scored =
            counted.map { ($0, false) }
            + sure.filter(\.entry.item.isSpam).map { ($0.probability, true) }
    }

    private static func areAlike(_ one: Set<Int32>, _ other: Set<Int32>) -> Bool {
        let common = one.count { other.contains($0) }
        return Double(common) >= similarity * Double(one.count + other.count - common)
    }
}
