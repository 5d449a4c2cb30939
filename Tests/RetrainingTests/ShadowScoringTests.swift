import FilterPolicy
import FilterTestKit
import MailText
import Models
import Retraining
import Scoring
import Testing

@Suite struct ShadowScoringTests {
    /// The tiny model with another tag threshold.
    private func judge(tag: Double) throws -> Judge {
        var bundle = try TinyModel.shared.get()
        bundle.configuration.thresholds["tag"]?.probability = tag
        bundle.configuration.thresholds["reject"]?.probability = 1.0.nextUp
        bundle.configuration.id = "tag-\(tag)"
        return Judge(model: ScoringModel(bundle), pool: ScoringPool())
    }

    private func judged(_ judge: Judge, _ input: MailInput) throws -> JudgedMessage {
        try judge.judge(
            judge.read(input), by: PolicySettings().applied(to: []), deadline: .distantFuture
        ).get()
    }

    @Test("Disagreements are listed with reasons, and the share of the mail is kept to")
    func disagreements() throws {
        let (active, strict) = (try judge(tag: 0.5), try judge(tag: 1.0.nextUp))
        let all = ShadowScoring(candidate: "c", share: 1, policy: PolicySettings()) { strict }
        let third = ShadowScoring(candidate: "c", share: 0.34, policy: PolicySettings()) { strict }
        for number in 0..<30 {
            let input = MailInput.message(TinyModel.message(number % 3 == 0 ? .spam : .ham, number))
            let message = try judged(active, input)
            all.consider("Q\(number)", input, active: message)
            third.consider("Q\(number)", input, active: message)
        }
        let report = all.finish()
        #expect(report.messages + report.leftOut == 30 && report.leftOut == 0)
        #expect(report.verdicts["ham ham"] == 20 && report.verdicts["spam unsure"] == 10)
        #expect(report.changeCount == 10 && report.changes.count == 10)
        let change = try #require(report.changes.first)
        #expect(change.name == "Q0" && change.before.model == "tag-0.5")
        #expect(change.before.verdict == "spam" && change.after.verdict == "unsure")
        #expect(!change.before.reasons.isEmpty && change.text.hasPrefix("Q0: spam "))
        #expect(third.finish().messages == 10)
    }

    @Test("Two judges of one mind have nothing to list")
    func agreement() throws {
        let judge = try judge(tag: 0.9)
        let message = try judged(judge, .message(TinyModel.message(.spam, 1)))
        #expect(VerdictChange("m", message, message, reasons: 3) == nil)
    }
}
