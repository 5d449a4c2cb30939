import Foundation
import Testing

@testable import TextCNN

@Suite struct FactTermTests {
    private static let term = FactTerm(
        weights: [5: -0.75, 6: -0.5, 7: 0.25, 8: 2, 9: 0], unread: [6], bound: 1)

    @Test(
        "Facts add their weights, and lower a logit by no more than the bound",
        arguments: [
            ([], 0), ([4], 0), ([5], -0.75), ([5, 6], -1), ([5, 6, 7], -1), ([5, 7, 4], -0.5),
            ([6, 8, 9], 1.5),
        ] as [([Int32], Float)])
    func sum(_ facts: [Int32], _ expected: Float) {
        #expect(FactTermTests.term.sum(facts) == expected)
        let shares = FactTermTests.term.shares(facts)
        #expect(abs(shares.reduce(0) { $0 + $1.share } - expected) < 1e-6)
        #expect(shares.map { facts[$0.index] } == facts.filter { $0 != 4 })
        // The bound takes nothing from what raises the logit, and turns no sign.
        for share in shares {
            let weight = FactTermTests.term.weights[facts[share.index]] ?? 0
            #expect(weight < 0 ? (weight...0).contains(share.share) : share.share == weight)
        }
    }

    @Test("A term is written and read")
    func coding() throws {
        let written = try JSONEncoder().encode(FactTermTests.term)
        #expect(try JSONDecoder().decode(FactTerm.self, from: written) == FactTermTests.term)
    }

    @Test(
        "A term whose ids and weights don't belong together can't be read",
        arguments: [
            "{\"ids\": [1], \"weights\": [], \"bound\": 1}",
            "{\"ids\": [1, 1], \"weights\": [0, 0], \"bound\": 1}",
            "{\"ids\": [], \"weights\": []}",
        ])
    func malformed(_ json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(FactTerm.self, from: Data("{\(json)}".utf8))
        }
    }

    @Test("Numbers out of bounds are named")
    func defects() {
        func defect(_ weights: [Int32: Float], _ bound: Float) -> String? {
            FactTerm(weights: weights, bound: bound).defect(vocabulary: 10)
        }
        #expect(defect([9: 1], 1) == nil)
        #expect(defect([9: 1], .nan) == "segments.author.bound is nan")
        #expect(defect([9: 1], -1) == "segments.author.bound is -1.0")
        #expect(defect([10: 1], 1)?.contains("the token 10") == true)
        #expect(defect([9: .infinity], 1)?.contains("weight inf") == true)
    }
}

@Suite struct FactTrainerTests {
    /// Messages of three sets: a weak network and two facts tell the labels, a third tells nothing.
    private static func rows(_ random: inout RandomSource) -> [FactTrainer.Row] {
        (0..<900).map { index in
            let isSpam = random.nextUniform() < 0.5
            func holds(_ ham: Float, _ spam: Float) -> Bool {
                random.nextUniform() < (isSpam ? spam : ham)
            }
            var facts: [Int32] = []
            if holds(0.8, 0.2) { facts.append(1) }
            if holds(0.2, 0.8) { facts.append(2) }
            if holds(0.5, 0.5) { facts.append(3) }
            let logit = 2 * random.nextNormal() + (isSpam ? 2 : -2)
            return FactTrainer.Row(
                logit: logit, facts: facts, isSpam: isSpam, source: Int32(index % 3))
        }
    }

    private static let anything = FactTrainer.Prior(-.infinity ... .infinity)
    private static let noLess = FactTrainer.Prior(0 ... .infinity)
    private static let noMore = FactTrainer.Prior(-.infinity...0)

    private static func any(_ facts: [Int32]) -> [Int32: FactTrainer.Prior] {
        Dictionary(uniqueKeysWithValues: facts.map { ($0, anything) })
    }

    @Test("A weight stays in its range, and the others make the best of it")
    func ranges() throws {
        var random = RandomSource(seed: 1)
        let rows = FactTrainerTests.rows(&random)
        let (noLess, noMore) = (FactTrainerTests.noLess, FactTrainerTests.noMore)
        let term = try #require(
            FactTrainer.train(
                rows, of: [1: noLess, 2: noMore, 3: FactTrainer.Prior(0...0)], bound: 2))
        #expect(term.weights == [1: 0, 2: 0, 3: 0])
        let free = try #require(FactTrainer.train(rows, of: [1: noMore, 2: noLess], bound: 2))
        #expect((-2.5 ..< -0.5).contains(free.weights[1] ?? 0))
        #expect((0.5..<2.5).contains(free.weights[2] ?? 0))
    }

    @Test("Weights have the signs and the size that the facts have beside the network")
    func train() throws {
        var random = RandomSource(seed: 1)
        let rows = FactTrainerTests.rows(&random)
        let term = try #require(
            FactTrainer.train(rows, of: FactTrainerTests.any([1, 2, 3, 4]), bound: 2))
        #expect(term.bound == 2)
        let weights = term.weights
        // ln(0.8 / 0.2) would be 1.4, on either side of which a fact says something.
        #expect((-2.5 ..< -0.5).contains(weights[1] ?? 0))
        #expect((0.5..<2.5).contains(weights[2] ?? 0))
        #expect(abs(weights[3] ?? 1) < 0.4)
        #expect(weights[4] == 0)
    }

    @Test("A weight is what is expected of it unless many messages say otherwise")
    func expected() throws {
        var random = RandomSource(seed: 1)
        var rows = FactTrainerTests.rows(&random)
        for index in rows.indices.prefix(5) { rows[index].facts.append(4) }
        let expected = FactTrainer.Prior(0 ... .infinity, expected: 3)
        let facts = FactTrainerTests.any([1, 2]).merging([3: expected, 4: expected, 5: expected]) {
            $1
        }
        let weights = try #require(FactTrainer.train(rows, of: facts, bound: 2)).weights
        // The third says nothing in half of the messages, the fourth is in five, the fifth in none.
        #expect((weights[3] ?? 9) < 2 && (weights[4] ?? 0) > 2)
        let free = try #require(weights[5])
        #expect(free > 2 && abs(free - (weights[4] ?? 0)) < 1)
    }

    @Test("A set of many messages counts as much as one of a hundred")
    func weights() throws {
        // In the small set the fact is of spam, in the large one of ham.
        func rows(_ large: Int) -> [FactTrainer.Row] {
            func row(_ isSpam: Bool, _ hasFact: Bool, _ source: Int32) -> FactTrainer.Row {
                FactTrainer.Row(
                    logit: isSpam ? 1 : -1, facts: hasFact ? [1] : [], isSpam: isSpam,
                    source: source)
            }
            return [true, false].flatMap { isSpam in
                (0..<100).map { row(isSpam, isSpam == ($0 < 70), 0) }
                    + (0..<large).map { row(isSpam, isSpam != ($0 % 10 < 7), 1) }
            }
        }
        let equal = try #require(
            FactTrainer.train(rows(100), of: FactTrainerTests.any([1]), bound: 1))
        let unequal = try #require(
            FactTrainer.train(rows(2_000), of: FactTrainerTests.any([1]), bound: 1))
        #expect(abs((equal.weights[1] ?? 1) - (unequal.weights[1] ?? 0)) < 0.05)
    }

    @Test("Messages of one label, or a network that knows nothing, give no term")
    func nothing() {
        func row(_ logit: Float, _ isSpam: Bool) -> FactTrainer.Row {
            FactTrainer.Row(logit: logit, facts: [1], isSpam: isSpam, source: 0)
        }
        #expect(FactTrainer.train([], of: FactTrainerTests.any([1]), bound: 1) == nil)
        #expect(
            FactTrainer.train(
                [row(1, true), row(2, true)], of: FactTrainerTests.any([1]), bound: 1) == nil)
        let wrong = (0..<100).map { row($0 < 50 ? 1 : -1, $0 >= 50) }
        #expect(FactTrainer.train(wrong, of: FactTrainerTests.any([1]), bound: 1) == nil)
    }
}
