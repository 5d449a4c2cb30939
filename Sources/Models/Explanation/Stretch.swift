/// Consecutive words and what they add to the logit: one window of the network's filters, or
/// several that an explanation names together.
package struct Stretch: Equatable, Sendable {
    /// Indices of the message's ids.
    package var words: Range<Int>
    package var share: Double

    package init(words: Range<Int>, share: Double) {
        self.words = words
        self.share = share
    }

    /// Adds up windows that overlap, since filters of several widths look at the same words: a
    /// window more than half of whose words belong to a stronger one's stretch joins that stretch.
    ///
    /// - Returns: the largest shares first, whatever their sign.
    package static func merged(_ windows: [Stretch]) -> [Stretch] {
        let sorted = windows.sorted {
            (abs($0.share), -$0.words.lowerBound, -$0.words.count)
                > (abs($1.share), -$1.words.lowerBound, -$1.words.count)
        }
        var stretches: [Stretch] = []
        // The stretch that each word belongs to, or -1.
        var owners = [Int](repeating: -1, count: windows.map(\.words.upperBound).max() ?? 0)
        for window in sorted {
            let words = window.words
            // At most one stretch can have more than half of the words.
            let owner = words.map { owners[$0] }.first { owner in
                owner >= 0 && words.count { owners[$0] == owner } * 2 > words.count
            }
            if let owner {
                stretches[owner].share += window.share
                continue
            }
            for word in words where owners[word] < 0 { owners[word] = stretches.count }
            stretches.append(window)
        }
        return stretches.sorted {
            (abs($0.share), -$0.words.lowerBound) > (abs($1.share), -$1.words.lowerBound)
        }
    }
}
