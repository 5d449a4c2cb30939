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

    @Test("Recipients have their own policy by address, then by domain")
    func recipients() throws {
        var settings = PolicySettings()
        var domain = RecipientPolicy()
        domain.tagThreshold = 0.99
        var address = RecipientPolicy()
        address.judges = false
        settings.recipients = ["example.org": domain, "boss@example.org": address]
        func names(_ addresses: String...) -> [String] {
            settings.applied(to: addresses).map(\.name)
        }
        #expect(names("a@example.org", "b@EXAMPLE.org") == ["example.org"])
        #expect(names("Boss@Example.org") == ["boss@example.org"])
        #expect(names("a@example.net", "a@example.org") == ["", "example.org"])
        #expect(names() == [""])
        let applied = try #require(settings.applied(to: ["a@example.org"]).first)
        #expect(applied.settings.tagThreshold == 0.99 && applied.judges)
        #expect(settings.applied(to: ["boss@example.org"]).allSatisfy { !$0.judges })
    }

    @Test(
        "Codes of a refusal belong together",
        arguments: [
            ("550", "5.7.1", true, true), ("554", "5.7.1", true, true),
            ("450", "4.7.1", false, true), ("450", "5.7.1", false, false),
            ("550", "4.7.1", true, false), ("55", "5.7.1", true, false),
            ("550", "5.7", true, false), ("5x0", "5.7.1", true, false),
            ("550", "5.7.1", false, false),
        ])
    func codes(_ code: String, _ status: String, _ permanent: Bool, _ isRight: Bool) {
        let defect = RefusalText.defect(code: code, status: status, permanent: permanent)
        #expect((defect == nil) == isRight)
    }
}
