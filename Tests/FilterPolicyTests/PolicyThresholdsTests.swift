import FilterPolicy
import Testing

@Suite struct PolicyThresholdsTests {
    private func thresholds(
        tag: Double? = nil, unsure: Double = 0.5, reject: Double? = nil, modelTag: Double? = nil,
        modelReject: Double? = nil
    ) -> PolicyThresholds {
        var settings = PolicySettings()
        settings.tagThreshold = tag
        settings.unsureThreshold = unsure
        settings.rejectThreshold = reject
        return PolicyThresholds(settings, modelTag: modelTag, modelReject: modelReject)
    }

    @Test("The policy's thresholds have precedence, then the model's, then the defaults")
    func precedence() {
        let defaults = thresholds()
        #expect(defaults.tag == 0.9 && defaults.reject == 0.99 && defaults.unsure == 0.5)
        let model = thresholds(modelTag: 0.93, modelReject: 0.97)
        #expect(model.tag == 0.93 && model.reject == 0.97)
        let policy = thresholds(tag: 0.7, reject: 0.8, modelTag: 0.93, modelReject: 0.97)
        #expect(policy.tag == 0.7 && policy.reject == 0.8)
    }

    @Test(
        "They never cross",
        arguments: [
            (0.4, 0.5, 0.3), (0.95, 0.99, 0.5), (1.0, 0.0, 0.0), (0.9, 0.5, 0.99),
        ])
    func ordered(_ tag: Double, _ unsure: Double, _ reject: Double) {
        let result = thresholds(tag: tag, unsure: unsure, reject: reject)
        #expect(result.unsure <= result.tag && result.tag <= result.reject)
        #expect(result.tag == tag)
    }
}
