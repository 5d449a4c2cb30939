import FilterPolicy
import Testing

@Suite struct ActionRuleTests {
    @Test(
        "Rules read back as they are written",
        arguments: [
            "reject from 0.999", "quarantine from model", "redirect for phishing",
            "tempfail from 0.95", "discard from 1.0",
        ])
    func roundTrip(_ text: String) { #expect(ActionRule(text)?.description == text) }

    @Test(
        "What is no rule is none",
        arguments: [
            "", "reject", "reject from", "reject from 0", "reject from 1.5", "reject from high",
            "accept from 0.5", "add_header from 0.5", "rejekt from 0.5", "reject at 0.5",
            "reject from 0.5 please",
        ])
    func refused(_ text: String) { #expect(ActionRule(text) == nil) }

    private func judge(
        _ probability: Double, _ rules: [String], labels: [String] = []
    ) -> Judgement {
        var settings = PolicySettings()
        settings.rules = rules.compactMap { ActionRule($0) }
        return Judgement(
            probability: probability, labels: labels, evidence: 100,
            thresholds: PolicyThresholds(settings, modelTag: 0.9, modelReject: 0.99),
            settings: settings)
    }

    @Test(
        "The strictest rule that applies is carried out, on spam only",
        arguments: [
            (0.5, Action.accept), (0.89, .accept), (0.9, .addHeader), (0.95, .redirect),
            (0.98, .quarantine), (0.99, .reject), (1, .reject),
        ])
    func bands(_ probability: Double, _ action: Action) {
        let rules = [
            "quarantine from 0.97", "reject from model", "redirect from 0.2",
        ]
        let expected = action == .addHeader ? .redirect : action
        #expect(judge(probability, rules).action == expected)
    }

    @Test("A label's rule holds for ham, too, and for that label alone")
    func labels() {
        let rules = ["quarantine for phishing"]
        #expect(judge(0.1, rules, labels: ["phishing"]).action == .quarantine)
        #expect(judge(0.1, rules, labels: ["phishing"]).verdict == .ham)
        #expect(judge(0.1, rules, labels: ["newsletter"]).action == .accept)
        #expect(judge(0.95, rules).action == .addHeader)
    }

    @Test("A refused message needs spam of the reject threshold where the rule follows the model")
    func model() {
        #expect(judge(0.98, ["discard from model"]).action == .addHeader)
        #expect(judge(0.99, ["discard from model"]).action == .discard)
    }
}
