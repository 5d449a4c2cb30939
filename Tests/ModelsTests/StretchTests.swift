import Models
import Testing

@Suite struct StretchTests {
    private func window(_ start: Int, _ width: Int, _ share: Double) -> Stretch {
        Stretch(words: start..<(start + width), share: share)
    }

    private func merged(_ windows: [(Int, Int, Double)]) -> [Stretch] {
        Stretch.merged(windows.map { window($0.0, $0.1, $0.2) })
    }

    @Test("No windows, no stretches")
    func none() { #expect(merged([]).isEmpty) }

    @Test(
        "A window joins the stronger stretch that has more than half of its words",
        arguments: [
            // All of it, two of three, and one of two, which is not more than half.
            ([(0, 3, 2.0), (1, 2, 1.0)], [(0..<3, 3.0)]),
            ([(0, 3, 2.0), (1, 3, 1.0)], [(0..<3, 3.0)]),
            ([(0, 2, 2.0), (1, 2, 1.0)], [(0..<2, 2.0), (1..<3, 1.0)]),
            ([(0, 3, 2.0), (2, 3, 1.0)], [(0..<3, 2.0), (2..<5, 1.0)]),
            // The stronger window's words count, not the wider one's.
            ([(0, 5, 1.0), (1, 2, 2.0)], [(1..<3, 2.0), (0..<5, 1.0)]),
            (
                [(0, 1, 1.0), (5, 1, 3.0), (9, 2, -2.0)],
                [(5..<6, 3.0), (9..<11, -2.0), (0..<1, 1.0)]
            ),
            // Opposite shares are added, too.
            ([(0, 2, 2.5), (0, 1, -2.0)], [(0..<2, 0.5)]),
        ] as [([(Int, Int, Double)], [(Range<Int>, Double)])])
    func joins(_ windows: [(Int, Int, Double)], _ expected: [(Range<Int>, Double)]) {
        #expect(merged(windows) == expected.map { Stretch(words: $0.0, share: $0.1) })
    }

    @Test("Shares are kept, and the largest come first", arguments: 1...5)
    func sums(seed: Int) {
        let windows = (0..<40).map { index in
            let mixed = (index * 37 + seed * 11) % 23
            return window(mixed, 1 + index % 4, Double(mixed * index % 7) - 3)
        }
        let stretches = Stretch.merged(windows)
        let sum = windows.reduce(0) { $0 + $1.share }
        #expect(abs(stretches.reduce(0) { $0 + $1.share } - sum) < 1e-9)
        #expect(zip(stretches, stretches.dropFirst()).allSatisfy { abs($0.share) >= abs($1.share) })
    }

    @Test("Of equal shares the first in the text comes first")
    func ties() {
        #expect(merged([(7, 1, 1), (3, 1, -1), (5, 1, 1)]).map(\.words.lowerBound) == [3, 5, 7])
    }
}
