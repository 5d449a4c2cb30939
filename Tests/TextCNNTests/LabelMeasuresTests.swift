import Testing
import TextCNN

@Suite struct LabelMeasuresTests {
    private typealias Judged = (predicted: Set<String>, truth: Set<String>)

    @Test("Each label is counted by itself, all together, and as a mean")
    func counts() {
        let judged: [Judged] = [
            (["a"], ["a"]), (["a", "b"], ["b"]), (["b"], ["a"]), ([], ["c"]),
        ]
        let measures = LabelMeasures(judged, labels: ["a", "b", "c"])
        #expect(measures.messages == 4 && measures.accuracy == 0.25)
        let a = measures.labels["a"]
        #expect(a?.truePositives == 1 && a?.falsePositives == 1 && a?.falseNegatives == 1)
        #expect(measures.labels["b"]?.f1 == 2.0 / 3 && measures.labels["c"]?.f1 == 0)
        // tp 2, fp 2, fn 2.
        #expect(measures.microF1 == 0.5)
        #expect(abs(measures.macroF1 - (0.5 + 2.0 / 3 + 0) / 3) < 1e-12)
    }

    @Test("A label that the model doesn't know is missed; one that never occurs has F1 0")
    func unknown() {
        let measures = LabelMeasures([(["a"], ["a", "new"])], labels: ["a", "idle"])
        #expect(measures.labels["new"]?.falseNegatives == 1)
        #expect(measures.labels["idle"]?.f1 == 0)
        #expect(measures.accuracy == 0)
    }

    @Test("Nothing judged is not a perfect result")
    func empty() {
        let measures = LabelMeasures([], labels: [])
        #expect(measures.accuracy == 0 && measures.microF1 == 0 && measures.macroF1 == 0)
    }
}
