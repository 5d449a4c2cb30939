import Testing

@testable import FilterPolicy

@Suite struct SpamHeadersTests {
    private func judge(_ probability: Double) -> Judgement {
        let settings = PolicySettings()
        return Judgement(
            probability: probability, evidence: 50,
            thresholds: PolicyThresholds(settings, modelTag: 0.95, modelReject: 0.99),
            settings: settings)
    }

    @Test("Headers of spam and ham")
    func headers() {
        let spam = SpamHeaders.fields(for: judge(0.99), model: "m1", version: "1")
        #expect(
            spam == [
                .init("X-Spam-Flag", "YES"), .init("X-Spam-Score", "9.00"),
                .init(
                    "X-Spam-Status",
                    "Yes, score=9.00 required=5.00 tests=TEXTCNN p=0.9900 model=m1 version=siftd/1"),
                .init("X-Spam-Level", "*********"),
            ])
        let ham = SpamHeaders.fields(for: judge(0.01), model: "m1", version: "1")
        #expect(ham.map(\.name) == ["X-Spam-Flag", "X-Spam-Score", "X-Spam-Status"])
        #expect(ham[0].value == "NO")
    }

    @Test("Reasons have a field where there are any")
    func reasons() {
        let fields = SpamHeaders.fields(
            for: judge(0.99), model: "m", version: "1", reasons: [(text: "click", share: 2.13)])
        #expect(fields.last == .init("X-Spam-Reason", "\"click\"(+2.1)"))
    }

    @Test("A model's labels have a field, and nothing can end it early")
    func labels() {
        let fields = SpamHeaders.fields(
            for: judge(0.01), model: "m\r\nX: y", version: "1", labels: ["bill", "or der\n"])
        #expect(fields.last == .init("X-Siftd-Label", "bill, order"))
        #expect(fields[2].value.contains("model=mX:y version"))
    }

    @Test("A message that was not judged has a field with the reason")
    func unscanned() {
        #expect(
            SpamHeaders.unscanned(reason: "time out\n") == [
                .init(
                    "X-Spam-Status",
                    "No, score=0.00 required=5.00 tests=UNSCANNED reason=timeout")
            ])
    }

    @Test(
        "Original recipients are listed, and beyond twenty counted",
        arguments: [(0, nil), (1, nil), (20, nil), (21, "and 1 more"), (300, "and 280 more")]
            as [(Int, String?)])
    func originalRecipients(_ count: Int, _ rest: String?) {
        let field = SpamHeaders.originalRecipients((0..<count).map { "r\($0)@example.org" })
        let parts = field.value.replacing("\n\t", with: " ").split(separator: ", ")
        #expect(field.name == "X-Spam-Original-To")
        #expect(parts.count == min(count, 20) + (rest == nil ? 0 : 1))
        #expect(rest == nil || parts.last.map(String.init) == rest)
    }

    // MARK: Folding

    @Test(
        "Lines up to 250 bytes are not folded",
        arguments: ["", "a b", String(repeating: "a ", count: 125)])
    func whole(_ value: String) { #expect(SpamHeaders.folded(value) == value) }

    @Test("Longer lines are folded at spaces, and nothing else changes")
    func folded() {
        let value = String(repeating: "word ", count: 60)
        let lines = SpamHeaders.folded(value).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines.allSatisfy { $0.utf8.count <= 77 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("\tword") })
        #expect(SpamHeaders.folded(value).replacing("\n\t", with: " ") == value)
    }

    @Test("A long word is not cut, and has a line to itself")
    func longWord() {
        let word = String(repeating: "x", count: 300)
        #expect(SpamHeaders.folded("a \(word) b") == "a\n\t\(word)\n\tb")
    }

    @Test("Existing folds are kept")
    func keepsFolds() {
        let long = String(repeating: "word ", count: 59) + "word"
        let value = SpamHeaders.folded("\"a\"(+1.0),\n\t" + long)
        #expect(value.hasPrefix("\"a\"(+1.0),\n\tword"))
        #expect(value.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
    }
}
