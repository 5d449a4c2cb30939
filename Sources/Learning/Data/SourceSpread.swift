/// How evenly a word, or a pair of words, occurs over the data sets of a training run.
///
/// Names of senders, signatures and footers occur in one collection of mail and tell which one a
/// message is from. A model would learn that, and would know nothing of other mail. What occurs in
/// several collections about equally often says more of mail as such.
struct SourceSpread {
    /// Sets with fewer messages count as if they had this many: a word in one of five messages is
    /// not frequent.
    private static let leastMessages = 20

    /// The messages of each data set, by its number.
    private let sizes: [Int]

    /// The data sets of some messages.
    ///
    /// - Parameter sources: The number of each message's data set.
    init(_ sources: [Int32]) {
        var sizes = [Int](repeating: 0, count: Int(sources.max() ?? 0) + 1)
        for source in sources { sizes[Int(source)] += 1 }
        self.sizes = sizes
    }

    /// The number of data sets that would have as much of a word if all had it equally often:
    /// `(Σ r)² / Σ r²`, r being the share of a data set's messages that have it.
    ///
    /// - Parameter counts: The messages with the word, by data set; absent ones at the end are 0.
    /// - Returns: From 1, for one data set, to their number; 0 for no messages.
    func spread(of counts: [Int32]) -> Double {
        var sum = 0.0
        var squares = 0.0
        for (source, count) in counts.enumerated() where count > 0 {
            let rate = Double(count) / Double(max(sizes[source], SourceSpread.leastMessages))
            sum += rate
            squares += rate * rate
        }
        return squares > 0 ? sum * sum / squares : 0
    }
}
