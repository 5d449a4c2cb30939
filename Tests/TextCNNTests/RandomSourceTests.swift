import Testing

@testable import TextCNN

@Suite struct RandomSourceTests {
    private func first<Value>(
        _ count: Int, seed: UInt64 = 1, _ draw: (inout RandomSource) -> Value
    ) -> [Value] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in draw(&random) }
    }

    @Test("The same seed gives the same numbers, and models of old seeds can be trained again")
    func sequence() {
        #expect(first(3) { $0.next() } == first(3) { $0.next() })
        #expect(first(3) { $0.next() } != first(3, seed: 2) { $0.next() })
        // SplitMix64 from the state 1 · 0x9E3779B97F4A7C15 + 0x123456789ABCDEF1.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
        for number in first(5, { $0.next() }) {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            #expect(number == z ^ (z >> 31))
        }
    }

    @Test("Uniform numbers fill 0..<1 evenly")
    func uniform() {
        let numbers = first(10_000) { $0.nextUniform() }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        for tenth in 0..<10 {
            let count = numbers.count { Int($0 * 10) == tenth }
            #expect((850...1_150).contains(count))
        }
    }

    @Test("Normal numbers have mean 0, deviation 1, and no number that is not finite")
    func normal() {
        let numbers = first(10_000) { $0.nextNormal() }
        let mean = numbers.reduce(0, +) / 10_000
        let square = numbers.reduce(0) { $0 + $1 * $1 } / 10_000
        #expect(abs(mean) < 0.05 && abs(square - 1) < 0.06)
        #expect(numbers.allSatisfy { $0.isFinite })
    }

    @Test("An index is below its bound, and each occurs", arguments: [1, 2, 3, 7, 100])
    func index(bound: Int) {
        let indices = first(bound * 30) { $0.nextIndex(below: bound) }
        #expect(Set(indices) == Set(0..<bound))
    }

    @Test("A shuffle is a permutation, and each element gets everywhere", arguments: [0, 1, 2, 5])
    func shuffle(count: Int) {
        var random = RandomSource(seed: 1)
        var positions: [Set<Int>] = Array(repeating: [], count: count)
        for _ in 0..<200 {
            var items = Array(0..<count)
            random.shuffle(&items)
            #expect(items.sorted() == Array(0..<count))
            for (index, item) in items.enumerated() { positions[item].insert(index) }
        }
        #expect(positions.allSatisfy { $0.count == count })
    }
}
