import Testing

@testable import FilterPolicy

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

    @Test(
        "What would be spam is unsure in a language that the model has not learnt",
        arguments: [(1, Verdict.unsure), (0.999, .unsure), (0.8, .unsure), (0.01, .ham)])
    func foreignLanguage(_ probability: Double, _ verdict: Verdict) {
        var policy = PolicySettings()
        policy.rejects = true
        let judgement = Judgement(
            probability: probability, evidence: 100, languageMargin: .infinity,
            thresholds: PolicyThresholds(policy, modelTag: 0.8, modelReject: 0.9), settings: policy)
        #expect(judgement.verdict == verdict && judgement.action == .accept)
        #expect((judgement.reason == "unknown-language") == (verdict == .unsure))
        #expect(judgement.points < 5)
    }

    @Test(
        "In a language that the model knows less of, spam and rejected is what lies well above",
        arguments: [
            (0.01, Verdict.ham, Action.accept), (0.79, .unsure, .accept), (0.8, .unsure, .accept),
            (0.915, .unsure, .accept), (0.916, .spam, .addHeader), (0.96, .spam, .addHeader),
            (0.961, .spam, .reject), (1, .spam, .reject),
        ])
    func languageMargin(_ probability: Double, _ verdict: Verdict, _ action: Action) {
        var policy = PolicySettings()
        policy.rejects = true
        // Odds of 4 and 9, and e times as much: 0.9158 and 0.9607.
        let judgement = Judgement(
            probability: probability, evidence: 100, languageMargin: 1,
            thresholds: PolicyThresholds(policy, modelTag: 0.8, modelReject: 0.9), settings: policy)
        #expect(judgement.verdict == verdict && judgement.action == action)
        #expect(
            judgement.reason
                == (verdict == .unsure
                    ? (probability < 0.8 ? "between-thresholds" : "unknown-language") : ""))
        #expect((judgement.verdict == .spam) == (judgement.points >= Judgement.requiredPoints))
        #expect((judgement.points == 4.99) == (0.8..<0.916).contains(probability))
    }

    @Test("A margin holds for the rules of the policy and for the known words, too")
    func marginEverywhere() {
        var policy = PolicySettings()
        policy.rules = [ActionRule(.quarantine, .probability(0.95))]
        let thresholds = PolicyThresholds(policy, modelTag: 0.8, modelReject: 0.9)
        func judge(_ probability: Double, known: Double? = nil) -> Judgement {
            Judgement(
                probability: probability, evidence: 100, knownProbability: known,
                languageMargin: 1, thresholds: thresholds, settings: policy)
        }
        // e times the odds of 0.95 are those of 0.981.
        #expect(judge(0.98).action == .addHeader && judge(0.982).action == .quarantine)
        #expect(judge(0.98, known: 0.92).verdict == .spam)
        #expect(judge(0.98, known: 0.91).verdict == .unsure)
    }

    @Test(
        "Points follow two straight lines in whole hundredths, rounded down",
        arguments: [
            (0.0, 0.0), (0.1, 0.62), (0.4, 2.5), (0.7999, 4.99), (0.8, 5.0), (0.85, 6.25),
            (0.9, 7.5), (0.999, 9.97), (1.0, 10.0),
        ])
    func pointLines(_ probability: Double, _ points: Double) {
        #expect(abs(Judgement.points(probability, tag: 0.8) - points) < 1e-9)
    }

    @Test("A tag threshold of 1 leaves only certainty", arguments: [(0.999999, 4.99), (1.0, 10.0)])
    func certainty(_ probability: Double, _ points: Double) {
        #expect(Judgement.points(probability, tag: 1) == points)
    }

    @Test(
        "Verdict and points agree on what is spam",
        arguments: (0...100).map { Double($0) / 100 })
    func agreement(_ probability: Double) {
        let judgement = judge(probability)
        #expect((judgement.verdict == .spam) == (judgement.points >= Judgement.requiredPoints))
    }

    @Test("A denied message is spam for certain, and rejected where the policy rejects")
    func denied() {
        var settings = PolicySettings()
        let judgement = Judgement(denied: "denied-client", settings: settings)
        #expect(judgement.verdict == .spam && judgement.points == 10)
        #expect(judgement.reason == "denied-client" && judgement.action == .addHeader)
        settings.rejects = true
        #expect(Judgement(denied: "x", settings: settings).action == .reject)
    }

    @Test("Actions go from the most lenient to the strictest")
    func actions() {
        #expect(Action.allCases.sorted() == Action.allCases)
        #expect(Action.accept < .addHeader && Action.reject < .discard)
    }

    // MARK: Several policies

    /// Policies of recipients by name, with the tag threshold of each.
    private func policies(_ thresholds: (String, Double)...) -> [PolicySettings.Applied] {
        thresholds.map { name, threshold in
            var settings = PolicySettings()
            settings.tagThreshold = threshold
            return PolicySettings.Applied(name: name, settings: settings)
        }
    }

    private func mostLenient(
        _ probability: Double, _ policies: [PolicySettings.Applied]
    ) -> (judgement: Judgement, policy: String) {
        Judgement.mostLenient(of: policies) { settings in
            Judgement(
                probability: probability, evidence: 50,
                thresholds: PolicyThresholds(settings, modelTag: nil, modelReject: nil),
                settings: settings)
        }
    }

    @Test("Of several policies the most lenient judgement counts, and its policy is named")
    func lenient() {
        let several = policies(("", 0.6), ("a.example", 0.9), ("b.example", 0.7))
        let mild = mostLenient(0.8, several)
        #expect(mild.policy == "a.example" && mild.judgement.verdict == .unsure)
        // All say spam: the policy with the fewest points decides.
        let spam = mostLenient(0.95, several)
        #expect(spam.policy == "a.example" && spam.judgement.points == 7.5)
    }

    @Test("The general policy is named where others differ, and not where it is alone")
    func general() {
        #expect(mostLenient(0.8, policies(("", 0.9), ("a.example", 0.6))).policy == "general")
        #expect(mostLenient(0.8, policies(("", 0.9))).policy == "")
        #expect(mostLenient(0.8, policies(("a.example", 0.9))).policy == "a.example")
    }

    @Test("Of equally lenient judgements the first counts")
    func equal() {
        #expect(mostLenient(0.8, policies(("", 0.9), ("a.example", 0.9))).policy == "general")
    }

    @Test("A stricter action outweighs fewer points")
    func actionFirst() {
        var strict = policies(("strict", 0.7))[0]
        strict.settings.rejects = true
        strict.settings.rejectThreshold = 0.7
        let result = mostLenient(0.95, [strict] + policies(("mild", 0.6)))
        #expect(result.policy == "mild" && result.judgement.action == .addHeader)
        #expect(result.judgement.points > 8.3)
    }
}
