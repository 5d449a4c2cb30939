import Feedback
import FilterPolicy
import FilterTestKit
import Foundation
import Logging
import MailText
import Milter
import Models
import Scoring
import Settings
import SiteLearning
import SiteMemory
import SpamFilter
import Testing

@testable import SiftdDaemon

@Suite struct SiteServiceTests {
    private struct Parts {
        let service: SiteService
        let live: LiveConfiguration
        let model: ScoringModel
        let pool = ScoringPool()
    }

    private func parts(
        _ folder: TemporaryFolder, _ change: (inout LearnOptions) -> Void = { _ in }
    ) throws -> Parts {
        var settings = SiftdSettings()
        settings.learn.directory = folder.path
        change(&settings.learn)
        let model = ScoringModel(try TinyModel.shared.get())
        let live = try LiveConfiguration(settings, model: model)
        let service = try #require(
            try SiteService.open(
                settings, model, live, pool: ScoringPool(), Logger(label: "test")))
        return Parts(service: service, live: live, model: model)
    }

    private func transaction(_ number: Int, to recipients: [String]) -> Transaction {
        var transaction = Transaction()
        transaction.envelopeSender = "someone@example.net"
        transaction.recipients = recipients
        transaction.header = [
            .init(name: "From", value: Array("Someone <someone@example.net>".utf8)),
            .init(name: "Message-ID", value: Array("<\(number)@example.net>".utf8)),
        ]
        transaction.body = Array(TinyModel.text(.spam, number).utf8)
        return transaction
    }

    private func deliver(_ transaction: Transaction, _ parts: Parts) throws {
        let judge = Judge(
            model: parts.model, pool: parts.pool,
            site: parts.service.memory.knowledge(authservID: ""))
        let message = try judge.judge(
            judge.read(.message(transaction.message)), by: PolicySettings().applied(to: []),
            deadline: .distantFuture
        ).get()
        parts.service.judged(message, transaction, bytes: transaction.message)
    }

    private func labels(_ parts: Parts) throws -> [String] {
        try parts.service.memory.store.labels(.all, state: nil, after: 0, limit: 10).map {
            "\($0.label.labelClass) \($0.label.source) \($0.label.way.rawValue) \($0.label.weight)"
        }
    }

    @Test("Mail to traps alone is learnt as spam")
    func traps() throws {
        let parts = try parts(try TemporaryFolder()) { $0.traps = ["trap@example.org"] }
        try deliver(transaction(1, to: ["Trap@example.org"]), parts)
        try deliver(transaction(2, to: ["trap@example.org", "alice@example.org"]), parts)
        try deliver(transaction(3, to: ["alice@example.org"]), parts)
        parts.service.finish()
        #expect(try labels(parts) == ["spam trap:trap@example.org trap 1.0"])
        #expect(parts.service.memory.labels == 1)
    }

    @Test(
        "A message that a user answers was wanted, unless the admin does not want to know",
        arguments: [true, false])
    func replies(_ learns: Bool) throws {
        let folder = try TemporaryFolder()
        var parts = try parts(folder)
        try deliver(transaction(4, to: ["alice@example.org"]), parts)
        parts.service.finish()
        #expect(try parts.service.memory.store.history(HistoryQuery()).count == 1)

        // The history outlives a restart.
        parts = try self.parts(folder) { $0.learnsFromReplies = learns }
        var answer = Transaction()
        answer.authenticated = "alice"
        answer.header = [
            .init(name: "In-Reply-To", value: Array("<4@example.net>".utf8)),
            .init(name: "References", value: Array("<9@other.example>\n <4@example.net>".utf8)),
        ]
        parts.service.sent(answer)
        parts.service.finish()
        #expect(try labels(parts) == (learns ? ["ham reply:alice reply 0.5"] : []))
    }

    @Test("The message of siftd doctor is not in the history; one that resembles it is")
    func trial() throws {
        let parts = try parts(try TemporaryFolder())
        for (id, address) in [
            ("DOCTOR", "192.0.2.1"), ("DOCTOR", "192.0.2.2"), ("4XYZ", "192.0.2.1"),
        ] {
            var message = transaction(5, to: ["alice@example.org"])
            message.queueID = id
            message.client.address = address
            try deliver(message, parts)
        }
        parts.service.finish()
        let entries = try parts.service.memory.store.history(HistoryQuery())
        #expect(entries.map(\.queueID) == ["4XYZ", "DOCTOR"])
    }

    @Test("A hostile author keeps no other message out of the history")
    func hostileAuthor() throws {
        let folder = try TemporaryFolder()
        let parts = try parts(folder)
        var hostile = transaction(7, to: ["alice@example.org"])
        let domain = String(repeating: "a.", count: 400) + "\u{1}example"
        hostile.header[0].value = Array("x <x@\(domain)>".utf8)
        try deliver(hostile, parts)
        try deliver(transaction(8, to: ["alice@example.org"]), parts)
        parts.service.finish()
        let entries = try parts.service.memory.store.history(HistoryQuery())
        #expect(entries.map(\.senderDomain) == ["example.net", ""])
    }

    @Test("Nothing is learnt where learning is off")
    func off() throws {
        var settings = SiftdSettings()
        settings.learn.directory = try TemporaryFolder().path
        settings.learn.isOn = false
        let memory = try SiteService.memory(settings, nil)
        #expect(memory == nil)
    }
}
