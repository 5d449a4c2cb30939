import TextCNN

/// Words that an explanation names together, with the sum of their windows' shares.
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
    package static func merged(_ windows: [LogitShares.Window]) -> [Stretch] {
        let sorted = windows.sorted {
            (abs($0.share), -$0.start, -$0.width) > (abs($1.share), -$1.start, -$1.width)
        }
        var stretches: [Stretch] = []
        // The stretch that each word belongs to, or -1.
        var owners = [Int](repeating: -1, count: windows.map { $0.start + $0.width }.max() ?? 0)
        for window in sorted {
            let words = window.start..<(window.start + window.width)
            // At most one stretch can have more than half of the words.
            let owner = words.map { owners[$0] }.first { owner in
                owner >= 0 && words.count { owners[$0] == owner } * 2 > window.width
            }
            if let owner {
                stretches[owner].share += window.share
                continue
            }
            for word in words where owners[word] < 0 { owners[word] = stretches.count }
            stretches.append(Stretch(words: words, share: window.share))
        }
        return stretches.sorted {
            (abs($0.share), -$0.words.lowerBound) > (abs($1.share), -$1.words.lowerBound)
        }
    }
}
