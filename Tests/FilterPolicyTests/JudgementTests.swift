import FilterPolicy
import Testing

@Suite struct JudgementTests {
    private func judge(
        _ probability: Double, tokens: Int = 50, known: Double? = nil,
        _ change: (inout PolicySettings) -> Void = { _ in }
    ) -> Judgement {
        var settings = PolicySettings()
        change(&settings)
        return Judgement(
            probability: probability, evidence: tokens, knownProbability: known,
            thresholds: PolicyThresholds(settings, modelTag: 0.95, modelReject: 0.99),
            settings: settings)
    }

    @Test(
        "The verdict follows the thresholds",
        arguments: [
            (0.0, Verdict.ham), (0.49, .ham), (0.5, .unsure), (0.9499, .unsure), (0.95, .spam),
            (1, .spam),
        ])
    func verdict(_ probability: Double, _ verdict: Verdict) {
        #expect(judge(probability).verdict == verdict)
    }

    @Test(
        "The tag threshold is five points", arguments: [(0.0, 0.0), (0.95, 5.0), (1.0, 10.0)])
    func points(_ probability: Double, _ points: Double) {
        #expect(judge(probability).points == points)
    }

    @Test("Nothing below the tag threshold rounds up to five points")
    func justBelow() {
        #expect(judge(0.949_999_99).points < 5)
    }

    @Test("Rejecting is off until asked for, and never below the tag threshold")
    func reject() {
        #expect(judge(1).action == .addHeader)
        #expect(judge(1) { $0.rejects = true }.action == .reject)
        #expect(judge(0.98) { $0.rejects = true }.action == .addHeader)
        let eager = judge(0.5) {
            $0.rejects = true
            $0.rejectThreshold = 0.1
        }
        #expect(eager.action == .accept)
    }

    @Test("Three words are no verdict")
    func littleText() {
        let judgement = judge(0.9999, tokens: 2)
        #expect(judgement.verdict == .unsure && judgement.action == .accept)
        #expect(judgement.points < 5 && judgement.reason == "little-text")
    }

    @Test(
        "Words the model doesn't know make no verdict",
        arguments: [
            (0.999, nil, Verdict.spam), (0.999, 0.99, .spam), (0.999, 0.4, .unsure),
            (0.01, nil, .ham), (0.01, 0.01, .unsure), (0.01, 0.99, .unsure),
        ] as [(Double, Double?, Verdict)])
    func unknownLanguage(_ probability: Double, _ known: Double?, _ verdict: Verdict) {
        let judgement = judge(probability, known: known)
        #expect(judgement.verdict == verdict)
        #expect((judgement.reason == "unknown-language") == (verdict == .unsure))
        #expect(verdict == .spam || judgement.points < 5)
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

    @Test(
        "Reasons are printable, folded and signed",
        arguments: [
            (
                [("free gift card", 2.13), ("click URL", -1.36)],
                "\"free gift card\"(+2.1),\n\t\"click URL\"(-1.4)"
            ),
            ([("say \"=?x?=\" now", 0.04)], "\"say '= ?x?=' now\"(+0.0)"),
            (
                [(String(repeating: "a", count: 60), 1)],
                "\"" + String(repeating: "a", count: 40) + "...\"(+1.0)"
            ),
            ([("приз", 1)], "=?UTF-8?B?ItC/0YDQuNC3Ig==?= (+1.0)"),
        ] as [([(String, Double)], String)])
    func reasons(_ reasons: [(String, Double)], value: String) {
        let fields = SpamHeaders.fields(
            for: judge(0.99), model: "m", version: "1",
            reasons: reasons.map { (text: $0.0, share: $0.1) })
        #expect(fields.last == .init("X-Spam-Reason", value))
    }

    @Test(
        "Reasons of any script keep to the line lengths of RFC 2047 and RFC 5322, whole ones only",
        arguments: ["слово ", "𝐯𝐢𝐚𝐠𝐫𝐚", "ფასი", "plain words "])
    func longReasons(word: String) throws {
        let text = String(repeating: word, count: 20)
        let fields = SpamHeaders.fields(
            for: judge(0.99), model: "m", version: "1",
            reasons: Array(repeating: (text: text, share: 1), count: 5))
        let value = try #require(fields.last).value
        let lines = "X-Spam-Reason: \(value)".split(separator: "\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { $0 < 0x7F } })
        #expect(value.utf8.count <= 800 && value.hasSuffix("(+1.0)"))
    }

    @Test(
        "Shares beyond all measure are shown as the largest", arguments: [1e300, .infinity, .nan])
    func absurdShares(share: Double) {
        let fields = SpamHeaders.fields(
            for: judge(0.99), model: "m", version: "1", reasons: [(text: "x", share: share)])
        #expect(fields.last?.value.hasPrefix("\"x\"(+999.0)") == true)
    }

    @Test(
        "Forged fields are known whatever their case",
        arguments: [
            ("X-Spam-Status", true), ("x-SPAM-flag", true), ("X-Spambayes", true),
            ("X-Bogosity", true), ("X-Mailer", false), ("Subject", false),
        ])
    func forged(_ name: String, _ isForged: Bool) {
        var settings = PolicySettings()
        settings.removedHeaders = ["x-bogosity"]
        #expect(settings.isForged(name) == isForged)
    }
}
