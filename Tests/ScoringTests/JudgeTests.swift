import Corpora
import FilterPolicy
import FilterTestKit
import Foundation
import MailText
import Models
import Scoring
import Testing

@Suite struct JudgeTests {
    private func judge(limits: MailLimits = MailLimits()) throws -> Judge {
        Judge(
            model: ScoringModel(try TinyModel.shared.get()), pool: ScoringPool(), limits: limits)
    }

    private func policy(_ change: (inout PolicySettings) -> Void = { _ in }) -> PolicySettings {
        var policy = PolicySettings()
        // The tiny model is less sure of itself than its minimum threshold.
        policy.tagThreshold = 0.8
        change(&policy)
        return policy
    }

    @Test(
        "Score, evidence and judgement are those of the model and the policy",
        arguments: Label.allCases)
    func judges(_ label: Label) throws {
        let judge = try judge()
        let reading = judge.read(.message(TinyModel.message(label, 601)))
        let message = try judge.judge(
            reading, by: policy().applied(to: []), deadline: .distantFuture
        ).get()
        #expect(message.score.logits == judge.model.score(reading.ids).logits)
        #expect(message.evidence == judge.model.evidence(of: reading.ids))
        #expect(message.judgement.verdict.rawValue == label.rawValue)
        #expect(message.judgement.probability == message.score.probability)
        #expect(message.policy.isEmpty && message.otherLabels.isEmpty)
        #expect(message.explanation(limit: 3).reasons.count <= 3)
    }

    @Test("The strictest judgement of all views holds, and explains itself by that view")
    func views() throws {
        let judge = try judge()
        let spam = String(decoding: TinyModel.message(.spam, 603), as: UTF8.self)
        let ham = String(decoding: TinyModel.message(.ham, 604), as: UTF8.self)
        func body(_ message: String) -> String {
            String(message[(message.range(of: "\n\n")?.upperBound ?? message.startIndex)...])
        }
        func judged(_ seen: String, _ hidden: String) throws -> JudgedMessage {
            let text = "Content-Type: text/html\n\n\(seen)<div hidden>\(hidden)</div>"
            return try judge.judge(
                judge.read(.message(Array(text.utf8))), by: policy().applied(to: []),
                deadline: .distantFuture
            ).get()
        }
        func judged(attached text: String) throws -> JudgedMessage {
            let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
            let part = "--b\nContent-Disposition: attachment\n\n"
            let message = "\(head)\(body(ham))\n\(part)\(text)\n--b--\n"
            return try judge.judge(
                judge.read(.message(Array(message.utf8))), by: policy().applied(to: []),
                deadline: .distantFuture
            ).get()
        }
        #expect(try judged(attached: body(spam)).reading.content.view == .attached)
        // A document that is no spam does not change what is said of the message.
        let harmless = try judged(attached: body(ham) + body(spam).prefix(60))
        #expect(harmless.reading.content.view == .asSeen)
        let twice = body(spam) + body(spam)
        let hidden = try judged("Hello.", twice)
        let content = hidden.reading.content
        #expect(content.view == .allShown && hidden.judgement.verdict == .spam)
        #expect(hidden.explanation(limit: 3).view == "all-shown")
        #expect(
            hidden.score.probability == judge.model.score(judge.model.ids(of: content)).probability)
        // What is seen counts where it is the worse of the two.
        let seen = try judged(twice, body(ham))
        #expect(seen.reading.content.view == .asSeen && seen.judgement.verdict == .spam)
        #expect(seen.explanation(limit: 3).view == "as-seen")
    }

    @Test("Of several recipients' policies the most lenient counts, and is named")
    func lenient() throws {
        let judge = try judge()
        var mild = RecipientPolicy()
        mild.rejects = false
        let policies = policy {
            $0.rejects = true
            $0.rejectThreshold = 0.8
            $0.recipients = ["example.net": mild]
        }
        let reading = judge.read(.message(TinyModel.message(.spam, 602)))
        func action(_ recipients: String...) throws -> (Action, String) {
            let message = try judge.judge(
                reading, by: policies.applied(to: recipients), deadline: .distantFuture
            ).get()
            return (message.judgement.action, message.policy)
        }
        #expect(try action("a@example.org") == (.reject, ""))
        #expect(try action("a@example.org", "b@example.net") == (.addHeader, "example.net"))
    }

    /// English spam with German text behind it.
    private func foreign(spamLines: Int, germanLines: Int) -> MailInput {
        let spam =
            "Click for free pills and the casino offer: you are the winner with a cheap discount.\n"
        let german = "Anbei schicken wir Ihnen das Protokoll der Sitzung, die am Donnerstag war.\n"
        let text =
            "Subject: cheap pills\n\n" + String(repeating: spam, count: spamLines)
            + String(repeating: german, count: germanLines)
        return .message(Array(text.utf8))
    }

    @Test(
        "Spam in a language that the model has not learnt is unsure; text around it changes nothing",
        arguments: [
            (["en"], 12, 0, Verdict.spam), (["de"], 12, 0, .unsure), ([], 12, 0, .unsure),
            (["en"], 12, 22, .spam), (["en", "de"], 12, 22, .spam), (["de"], 12, 22, .spam),
        ] as [([String], Int, Int, Verdict)])
    func languages(
        _ learnt: [String], _ spam: Int, _ german: Int, _ verdict: Verdict
    ) throws {
        var bundle = try TinyModel.shared.get()
        var languages = LearntLanguages()
        for language in learnt {
            languages.counts[language] = .init(ham: 500, spam: 500, elsewhere: 250)
        }
        bundle.configuration.languages = languages
        let judge = Judge(model: ScoringModel(bundle), pool: ScoringPool())
        let message = try judge.judge(
            judge.read(foreign(spamLines: spam, germanLines: german)),
            by: policy().applied(to: []), deadline: .distantFuture
        ).get()
        #expect(message.judgement.verdict == verdict)
        #expect((message.judgement.reason == "unknown-language") == (verdict == .unsure))
    }

    @Test(
        "Two fifths of a text ask for the margin of their language, and spam for that of its own",
        arguments: [
            (12, 0, 0), (0, 12, LearntLanguages.margin), (12, 5, 0), (12, 22, 0),
        ] as [(Int, Int, Double)])
    func margin(_ spam: Int, _ german: Int, _ margin: Double) throws {
        var bundle = try TinyModel.shared.get()
        var languages = LearntLanguages()
        languages.counts["en"] = .init(ham: 9_000, spam: 9_000)
        languages.counts["de"] = .init(ham: 120, spam: 500, elsewhere: 60)
        bundle.configuration.languages = languages
        let model = ScoringModel(bundle)
        let judge = Judge(model: model, pool: ScoringPool())
        let reading = judge.read(foreign(spamLines: spam, germanLines: german))
        #expect(model.languageMargin(reading.content, reading.tokens) == margin)
    }

    @Test("Limits bound what is read, and a body cut before is named")
    func limits() throws {
        var limits = MailLimits()
        limits.bodyBytes = 5
        let message = MailInput.message(TinyModel.message(.spam, 603))
        let cut = try judge(limits: limits).read(message)
        #expect(cut.content.defects.contains(.limitBody))
        let whole = try judge().read(message)
        #expect(!whole.content.defects.contains(.limitBody) && whole.ids.count > cut.ids.count)
        #expect(try judge().read(message, isBodyCut: true).content.defects.contains(.limitBody))
    }

    @Test("A passed deadline and a stopped pool are answers")
    func failures() throws {
        let pool = ScoringPool()
        let judge = Judge(model: ScoringModel(try TinyModel.shared.get()), pool: pool)
        let reading = judge.read(.text("cheap pills"))
        let policies = policy().applied(to: [])
        #expect(throws: ScoringError.timeout) {
            try judge.judge(reading, by: policies, deadline: .now() - 1).get()
        }
        pool.stop()
        #expect(throws: ScoringError.stopped) {
            try judge.judge(reading, by: policies, deadline: .distantFuture).get()
        }
    }
}

@Suite struct ClassificationTests {
    private func classify(
        _ input: MailInput, explains: Bool = false,
        _ change: (inout PolicySettings) -> Void = { _ in }
    ) throws -> Classification {
        var policy = PolicySettings()
        policy.tagThreshold = 0.8
        change(&policy)
        let judge = Judge(model: ScoringModel(try TinyModel.shared.get()), pool: ScoringPool())
        return try Classifier(judge: judge, policy: policy).classify(
            input, path: "here", explains: explains
        ).get()
    }

    @Test("The answer has the verdict, and the action that the policy would take")
    func action() throws {
        let spam = MailInput.message(TinyModel.message(.spam, 604))
        #expect(try classify(spam).action == .addHeader)
        let held = try classify(spam) { $0.rules = [ActionRule(.quarantine, .probability(0.8))] }
        #expect(held.action == .quarantine && held.verdict == .spam && held.word == "spam")
        #expect(try classify(.message(TinyModel.message(.ham, 604))).action == .accept)
        let short = try classify(.text("hi"))
        #expect(short.verdict == .unsure && short.reason == "little-text")
    }

    @Test("JSON has the keys that scripts rely on, and probabilities that add up")
    func json() throws {
        let answer = try classify(.message(TinyModel.message(.spam, 604)), explains: true)
        let object = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(answer)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "path", "verdict", "action", "score", "labels", "model", "tokens", "defects",
                "milliseconds", "spam_probability", "explanation", "view",
            ])
        #expect(object["path"] as? String == "here" && object["verdict"] as? String == "spam")
        let labels = try #require(object["labels"] as? [String: Double])
        #expect(labels.keys.sorted() == ["ham", "spam"])
        #expect(abs(labels.values.reduce(0, +) - 1) < 1e-12)
        #expect(labels["spam"] == object["spam_probability"] as? Double)
    }

    @Test("A model of other labels answers with those that hold")
    func labels() throws {
        var bundle = try TinyModel.shared.get()
        bundle.configuration.labels = ["bill"]
        bundle.configuration.labelThreshold = 0.5
        let judge = Judge(model: ScoringModel(bundle), pool: ScoringPool())
        let answer = try Classifier(judge: judge).classify(
            .message(TinyModel.message(.spam, 606))
        ).get()
        #expect(answer.finding == .labels(["bill"]) && answer.verdict == nil)
        #expect(answer.word == "bill" && answer.reason == nil && answer.spamProbability == 0)
        #expect(answer.topProbability > 0.5)
    }
}
