import FilterPolicy
import FilterTestKit
import Foundation
import MailText
import Models
import Retraining
import Scoring
import Synchronization
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
        let shown = Mutex<[String]>([])
        let begin = ShadowScoring.Report(candidate: "c", active: "tag-0.5", since: 5)
        let all = ShadowScoring(
            resuming: begin, share: 1, policy: { PolicySettings() }, judge: { strict },
            changed: { change in shown.withLock { $0.append(change.line) } })
        let third = ShadowScoring(
            resuming: begin, share: 0.34, policy: { PolicySettings() }, judge: { strict })
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
        #expect(shown.withLock { $0.count } == 10)
        #expect(shown.withLock { !$0.joined().contains("\n") })

        // After a restart the count goes on.
        let kept = try JSONDecoder().decode(
            ShadowScoring.Report.self, from: JSONEncoder().encode(report))
        let resumed = ShadowScoring(
            resuming: kept, share: 1, policy: { PolicySettings() }, judge: { strict })
        let input = MailInput.message(TinyModel.message(.ham, 1))
        resumed.consider("Q31", input, active: try judged(active, input))
        let sum = resumed.finish()
        #expect(sum.messages == 31 && sum.verdicts["ham ham"] == 21 && sum.since == 5)
        #expect(sum.changes == report.changes)
    }

    @Test("Two judges of one mind have nothing to list")
    func agreement() throws {
        let judge = try judge(tag: 0.9)
        let message = try judged(judge, .message(TinyModel.message(.spam, 1)))
        #expect(VerdictChange("m", message, message, reasons: 3) == nil)
    }

    @Test(
        "A candidate is put in force when its time is over and it disagrees seldom",
        arguments: [
            // Hours, ham ham, ham spam, spam ham, and what is decided.
            (23.9, 1_000, 0, 0, "goes on"), (24, 99, 0, 0, "goes on"),
            (
                24, 100, 0, 0,
                "0 of 100 (0.00 %) verdicts differ, 0 of 100 (0.00 %) newly called spam"
            ),
            (24, 990, 10, 0, "10 of 1000 (1.00 %)"), (90, 950, 0, 50, "50 of 1000 (5.00 %)"),
            (24, 989, 11, 0, "at most 1.00 % may be newly called spam"),
            (24, 949, 0, 51, "at most 5.00 % may differ"),
            (24, 900, 50, 50, "at most 5.00 % may differ, at most 1.00 %"),
        ])
    func decides(_ hours: Double, _ agree: Int, _ toSpam: Int, _ toHam: Int, _ words: String) {
        var report = ShadowScoring.Report(candidate: "c", active: "a", since: 1_000)
        report.messages = agree + toSpam + toHam
        report.verdicts = ["ham ham": agree, "ham spam": toSpam, "spam ham": toHam]
        let decision = ShadowLimits(hours: 24).decision(
            report, now: 1_000 + Int64((3_600 * hours).rounded(.up)))
        switch decision {
        case .goesOn: #expect(words == "goes on")
        case .promote(let text): #expect(text.contains(words) && !words.contains("at most"))
        case .discard(let text): #expect(text.contains(words) && words.contains("at most"))
        }
    }
}
