import Foundation
import Testing

@testable import TextCNN

@Suite struct LinearTermTests {
    /// The bucket of a word or pair, as `docs/model.md` and the code's comments describe it.
    static func bucket(_ ids: ArraySlice<Int32>, bits: Int) -> Int {
        let words = ids.map { UInt64($0) + 1 }
        let hash = words.count == 1 ? words[0] : words[0] &* 1_099_511_628_211 ^ (words[1] + 7_919)
        return Int((hash &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
    }

    /// The distinct buckets of a message's words and pairs.
    static func buckets(_ ids: [Int32], bits: Int) -> Set<Int> {
        var buckets = Set(ids.indices.map { bucket(ids[$0...$0], bits: bits) })
        for index in ids.indices.dropLast() {
            buckets.insert(bucket(ids[index...(index + 1)], bits: bits))
        }
        return buckets
    }

    @Test(
        "The logit is the mean of the distinct words' and pairs' weights, by their rarity",
        arguments: [[], [5], [5, 5, 5], [1, 2, 3, 2, 3, 9, 1, 2]] as [[Int32]], [8, 10, 18])
    func formula(_ ids: [Int32], bits: Int) {
        let term = Fixture.term(bits: bits)
        let buckets = LinearTermTests.buckets(ids, bits: bits)
        let length = buckets.reduce(0.0) { $0 + pow(Double(term.rarity[$1]), 2) }.squareRoot()
        let sum = buckets.reduce(0.0) {
            $0 + Double(term.weights[$1]) * Double(term.rarity[$1])
        }
        let expected = 0.25 + (buckets.isEmpty ? 0 : sum / length)
        #expect(abs(Double(term.logit(ids)) - expected) < 1e-5)
    }

    @Test("A word written a thousand times says no more than two of it")
    func repetition() {
        let term = Fixture.term()
        let many = [Int32](repeating: 7, count: 1_000)
        #expect(term.logit(many) == term.logit([7, 7]))
    }

    @Test("Each bucket is listed once, in the order of its first word or pair")
    func order() {
        func bucket(_ ids: Int32...) -> UInt32 {
            UInt32(LinearTermTests.bucket(ids[...], bits: 18))
        }
        #expect(
            LinearTerm.buckets(of: [4, 9, 4, 9], bits: 18)
                == [bucket(4), bucket(4, 9), bucket(9), bucket(9, 4)])
        #expect(LinearTerm.buckets(of: [], bits: 18).isEmpty)
    }

    @Test("The windows are the words and pairs at their first occurrence, and add up to the logit")
    func windows() {
        let term = Fixture.term(bits: 18)
        let windows = term.windows([4, 9, 4, 9], [0..<4])
        #expect(windows.map(\.start) == [0, 0, 1, 1] && windows.map(\.width) == [1, 2, 1, 2])
        let sum = windows.reduce(Double(term.bias)) { $0 + $1.share }
        #expect(abs(sum - Double(term.logit([4, 9, 4, 9]))) < 1e-5)
    }

    @Test("A word without weight has no window")
    func zeroWeight() {
        var weights = [Float](repeating: 0, count: 256)
        weights[LinearTermTests.bucket([3], bits: 8)] = 2
        let term = LinearTerm(
            weights: weights, rarity: [Float](repeating: 1, count: 256), bias: 0)
        let windows = term.windows([5, 3], [0..<2])
        #expect(windows.map(\.start) == [1] && windows.map(\.width) == [1])
        // Three buckets of length 1 each: the share is 2 / √3.
        #expect(abs(windows[0].share - 2 / 3.0.squareRoot()) < 1e-6)
    }

    @Test("A scaled term has a scaled logit", arguments: [0, 0.4, -2] as [Float])
    func scaled(factor: Float) {
        let term = Fixture.term()
        let ids: [Int32] = [3, 8, 8, 1]
        #expect(abs(term.scaled(by: factor).logit(ids) - factor * term.logit(ids)) < 1e-5)
    }

    @Test("A term reads back from its tensors")
    func named() {
        let term = Fixture.term(bits: 9)
        let read = LinearTerm(bits: 9) { name, dimensions in
            term.named.first { $0.name == name && $0.dimensions == dimensions }?.values ?? []
        }
        #expect(read == term)
    }
}
