import FilterPolicy
import FilterTestKit
import Learning
import Milter
import Scoring
import SpamFilter
import Testing

/// What each action asks of the MTA.
@Suite struct ActionTests {
    @Test("Quarantine marks the message, holds it and accepts it")
    func quarantines() throws {
        let response = try bench("quarantine from 0.8").run(transaction(.spam))
        #expect(response.reply == .accept)
        #expect(response.modifications.last == .quarantine(reason: "siftd: spam"))
        #expect(inserted(response, "X-Spam-Flag") == "YES")
    }

    @Test("Tempfail, reject and discard change nothing else")
    func refusals() throws {
        #expect(
            try bench("tempfail from 0.8").run(transaction(.spam))
                == MilterResponse(
                    reply: .tempfail(code: "451", status: "4.7.1", text: "Try again later")))
        #expect(
            try bench("discard from 0.8").run(transaction(.spam)) == MilterResponse(reply: .discard)
        )
        let named = try bench("reject from 0.8") {
            $0.policy.rejection = RefusalText("554", "5.7.0", "No: {queue_id}")
        }
        #expect(
            named.run(transaction(.spam))
                == MilterResponse(reply: .reject(code: "554", status: "5.7.0", text: "No: 4XABC")))
        #expect(named.run(transaction(.ham)).reply == .accept)
    }

    @Test("Redirected mail goes to the one mailbox and says whose it was")
    func redirects() throws {
        let bench = try bench("redirect from 0.8") { $0.policy.redirectTo = "spam@example.org" }
        let response = bench.run(
            transaction(.spam) { $0.recipients = ["a@example.org", "b@example.org"] })
        #expect(
            response.modifications.suffix(4) == [
                .insertHeader(
                    name: "X-Spam-Original-To", value: "a@example.org, b@example.org"),
                .deleteRecipient("a@example.org"), .deleteRecipient("b@example.org"),
                .addRecipient("spam@example.org"),
            ])
        #expect(inserted(response, "X-Spam-Flag") == "YES")
    }

    @Test("The Subject of spam is tagged once; one that was cut is left alone")
    func subjectTag() throws {
        let bench = try bench { $0.policy.subjectTag = "[SPAM] " }
        let mail = transaction(.spam)
        let subject = try #require(mail.header.first { $0.name == "Subject" }).value
        func change(_ response: MilterResponse) -> [UInt8]? {
            for case .changeHeader("Subject", 1, let value) in response.modifications {
                return value
            }
            return nil
        }
        #expect(change(bench.run(mail)) == Array("[SPAM] ".utf8) + subject)
        #expect(change(bench.run(transaction(.ham))) == nil)
        #expect(change(bench.run(transaction(.spam) { $0.isHeaderCut = true })) == nil)
        var tagged = mail
        tagged.header[1].value = Array("[SPAM] ".utf8) + subject
        #expect(change(bench.run(tagged)) == nil)
        let without = bench.run(transaction(.spam) { $0.header.removeLast() })
        #expect(without.modifications.last == .insertHeader(name: "Subject", value: "[SPAM] "))
    }

    @Test("The most lenient recipient's policy holds, and the log says whose it is")
    func lenient() throws {
        let bench = try bench("reject from 0.8") { settings in
            var mild = RecipientPolicy()
            mild.rules = []
            var off = RecipientPolicy()
            off.judges = false
            settings.policy.recipients = ["example.net": mild, "boss@example.org": off]
        }
        func run(_ recipients: String...) -> MilterResponse {
            bench.run(transaction(.spam) { $0.recipients = recipients })
        }
        let refused = MilterReply.reject(
            code: "550", status: "5.7.1", text: "Spam message rejected")
        #expect(run("a@example.org").reply == refused)
        #expect(run("a@example.org", "a@example.net").reply == .accept)
        #expect(inserted(run("boss@example.org", "a@example.org"), "X-Spam-Flag") == nil)
        let lines = bench.lines.all
        #expect(lines.count == 3 && !lines[0].contains(" policy="))
        #expect(lines[1].contains("action=add_header") && lines[1].contains(" policy=example.net "))
        #expect(
            lines[2].contains("verdict=skipped") && lines[2].contains("policy=boss@example.org"))
    }
}
