import Testing

@testable import Learning

@Suite struct ScoreCurvesTests {
    static func outcomes(_ scored: [(Double, Bool)]) -> [Outcome] {
        scored.enumerated().map { index, entry in
            Outcome(set: "set", path: "\(index)", isSpam: entry.1, probability: entry.0)
        }
    }

    private func curves(_ scored: [(Double, Bool)]) -> ScoreCurves {
        ScoreCurves(ScoreCurvesTests.outcomes(scored))
    }

    private func points(_ curve: [ScoreCurves.Point]) -> [[Double]] { curve.map { [$0.x, $0.y] } }

    @Test("The ROC curve rises with each spam and moves right with each ham, in straight lines")
    func roc() {
        let roc = curves([(0.9, true), (0.8, true), (0.7, false), (0.6, false), (0.5, true)]).roc
        let third = 2.0 / 3
        #expect(points(roc) == [[0, 0], [0, third], [1, third], [1, 1]])
    }

    @Test("Equal scores are one step")
    func ties() {
        let roc = curves([(0.5, true), (0.5, false), (0.5, false)]).roc
        #expect(points(roc) == [[0, 0], [1, 1]])
    }

    @Test("Precision is given at the recall of each step, and at the end that of all messages")
    func precision() {
        let curve = curves([(0.9, true), (0.8, false), (0.7, true), (0.6, false)]).precisionRecall
        #expect(points(curve).first == [0.5, 1] && points(curve).last == [1, 0.5])
    }

    @Test("Long runs are thinned out, but end where they must")
    func thinning() {
        let curve = curves((0..<20_000).map { (1 - Double($0) / 20_000, $0 % 10 != 0) })
        #expect(curve.precisionRecall.count < 2_000)
        #expect(curve.precisionRecall.last?.x == 1 && curve.roc.last?.y == 1)
    }

    @Test("A set of one label has bins but no curves", arguments: [true, false])
    func oneLabel(isSpam: Bool) {
        let curves = curves([(0.2, isSpam), (0.9, isSpam)])
        #expect(curves.roc.isEmpty && curves.precisionRecall.isEmpty)
        #expect(curves.histogram.reduce(0) { $0 + $1.ham + $1.spam } == 2)
    }

    @Test(
        "A probability is in one bin; one that is no number in none",
        arguments: [(0, 0), (0.05, 0), (0.1, 1), (0.55, 5), (0.999, 9), (1, 9), (.nan, nil)]
            as [(Double, Int?)])
    func bins(probability: Double, index: Int?) {
        let bins = curves([(probability, true)]).calibration
        #expect(bins.count == 10)
        #expect(bins.firstIndex { $0.spam == 1 } == index)
        #expect(bins.allSatisfy { $0.ham == 0 })
        if let index {
            #expect(bins[index].frequency == 1 && bins[index].meanProbability == probability)
        }
        #expect(bins.count { $0.frequency == nil } == (index == nil ? 10 : 9))
    }
}
