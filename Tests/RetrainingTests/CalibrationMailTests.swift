import Corpora
import Feedback
import FilterPolicy
import FilterTestKit
import Foundation
import MailText
import Models
import Scoring
import SiteMemory
import Testing

@testable import Retraining

/// What a site remembers of its mail, as a calibration reads it.
@Suite struct CalibrationMailTests {
    private let site: RetrainingSite
    private let memory: SiteMemory
    /// Labels are given now.
    private static let now = Int64(Date().timeIntervalSince1970)

    init() throws {
        site = try RetrainingSite()
        memory = SiteMemory(store: site.store, secret: site.secret)
        try memory.refresh()
    }

    private var judge: Judge {
        Judge(
            model: ScoringModel(site.bundle), pool: ScoringPool(),
            site: memory.knowledge(authservID: ""))
    }

    private func judged(_ label: Corpora.Label, _ number: Int) throws -> JudgedMessage {
        let judge = judge
        return try judge.judge(
            judge.read(.message(TinyModel.message(label, number))),
            by: PolicySettings().applied(to: []), deadline: .distantFuture
        ).get()
    }

    private func digest(_ label: Corpora.Label, _ number: Int) -> MessageDigest {
        MessageDigest(of: .message(TinyModel.message(label, number)))
    }

    /// An entry of the history as the daemon writes it.
    private func remember(
        _ label: Corpora.Label, _ number: Int, verdict: String? = nil, model: String? = nil,
        at time: Int64 = now
    ) throws {
        let message = try judged(label, number)
        var score = MessageScore(message)
        if let verdict { score.verdict = verdict }
        if let model { score.modelID = model }
        let features = try #require(message.asSeen.features)
        _ = try site.store.appendHistory([
            HistoryEntry(
                time: time, digest: digest(label, number), queueID: "Q\(number)",
                senderDomain: "example.org", score: score, action: "none",
                features: LabelFeatures(version: 1, bytes: features.encoded),
                nearDuplicateKey: features.nearDuplicateKey)
        ])
    }

    private func teach(_ label: Corpora.Label, _ number: Int, _ labelClass: LabelClass) throws {
        let bundle = site.bundle
        let memory = memory
        let teacher = Teacher(
            memory: memory, options: LearnOptions(),
            judge: {
                Judge(
                    model: ScoringModel(bundle), pool: ScoringPool(),
                    site: memory.knowledge(authservID: ""))
            }, policy: { PolicySettings() })
        _ = try teacher.teach(
            .message(TinyModel.message(label, number)),
            .init(labelClass, by: .admin, way: .command))
    }

    private func history(_ mail: CalibrationMail) throws -> CalibrationMail {
        var mail = mail
        try mail.addHistory(
            of: site.store, model: site.bundle.configuration.id,
            since: CalibrationMailTests.now - 1_000, settled: CalibrationMailTests.now + 1)
        return mail
    }

    @Test("Silence about a verdict ham is consent, silence about spam is not")
    func silence() throws {
        for number in 0..<30 { try remember(.ham, 800 + number) }
        for number in 0..<5 { try remember(.spam, 800 + number) }
        try remember(.ham, 840, model: "another")
        try remember(.ham, 841, at: CalibrationMailTests.now + 1)
        try remember(.ham, 842, at: CalibrationMailTests.now - 1_001)
        // The same message to a second mailbox.
        try remember(.ham, 800)
        let mail = try history(CalibrationMail(memory))
        #expect(mail.ham.count == 30 && mail.spam.isEmpty && !mail.isTaught)
        #expect(mail.basis.unobjected == 30 && mail.basis.unlabelled == 5)
        #expect(mail.basis.leftOut == 2 && mail.basis.labelled == 0)
        let newest = try judged(.ham, 800).modelLogit
        #expect(mail.ham.first == newest, "without labels the model's own bits")
    }

    @Test("A label counts for what it says, and is judged as if it had not been taught")
    func labelled() throws {
        for number in 0..<40 { try remember(.ham, 800 + number) }
        let before = try judged(.spam, 900).modelLogit
        try remember(.spam, 900)
        try teach(.spam, 900, .ham)
        let mail = try history(CalibrationMail(memory))
        #expect(mail.basis.labelled == 1 && mail.basis.unlabelled == 0 && mail.isTaught)
        #expect(mail.ham.count == 41)
        #expect(mail.ham.first == before, "the only label says nothing about itself")
        let taught = try judged(.spam, 900)
        #expect(taught.siteShare?.sum ?? 0 < -1)

        // A second one of its sender helps the first, in whatever part it is.
        for number in 901..<912 { try teach(.spam, number, .ham) }
        let helped = try history(CalibrationMail(memory))
        #expect(try #require(helped.ham.first) < before)
        let alone = try history(CalibrationMail(memory, isTaught: false))
        #expect(alone.ham.first == before && alone.basis.labels == 0)
    }

    @Test("Thresholds rest on model and labels, and say on what")
    func calibrates() throws {
        for number in 0..<60 { try remember(.ham, 800 + number) }
        for number in 0..<6 { try teach(.spam, 900 + number, .ham) }
        let taught = try history(CalibrationMail(memory))
        let (bundle, result) = try SiteCalibration.run(
            site.bundle, taught, date: Date(timeIntervalSince1970: 0))
        #expect(result.ham == 66 && result.temperature == 1 && result.basis == taught.basis)
        #expect(result.text.contains("60 verdicts ham to which nobody objected, 6 labelled"))
        #expect(result.text.contains("judged with 6 labels"))
        #expect(bundle.card.contains("nobody objected"))
        let alone = try SiteCalibration.run(
            site.bundle, try history(CalibrationMail(memory, isTaught: false)),
            date: Date(timeIntervalSince1970: 0))
        #expect(alone.calibration.after.threshold >= result.after.threshold)
    }

    @Test("Given messages are judged with the labels of others")
    func given() throws {
        for number in 0..<12 { try teach(.spam, 900 + number, .ham) }
        var mail = try CalibrationMail(memory)
        let message = try judged(.spam, 950)
        mail.add(message, digest(.spam, 950), isSpam: false)
        let sum = try #require(message.siteShare?.sum)
        #expect(mail.ham == [message.modelLogit + sum] && mail.basis.given == 1)
    }
}
