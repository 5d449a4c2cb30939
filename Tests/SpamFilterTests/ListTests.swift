import FilterPolicy
import FilterTestKit
import Learning
import Milter
import Scoring
import SpamFilter
import Testing

/// Allow and deny entries in a transaction.
@Suite struct ListTests {
    @Test("A denied sender is spam; an allowed client passes; allow outweighs deny")
    func lists() throws {
        let bench = try bench("reject from model") { settings in
            settings.policy.rejectThreshold = 0.999
            try? settings.lists.denied.add("sender example.net\n")
            try? settings.lists.allowed.add("client 203.0.113.0/24\n")
        }
        let refused = MilterReply.reject(
            code: "550", status: "5.7.1", text: "Spam message rejected")
        #expect(bench.run(transaction(.ham)).reply == refused)
        let allowed = bench.run(transaction(.spam) { $0.client.address = "203.0.113.9" })
        #expect(allowed == MilterResponse(reply: .accept))
        let other = bench.run(transaction(.ham) { $0.envelopeSender = "a@example.com" })
        #expect(inserted(other, "X-Spam-Flag") == "NO")
        let lines = bench.lines.all
        #expect(lines[0].contains("verdict=spam action=reject score=10.00"))
        #expect(lines[0].contains("reason=denied-sender"))
        #expect(lines[1].contains("verdict=skipped action=accept"))
        #expect(lines[1].contains("reason=allowed-client"))
    }

    @Test("An allowed author counts only when our checker vouches for the domain")
    func allowedAuthor() throws {
        let bench = try bench { settings in
            settings.lists.authservID = "mx.example.org"
            try? settings.lists.allowed.add("from example.net\n")
        }
        func passes(_ fields: [(String, String)]) -> Bool {
            let response = bench.run(
                transaction(.spam) { mail in
                    mail.header += fields.map { .init(name: $0.0, value: Array($0.1.utf8)) }
                })
            return inserted(response, "X-Spam-Flag") == nil
        }
        let ours = "mx.example.org; dmarc=pass header.from=example.net"
        #expect(!passes([]))
        #expect(passes([("Authentication-Results", ours)]))
        #expect(
            !passes([("Authentication-Results", "evil.example; dmarc=pass header.from=example.net")]
            ))
        // Programs differ in which of two authors they show.
        #expect(!passes([("Authentication-Results", ours), ("From", "ceo@example.net")]))
    }
}
