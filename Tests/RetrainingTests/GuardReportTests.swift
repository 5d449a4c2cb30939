import Foundation
import Testing

@testable import Retraining

@Suite struct GuardReportTests {
    /// Messages of one class, some of which the candidate or the current model gets wrong.
    private static func pairs(
        _ count: Int, spam isSpam: Bool, worse: Int = 0, better: Int = 0
    ) -> [GuardComparison.Pair] {
        (0..<count).map { index in
            let (right, wrong) = isSpam ? (0.99, 0.1) : (0.1, 0.99)
            return GuardComparison.Pair(
                digest: "\(index)", isSpam: isSpam,
                current: (worse..<(worse + better)).contains(index) ? wrong : right,
                candidate: index < worse ? wrong : right)
        }
    }

    private static func report(
        _ site: [GuardComparison.Pair],
        base: [GuardComparison.Pair] = pairs(300, spam: false) + pairs(300, spam: true)
    ) -> GuardReport {
        GuardReport(
            site: site, base: base, current: ("old", 0.9), candidate: ("new", 0.9),
            limits: GuardLimits())
    }

    @Test("A candidate that changes nothing is accepted when there are labels enough to say so")
    func unchanged() {
        let report = GuardReportTests.report(
            GuardReportTests.pairs(40, spam: false) + GuardReportTests.pairs(40, spam: true))
        #expect(report.decision == .accepted && report.reasons.isEmpty && report.changes.isEmpty)
        #expect(report.site.current == report.site.candidate)
        #expect(report.site.ham == 40 && report.site.spam == 40)
        #expect(report.line.hasPrefix("accepted: accuracy +0.00 %"))
    }

    @Test("With too few labels the report says which are missing and how many")
    func tooFew() {
        let report = GuardReportTests.report(
            GuardReportTests.pairs(5, spam: false) + GuardReportTests.pairs(60, spam: true))
        #expect(report.decision == .undecided)
        // 34 held-out hams without a mistake leave a rise of at most 10.5 % possible.
        #expect(
            report.reasons == [
                "needs about 145 more labelled hams, of which one in 5 is held out"
            ])
        let none = GuardReportTests.report([])
        #expect(none.decision == .undecided && none.reasons.count == 2)
    }

    struct Harm: Sendable {
        var ham = (worse: 0, better: 0)
        var spam = (worse: 0, better: 0)
        var base = 0
        var word: String
    }

    @Test(
        "A candidate that is worse is refused, and the reason names what got worse",
        arguments: [
            Harm(ham: (1, 0), word: "false positives on this site's mail rise by 1.00 %"),
            Harm(spam: (5, 0), word: "accuracy on this site's mail falls by 2.50 %"),
            Harm(ham: (3, 2), word: "false positives on this site's mail rise by 1.00 %"),
            Harm(base: 13, word: "accuracy on the base data falls by 2.17 %"),
        ])
    func harm(_ harm: Harm) {
        let report = GuardReportTests.report(
            GuardReportTests.pairs(100, spam: false, worse: harm.ham.worse, better: harm.ham.better)
                + GuardReportTests.pairs(
                    100, spam: true, worse: harm.spam.worse, better: harm.spam.better),
            base: GuardReportTests.pairs(300, spam: false)
                + GuardReportTests.pairs(300, spam: true, worse: harm.base))
        #expect(report.decision == .refused)
        #expect(report.reasons.contains { $0.hasPrefix(harm.word) }, "\(report.reasons)")
        #expect(
            report.changeCount
                == harm.ham.worse + harm.ham.better + harm.spam.worse + harm.spam.better)
    }

    @Test("Mistakes that others make up for need more labels before they are believed")
    func exchanged() {
        let report = GuardReportTests.report(
            GuardReportTests.pairs(40, spam: false, worse: 2, better: 2)
                + GuardReportTests.pairs(40, spam: true))
        #expect(report.decision == .undecided)
        #expect(report.site.falsePositiveRise.change == 0)
        #expect(report.site.falsePositiveRise.bound > 0.105)
    }

    @Test("The report can be read back from the store, and lists no more changes than it says")
    func coding() throws {
        let report = GuardReportTests.report(
            GuardReportTests.pairs(200, spam: false, worse: 90))
        #expect(report.changes.count == GuardReport.mostChanges && report.changeCount == 90)
        let bytes = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(GuardReport.self, from: bytes) == report)
    }
}
