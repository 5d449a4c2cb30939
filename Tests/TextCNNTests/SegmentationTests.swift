import Foundation
import Testing

@testable import TextCNN

@Suite struct SegmentationTests {
    /// Blocks of 16; 2 begins the subject and 3 the body.
    private static let segmentation: Segmentation = {
        var segmentation = Segmentation(subject: 2, body: 3)
        segmentation.block = 16
        return segmentation
    }()

    private static func body(_ count: Int) -> [Int32] { (0..<count).map { Int32(4 + $0 % 20) } }

    @Test(
        "A message is cut into facts, subject and blocks",
        arguments: [
            ([9, 9, 2, 5, 3] + body(40), 0..<2, 2..<5, [5..<21, 21..<37, 37..<45], 2),
            ([2, 3] + body(32), 0..<0, 0..<2, [2..<18, 18..<34], 1),
            ([2, 3], 0..<0, 0..<2, [2..<2], 1),
            ([], 0..<0, 0..<0, [0..<0], 1),
            // Text without marks, such as an excerpt.
            (body(20), 0..<0, 0..<0, [0..<16, 16..<20], 1),
            // A mark of the subject alone belongs to the text.
            ([2] + body(3), 0..<0, 0..<0, [0..<4], 1),
        ] as [([Int32], Range<Int>, Range<Int>, [Range<Int>], Int)])
    func parts(
        _ ids: [Int32], _ facts: Range<Int>, _ subject: Range<Int>, _ blocks: [Range<Int>],
        _ segments: Int
    ) {
        let parts = SegmentationTests.segmentation.parts(of: ids)
        #expect(parts.facts == facts && parts.subject == subject && parts.blocks == blocks)
        #expect(parts.segmentCount == segments)
    }

    @Test(
        "The layout is what stands from its first fact to its last",
        arguments: [
            ([9, 20, 8, 21, 7, 2, 3], 1..<4), ([20, 2, 3], 0..<1), ([9, 8, 2, 3], 0..<0),
            ([2, 3, 20], 0..<0), ([5, 20, 9, 2, 3], 1..<2),
        ] as [([Int32], Range<Int>)])
    func layout(_ ids: [Int32], _ layout: Range<Int>) {
        let parts = SegmentationTests.layered.parts(of: ids)
        #expect(parts.layout.count == layout.count)
        #expect(layout.isEmpty || parts.layout == layout)
    }

    /// 20 to 22 are facts about the layout; the network does not read 5.
    private static let layered: Segmentation = {
        var segmentation = SegmentationTests.segmentation
        segmentation.layout = LayoutFacts(ids: [20, 21, 22], bound: 0.2)
        segmentation.author = FactTerm(weights: [5: 0], unread: [5], bound: 1)
        return segmentation
    }()

    @Test(
        "What stands for the layout lowers a logit by no more than its bound",
        arguments: [0, 200], 1...20)
    func layoutBound(_ length: Int, seed: UInt64) {
        let network = SegmentationTests.network(SegmentationTests.layered, seed: seed)
        let rest = SegmentationTests.message(length, facts: 6, seed: seed).map { $0 > 19 ? 4 : $0 }
        let plain = network.logits(rest)[0]
        for layout in [[20], [20, 21, 22], [22, 20]] as [[Int32]] {
            let logit = network.logits(layout + rest)[0]
            #expect(logit >= plain - 0.2 - 1e-4)
            // The bound of all facts holds as well.
            let bare = network.logits(Array(rest.drop { $0 != 2 }))[0]
            #expect(logit >= bare - SegmentationTests.layered.factBound - 1e-4)
        }
    }

    @Test(
        "Shares of a message whose layout lowers it add up to its logit",
        arguments: [0, 20, 200], 1...10)
    func layoutShares(_ length: Int, seed: UInt64) {
        let network = SegmentationTests.network(SegmentationTests.layered, seed: seed)
        let ids = [5, 20, 21] + SegmentationTests.message(length, facts: 3, seed: seed)
        let serving = ServingNetwork(network, precision: .int16)
        let shares = serving.shares(ids)
        #expect(abs(shares.logit - Double(serving.logits(ids)[0])) < 1e-3)
        #expect(abs(serving.logits(ids, keeping: { _ in true })[0] - serving.logits(ids)[0]) < 1e-3)
        #expect(abs(serving.logits(ids)[0] - network.logits(ids)[0]) < 0.01)
    }

    @Test("Sizes out of bounds are named")
    func defects() {
        func defect(_ change: (inout Segmentation) -> Void) -> String? {
            var segmentation = SegmentationTests.segmentation
            change(&segmentation)
            return segmentation.defect(vocabulary: 30)
        }
        #expect(defect { _ in } == nil)
        #expect(defect { $0.block = 0 } == "segments.block is 0")
        #expect(defect { $0.strongest = 0 } == "segments.strongest is 0")
        #expect(defect { $0.penalty = .nan } == "segments.penalty is nan")
        #expect(defect { $0.factBound = -1 } == "segments.fact_bound is -1.0")
        #expect(
            defect { $0.layout = LayoutFacts(ids: [], bound: -1) }
                == "segments.layout.bound is -1.0")
        #expect(
            defect { $0.layout = LayoutFacts(ids: [30], bound: 0) }
                == "segments.layout names the token 30, which the vocabulary lacks")
        #expect(
            defect { $0.author = FactTerm(weights: [:], bound: 11) }
                == "segments.author.bound is 11.0")
        #expect(defect { $0.body = 30 }?.contains("30") == true)
        #expect(defect { $0.subject = -1 }?.contains("-1") == true)
    }

    /// A random network with a linear term.
    private static func network(_ segmentation: Segmentation?, seed: UInt64 = 4) -> Network {
        var random = RandomSource(seed: seed)
        let shape = NetworkShape(
            vocabulary: 30, embedding: 8, widths: [1, 2, 3], filters: 6, hidden: 5)
        let count = 1 << 8
        let linear = LinearTerm(
            weights: (0..<count).map { _ in random.nextNormal() },
            rarity: (0..<count).map { _ in 1 + random.nextUniform() }, bias: 0.3)
        var parameters = Parameters(random: shape, using: &random)
        // Large enough that facts and padding would turn verdicts.
        parameters.kernels = parameters.kernels.map { $0 * 20 }
        return Network(parameters, linear: linear, segmentation: segmentation)
    }

    private static func message(_ length: Int, facts: Int = 4, seed: UInt64) -> [Int32] {
        var random = RandomSource(seed: seed)
        func words(_ count: Int) -> [Int32] {
            (0..<count).map { _ in Int32(4 + random.nextIndex(below: 26)) }
        }
        return words(facts) + [2] + words(3) + [3] + words(length)
    }

    @Test("A message of one segment has the logit of its parts together", arguments: 1...5)
    func oneSegment(seed: UInt64) {
        var segmentation = SegmentationTests.segmentation
        segmentation.factBound = 1_000
        let cut = SegmentationTests.network(segmentation)
        let whole = Network(cut.parameters)
        let ids = SegmentationTests.message(30, seed: seed)
        let plain = whole.logits(ids)[0]
        let parts = segmentation.parts(of: ids)
        // Parts at once have the sums of each alone, though words recur in them.
        let ranges = [parts.facts, parts.subject] + parts.blocks
        let each = ranges.compactMap { cut.linear?.sums(ids, [$0])[0] }
        let together = cut.linear?.sums(ids, ranges) ?? []
        #expect(each.map(\.sum) == together.map(\.sum))
        #expect(each.map(\.square) == together.map(\.square))
        let sums = together.reduce(into: LinearTerm.Sums()) { $0.add($1) }
        let linear = cut.linear?.logit(sums) ?? 0
        #expect(abs(cut.logits(ids)[0] - (plain + linear)) < 1e-4)
    }

    @Test(
        "What is taken off is the distance from the mean odds of the strongest, and the penalty",
        arguments: [
            ([2], 3, 0.5, 0), ([], 3, 0.5, 0), ([1, 3, -2], 1, 0, 0),
            ([1, 3, -2], 1, 0.5, 0.549306), ([3, 3, 3, 3], 3, 0, 0),
            ([-50, 3, -50, -50], 3, 0, 1.098612), ([-50, 3], 3, 0, 0.693147),
            ([1, 2, 3, 0, -1], 3, 0, 0.691006), ([3, 2, 1, 0, -1], 3, 0, 0.691006),
            ([-.infinity, -.infinity], 3, 0, 0),
        ] as [([Float], Int, Float, Float)])
    func deduction(_ logits: [Float], _ strongest: Int, _ penalty: Float, _ expected: Float) {
        var segmentation = SegmentationTests.segmentation
        segmentation.strongest = strongest
        segmentation.penalty = penalty
        #expect(abs(segmentation.deduction(logits) - expected) < 1e-5)
    }

    @Test("In a file without the number of the strongest segments one decides")
    func decoding() throws {
        let old = """
            {"block": 64, "penalty": 0.2, "fact_bound": 2, "subject": 2, "body": 3}
            """
        let segmentation = try JSONDecoder().decode(Segmentation.self, from: Data(old.utf8))
        #expect(segmentation.strongest == 1 && segmentation.block == 64)
        #expect(segmentation.layout == nil)
        for segmentation in [SegmentationTests.segmentation, SegmentationTests.layered] {
            let written = try JSONEncoder().encode(segmentation)
            #expect(try JSONDecoder().decode(Segmentation.self, from: written) == segmentation)
        }
    }

    @Test("The strongest segments decide")
    func strongest() {
        let network = SegmentationTests.network(SegmentationTests.segmentation)
        for seed in 1...10 as ClosedRange<UInt64> {
            let ids = SegmentationTests.message(80, facts: 0, seed: seed)
            let parts = SegmentationTests.segmentation.parts(of: ids)
            // Each segment as a message of its own, with all words that its windows reach.
            let front = Array(ids[..<parts.subject.upperBound])
            let alone = (0..<parts.segmentCount).map { segment -> Float in
                let blocks = parts.blocks(ofSegment: segment)
                let end = blocks.last?.upperBound ?? 0
                return network.logits(front + ids[(blocks.first?.lowerBound ?? 0)..<end])[0]
            }
            let expected =
                (alone.max() ?? 0) - SegmentationTests.segmentation.deduction(alone)
            // Windows at the borders of blocks differ, and few filters have their best there.
            #expect(abs(network.logits(ids)[0] - expected) < 4)
            let score = network.segmentScore(ids, SegmentationTests.segmentation) {
                network.features(ids, $0, network.products(ids))
            }
            #expect(score.logit == network.logits(ids)[0])
        }
    }

    @Test(
        "Text that is added lowers a logit by no more than the logarithm of how many decide",
        arguments: 1...8)
    func padding(seed: UInt64) {
        let network = SegmentationTests.network(SegmentationTests.segmentation)
        let ids = SegmentationTests.message(32, facts: 0, seed: seed)
        let padded = ids + SegmentationTests.message(320, facts: 0, seed: seed + 100).dropFirst(5)
        let deduction = logf(Float(SegmentationTests.segmentation.strongest))
        // As if the message ended there, but with the windows that reach into the padding.
        let before = network.segmentScore(ids, SegmentationTests.segmentation) {
            network.features(padded, $0, network.products(padded))
        }
        #expect(network.logits(padded)[0] >= before.logit - deduction - 1e-4)
    }

    @Test("Facts lower a logit by no more than their bound", arguments: 1...20)
    func factBound(seed: UInt64) {
        let network = SegmentationTests.network(SegmentationTests.segmentation)
        let ids = SegmentationTests.message(60, facts: 12, seed: seed)
        let bare = Array(ids.drop { $0 != 2 })
        let bound = SegmentationTests.segmentation.factBound
        #expect(network.logits(ids)[0] >= network.logits(bare)[0] - bound - 1e-4)
    }

    /// 5 to 8 are facts about the author, of which the network does not read the first three.
    private static let author: Segmentation = {
        var segmentation = SegmentationTests.segmentation
        segmentation.author = FactTerm(
            weights: [5: -1.5, 6: 0.25, 7: 0, 8: 0.5], unread: [5, 6, 7], bound: 1)
        return segmentation
    }()

    @Test(
        "Facts about the author are added to the logit, and the network does not read all of them",
        arguments: [([], 0.5), ([5], -1), ([6], 0.75), ([5, 6], -0.75), ([7], 0.5)]
            as [([Int32], Float)], [1, 200])
    func author(_ message: (facts: [Int32], sum: Float), length: Int) {
        let (facts, sum) = message
        let network = SegmentationTests.network(SegmentationTests.author)
        let plain = SegmentationTests.network(SegmentationTests.segmentation)
        let rest = [8, 9] + SegmentationTests.message(length, facts: 0, seed: 2)
        let ids = facts + rest
        let parts = SegmentationTests.author.parts(of: ids)
        #expect(parts.unread == 0..<facts.count && parts.facts == facts.count..<(facts.count + 2))
        #expect(abs(network.logits(ids)[0] - plain.logits(rest)[0] - sum) < 1e-4)
        let serving = ServingNetwork(network, precision: .int16)
        let shares = serving.shares(ids)
        #expect(abs(shares.logit - Double(serving.logits(ids)[0])) < 1e-3)
        #expect(shares.windows.count { $0.start < facts.count } == facts.count)
        #expect(abs(serving.logits(ids) { _ in true }[0] - serving.logits(ids)[0]) < 1e-3)
        // Without these facts, 8 is left of the term.
        let kept = serving.logits(ids) { $0.lowerBound >= facts.count }[0]
        #expect(abs(kept - serving.logits(rest)[0]) < 1e-3)
    }

    @Test(
        "Tables agree with the plain network, and shares add up to the logit",
        arguments: [OffsetTables.Precision.int8, .int16], [0, 3, 20, 33, 200, 1_000])
    func serving(_ precision: OffsetTables.Precision, _ length: Int) throws {
        let network = SegmentationTests.network(SegmentationTests.segmentation)
        for unit in OffsetTables.VectorUnit.available {
            let tables = try #require(OffsetTables(network, precision: precision, unit: unit))
            let ids = SegmentationTests.message(length, seed: 3)
            let allowed: Float = precision == .int8 ? 0.5 : 0.01
            #expect(abs(tables.logits(ids)[0] - network.logits(ids)[0]) < allowed)
        }
        let serving = ServingNetwork(network, precision: precision)
        let ids = SegmentationTests.message(length, seed: 3)
        let shares = serving.shares(ids)
        #expect(abs(shares.logit - Double(serving.logits(ids)[0])) < 1e-3)
        #expect(abs(serving.logits(ids, keeping: { _ in true })[0] - serving.logits(ids)[0]) < 1e-3)
        if let segment = serving.decidingSegment(ids) {
            #expect(length > 32)
            for window in shares.windows {
                #expect(segment.contains { $0.contains(window.start) })
            }
        } else {
            #expect(length <= 32)
        }
    }

    @Test("A stretch is the front and as much of the body as a segment has")
    func stretch() {
        var random = RandomSource(seed: 1)
        let ids = SegmentationTests.message(100, seed: 1)
        var starts: Set<[Int32]> = []
        for _ in 0..<20 {
            let stretch = SegmentationTests.segmentation.stretch(of: ids, using: &random)
            #expect(stretch.count == 9 + 32 && stretch.starts(with: ids[..<9]))
            starts.insert(Array(stretch[9...]))
        }
        #expect(starts.count > 10)
        let short = SegmentationTests.message(5, seed: 2)
        #expect(SegmentationTests.segmentation.stretch(of: short, using: &random) == short)
    }
}
