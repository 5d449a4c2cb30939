import Models
import Testing
import TextCNN
import TextFeatures

@Suite struct LabelJudgeTests {
    private func judge(
        _ labels: [String], _ head: Head = .sigmoid, threshold: Double? = nil,
        calibration: Calibration = Calibration()
    ) -> LabelJudge {
        var configuration = ModelConfiguration(
            id: "m", trained: "2026-01-01T00:00:00Z", labels: labels,
            architecture: NetworkShape(
                vocabulary: 10, embedding: 2, widths: [2], filters: 2, hidden: 0,
                outputs: labels.count),
            calibration: calibration, thresholds: [:], textPipeline: .standard)
        configuration.head = head
        configuration.labelThreshold = threshold
        return LabelJudge(configuration)
    }

    @Test(
        "Independent labels apply from the threshold on, at least one",
        arguments: [
            ([2, -2, 0], 0.5, ["a", "c"]), ([2, 2, 2], 0.5, ["a", "b", "c"]),
            ([-2, -1, -3], 0.5, ["b"]), ([2, 1, 0], 0.95, ["a"]),
            ([0, 0, 0], 0.5, ["a", "b", "c"]),
            ([2, 3, 0], nil, ["b"]),
        ] as [([Float], Double?, [String])])
    func independent(_ logits: [Float], _ threshold: Double?, _ expected: [String]) {
        #expect(judge(["a", "b", "c"], threshold: threshold).labels(logits) == expected)
    }

    @Test(
        "Of exclusive labels the most probable one applies",
        arguments: [([1, 2, 0], ["b"]), ([-5, -9, -4], ["c"]), ([3, 3, 2], ["b"])]
            as [([Float], [String])])
    func exclusive(_ logits: [Float], _ expected: [String]) {
        let labels = judge(["a", "b", "c"], .softmax, threshold: 0.1).labels(logits)
        // Of two equal ones either is right.
        #expect(labels == expected || logits == [3, 3, 2] && labels == ["a"])
    }

    @Test("Probabilities are between 0 and 1, and of exclusive labels add up to 1")
    func probabilities() {
        let logits: [Float] = [2, -1, 0.5]
        let softmax = judge(["a", "b", "c"], .softmax).probabilities(logits)
        #expect(abs(softmax.reduce(0, +) - 1) < 1e-9)
        let sigmoid = judge(["a", "b", "c"]).probabilities([0, 100, -100])
        #expect(sigmoid[0] == 0.5 && sigmoid[1] > 0.999 && sigmoid[2] < 0.001)
    }
}
