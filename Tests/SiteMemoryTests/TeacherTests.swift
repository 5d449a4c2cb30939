import Corpora
import Feedback
import FilterTestKit
import MailText
import Models
import Scoring
import SiteMemory
import Testing

@Suite struct TeacherTests {
    private let spam = TinyModel.message(.spam, 701)

    @Test("A label moves the next score, and taking it back restores the bits")
    func teaches() throws {
        let site = try SiteSample(try TemporaryFolder())
        let before = try site.probability(spam)
        #expect(
            before
                == site.model.score(site.model.ids(of: MailInput.message(spam).read())).probability)
        let lesson = try site.teacher.teach(.message(spam), .init(.ham, by: .admin, way: .command))
        #expect(lesson.stored && lesson.active && lesson.outcome == "stored")
        #expect(lesson.before?.probability == before)
        let after = try #require(lesson.after?.probability)
        #expect(after < before / 2)
        #expect(try site.probability(spam) == after)
        #expect(lesson.newLabels == 1 && lesson.labelsUntilRetraining == 499)

        let again = try site.teacher.teach(.message(spam), .init(.ham, by: .admin, way: .command))
        #expect(again.outcome == "alreadyKnown" && again.after?.probability == after)

        let forgotten = try site.teacher.forget(.message(spam), by: .admin)
        #expect(forgotten.outcome == "forgotten" && forgotten.newLabels == 0)
        #expect(try site.probability(spam) == before)
        #expect(try site.teacher.forget(.message(spam), by: .admin).outcome == "unknown")
    }

    @Test("The sender of a corrected message is believed in other mail, and the reason says so")
    func sender() throws {
        let site = try SiteSample(try TemporaryFolder())
        let other = TinyModel.message(.spam, 702)
        let before = try site.probability(other)
        for number in 703..<706 {
            _ = try site.teacher.teach(
                .message(TinyModel.message(.spam, number)),
                .init(.ham, by: .admin, way: .command))
        }
        #expect(try site.probability(other) < before)
        let judge = site.judge
        let message = try judge.judge(
            judge.read(.message(other)), by: SiteSample.policies, deadline: .distantFuture
        ).get()
        let share = try #require(message.explanation(limit: 10).site)
        #expect(share.labels == 3 && share.share < 0)
        #expect(
            share.reasons.contains { $0.text == "[3 messages of this sender marked as wanted]" })
        let explanation = message.explanation(limit: 1_000)
        let sum = explanation.reasons.reduce(explanation.base + explanation.others) {
            $0 + $1.share
        }
        #expect(abs(sum + share.share - explanation.logit) < 1e-4)
    }

    @Test("What filters and MTAs add to a message makes it no other message")
    func copies() throws {
        let site = try SiteSample(try TemporaryFolder())
        let text = String(decoding: spam, as: UTF8.self)
        _ = try site.teacher.teach(.message(spam), .init(.spam, by: .admin, way: .command))
        let copies = [
            "Received: from a.example (a.example [192.0.2.1])\r\n\tby mx.example.org; today\r\n"
                + text,
            "X-Spam-Status: Yes, score=9\r\n tests=A\r\n" + text,
            text.replacing("Subject: ", with: "Subject: [SPAM] "),
            text.replacing("\r\n", with: "\n"), text + "\r\n\r\n",
        ]
        for copy in copies {
            let lesson = try site.teacher.teach(
                .message(Array(copy.utf8)), .init(.spam, by: .admin, way: .imap))
            #expect(lesson.outcome == "alreadyKnown", Comment(rawValue: copy))
        }
        let other = text.replacing("Message-ID: <701", with: "Message-ID: <7010")
        let lesson = try site.teacher.teach(
            .message(Array(other.utf8)), .init(.spam, by: .admin, way: .imap))
        #expect(lesson.outcome == "stored")
    }

    @Test("Labels over a person's quota wait, without effect")
    func quota() throws {
        var options = LearnOptions()
        options.dailyQuota = 2
        let site = try SiteSample(try TemporaryFolder(), options: options)
        let alice = try LabelSource.user("alice@example.org")
        var outcomes: [String] = []
        for number in 710..<714 {
            let lesson = try site.teacher.teach(
                .message(TinyModel.message(.spam, number)), .init(.ham, by: alice, way: .imap))
            outcomes.append(lesson.outcome)
        }
        #expect(outcomes == ["stored", "stored", "overQuota", "overQuota"])
        #expect(site.memory.labels == 2)
        let removal = try site.teacher.confirm(.source(alice))
        #expect(removal.active == 2 && site.memory.labels == 4)
        let status = try site.teacher.status()
        #expect(status.labelsInForce == 4 && status.classes == ["ham": 4])
        #expect(try site.teacher.remove(.source(alice)).count == 4 && site.memory.labels == 0)
    }

    @Test("Content is kept for retraining only where the site wants it", arguments: [true, false])
    func payload(_ keeps: Bool) throws {
        var options = LearnOptions()
        options.keeping = keeps ? .tokens : .nothing
        let site = try SiteSample(try TemporaryFolder(), options: options)
        _ = try site.teacher.teach(.message(spam), .init(.spam, by: .admin, way: .command))
        let label = try #require(
            try site.memory.store.labels(.all, state: nil, after: 0, limit: 2).first)
        guard keeps else {
            #expect(label.label.payload == nil)
            return
        }
        let kept = try Reservoir(encoded: try #require(label.label.payload).bytes)
        #expect(kept.messages.map(\.label) == ["spam"])
        let tokens = ScoringModel.standardTokens(of: MailInput.message(spam).read())
        #expect(kept.messages.first?.tokens.strings == tokens.strings)
    }

    @Test("A label that the model does not have is refused, and those that it has are named")
    func unknownLabel() throws {
        let site = try SiteSample(try TemporaryFolder())
        let label = try #require(LabelClass(rawValue: "bills"))
        #expect {
            try site.teacher.teach(.message(spam), .init(label, by: .admin, way: .command))
        } throws: {
            "\($0)" == "the model has no label \"bills\"; it knows ham, spam"
        }
        #expect(throws: TeachingError.self) {
            try site.teacher.teach(historyEntry: 1, .init(label, by: .admin, way: .http))
        }
        #expect(try site.memory.store.status().states.isEmpty)
    }

    @Test("A copy of a message of the history has the score and features of its delivery")
    func delivered() throws {
        let site = try SiteSample(try TemporaryFolder())
        // The milter knows more of the sender than the copy in a mailbox says.
        let transfer = TransferFacts(
            envelopeSender: "bounce@news.example.com", clientHostName: "mx.news.example.com")
        let judge = site.judge
        let message = try judge.judge(
            judge.read(.message(spam), transfer), by: SiteSample.policies, deadline: .distantFuture
        ).get()
        let recorder = HistoryRecorder(site.memory.store, secret: site.memory.secret) { _ in }
        recorder.record(.message(spam), message, queueID: "Q1")
        recorder.finish()
        let entry = try #require(try site.memory.store.history(HistoryQuery()).first)
        let copy = Array("X-Spam-Flag: YES\r\n".utf8) + spam
        _ = try site.teacher.teach(.message(copy), .init(.ham, by: .admin, way: .imap))
        func stored() throws -> StoredLabel {
            try #require(try site.memory.store.labels(.all, state: nil, after: 0, limit: 2).first)
        }
        let byFile = try stored()
        #expect(byFile.label.features == entry.features && byFile.label.score == entry.score)
        #expect(byFile.label.nearDuplicateKey == entry.nearDuplicateKey)
        #expect(byFile.label.payload != nil)
        let after = try site.probability(spam)

        _ = try site.teacher.remove(.all)
        _ = try site.teacher.teach(
            historyEntry: try #require(entry.id), .init(.ham, by: .admin, way: .http))
        let byID = try stored()
        #expect(byID.label.features == byFile.label.features)
        #expect(byID.label.score == byFile.label.score)
        #expect(try site.probability(spam) == after || byID.sequence != byFile.sequence)
    }
}
